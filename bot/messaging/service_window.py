"""WhatsApp's service window: what may not be sent freely now is kept until the person opens it.

WhatsApp takes free text only within 24 hours of the person's last message; outside them only an
approved template (https://www.twilio.com/docs/whatsapp/key-concepts). So an answer that comes
later is held, one template says that an answer waits, and whatever the person does next (a tap,
any message) delivers what was kept, in order. Every deployment of Haki does this by itself:
neither the dialogue nor a case worker has to think of it.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from bot.channels.names import Channel
from bot.channels.outgoing import Style
from bot.channels.twilio.contents import INVITATION_TAP, invitation_name
from bot.library.phrases import phrases
from bot.messaging import incidents
from bot.messaging.incidents import Kind
from bot.messaging.models import Contact, ContentTemplate, Direction, Message, State
from bot.messaging.tasks import tend_soon
from bot.settings.environment import environment

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=24)
# Our clock and WhatsApp's differ, and a message travels for a while.
MARGIN = timedelta(minutes=5)
# "Outside the allowed window" (https://www.twilio.com/docs/api/errors/63016).
OUTSIDE = "63016"
TEMPLATE = "template"
APPROVED = "approved"
_REFUSED = "refused"


def is_open(contact: Contact) -> bool:
    """Tell whether `contact` can be sent free text now; always true but on WhatsApp."""
    if contact.channel != Channel.WHATSAPP:
        return True
    if contact.window_closed_at and contact.window_closed_at >= contact.last_inbound_at:
        return False
    return timezone.now() - contact.last_inbound_at < WINDOW - MARGIN


def wanted_since(contact: Contact, message: Message) -> datetime:
    """Return since when the person waits for `message`: what was kept is fresh when they ask."""
    if contact.channel != Channel.WHATSAPP:
        return message.created_at
    return max(message.created_at, contact.last_inbound_at)


def must_wait(contact: Contact, message: Message) -> bool:
    """Tell whether `message` has to be kept; the template itself never has to."""
    return message.kind != TEMPLATE and not is_open(contact)


def hold(message: Message) -> None:
    """Keep `message` until the person opens the window; `invite` tells them that it waits."""
    message.state = State.HELD
    message.save(update_fields=["state", "updated_at"])
    log.info("message %s is kept until the service window opens", message.pk)


def note_closed(contact: Contact) -> None:
    """Believe WhatsApp rather than our clock: the window of `contact` is closed."""
    contact.window_closed_at = timezone.now()
    contact.save(update_fields=["window_closed_at"])


@transaction.atomic
def invite(contact: Contact) -> Message | None:
    """Store the template that says an answer waits, once for what they last wrote.

    None when there is nothing to say it for, when it is out already, or when WhatsApp has
    approved it in no language that they could read: then it goes out after the next
    `haki channels setup` or `check` that finds it approved.
    """
    if contact.opted_out_at or is_open(contact):
        return None
    Contact.objects.select_for_update().get(pk=contact.pk)  # a webhook and a worker may both ask
    ours = contact.messages.filter(direction=Direction.OUTBOUND)
    if not ours.filter(state=State.HELD).exists():
        return None
    since = ours.filter(kind=TEMPLATE, created_at__gte=contact.last_inbound_at)
    if since.exclude(state=State.FAILED).exists():
        return None
    language = template_language(contact.language)
    if not language:
        incidents.note(Kind.NO_TEMPLATE, OUTSIDE, contact.channel, contact.our_address)
        return None
    return Message.objects.create(
        contact=contact,
        channel=contact.channel,
        direction=Direction.OUTBOUND,
        kind=TEMPLATE,
        text=phrases(environment().content_dir).get("window.invitation", language),
        details={
            "style": str(Style.PLAIN),
            "list_label": "",
            "options": [],
            "template": invitation_name(language),
        },
        state=State.QUEUED,
        language=language,
    )


def template_language(wanted: str) -> str:
    """Return the language of the invitation: theirs unless WhatsApp refused it, then English.

    '' when neither can be sent. A template that was never submitted is made when it is first
    sent, so it may be chosen.
    """
    languages = phrases(environment().content_dir).languages
    candidates = [language for language in (wanted, "en") if language in languages]
    names = [invitation_name(language) for language in candidates]
    known = dict(ContentTemplate.objects.filter(name__in=names).values_list("name", "approval"))
    usable = [c for c in candidates if known.get(invitation_name(c), "") in ("", APPROVED)]
    return next(iter(usable), "")


def opened(contact: Contact) -> int:
    """Put what was kept for `contact` back in the queue, as they just wrote; return how many."""
    return contact.messages.filter(direction=Direction.OUTBOUND, state=State.HELD).update(
        state=State.QUEUED, updated_at=timezone.now()
    )


def asks_for_kept(message: Message) -> bool:
    """Tell whether the person tapped the invitation, or typed what its button says."""
    if message.details.get("tap") == INVITATION_TAP:
        return True
    said = message.text.strip().casefold()
    if message.channel != Channel.WHATSAPP or not said or len(said) > 20:
        return False
    titles = phrases(environment().content_dir)
    last = (
        message.contact.messages.filter(direction=Direction.OUTBOUND, kind=TEMPLATE)
        .order_by("-id")
        .first()
    )
    return last is not None and said == titles.get("window.open", last.language).casefold()


def delivered_since(message: Message) -> bool:
    """Tell whether what stood ready before the person wrote `message` was sent after it."""
    return (
        message.contact.messages.filter(
            direction=Direction.OUTBOUND,
            pk__lt=message.pk,
            updated_at__gte=message.created_at,
            state__in=[State.SENT, State.DELIVERED, State.READ],
        )
        .exclude(kind=TEMPLATE)
        .exists()
    )


@transaction.atomic
def refused(message_id: int, provider_id: str) -> None:
    """Keep a message that WhatsApp refused as outside the window although our clock said inside.

    `provider_id`, the try that was refused, is remembered: a callback may repeat.
    """
    message = Message.objects.select_for_update().select_related("contact").get(pk=message_id)
    known = list(message.details.get(_REFUSED, []))
    message.details = {**message.details, _REFUSED: [*known, provider_id]}
    message.provider_id = None
    message.state = State.HELD
    message.save(update_fields=["details", "provider_id", "state", "updated_at"])
    note_closed(message.contact)


def template_failed(message: Message) -> None:
    """Note that WhatsApp did not take an invitation, so that the next one is in English."""
    name = message.details.get("template", "")
    ContentTemplate.objects.filter(name=name).update(approval="failed")


def invite_all() -> int:
    """Invite everybody for whom something is kept and who was not told yet; return how many."""
    held = Contact.objects.filter(messages__state=State.HELD).distinct()
    invited = [contact for contact in held if invite(contact) is not None]
    for contact in invited:
        tend_soon(str(contact.pk))
    return len(invited)


def was_refused(message: Message, provider_id: str) -> bool:
    """Tell whether `provider_id` is an earlier try of `message` that WhatsApp refused."""
    return provider_id in message.details.get(_REFUSED, [])
