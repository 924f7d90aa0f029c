"""What will be sent is stored before it is sent, and sent in order."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.layout import lay_out
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Reply, Style, tap_token
from bot.messaging import effects as effects_module
from bot.messaging.effects import Effect
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.senders import send
from bot.messaging.stored_options import stored_options, to_store

log = logging.getLogger(__name__)


@transaction.atomic
def store_answer(
    inbound: Message, replies: Sequence[Reply], effects: Sequence[Effect] = ()
) -> None:
    """Store the bubbles of `replies` and what they change, and mark `inbound` answered.

    All or nothing: a worker that dies before this answers again, one that dies after it
    only delivers.
    """
    contact = inbound.contact
    for effect in effects:
        effects_module.apply(contact, effect)
    for reply in replies:
        for bubble in lay_out(reply, Channel(contact.channel)):
            _store_bubble(inbound, reply, bubble)
    inbound.state = State.ANSWERED
    inbound.save(update_fields=["state", "updated_at"])


def _store_bubble(inbound: Message, reply: Reply, bubble: Bubble) -> None:
    Message.objects.create(
        contact=inbound.contact,
        channel=inbound.channel,
        direction=Direction.OUTBOUND,
        kind=reply.kind,
        text=bubble.text,
        details={
            "style": str(bubble.style),
            "list_label": bubble.list_label,
            "options": to_store(bubble.options),
        },
        state=State.QUEUED,
        card=reply.card,
        card_version=reply.card_version,
        language=reply.language,
        segments=bubble.segments if inbound.channel == Channel.SMS else 0,
        reply_to=inbound,
    )


def stored_bubble(message: Message) -> Bubble:
    """Return the bubble that an outgoing row holds."""
    details = message.details
    return Bubble(
        message.text,
        Style(details["style"]),
        tuple(stored_options(details)),
        message.segments,
        details["list_label"],
    )


def deliver(contact: Contact, give_up: bool = False) -> None:
    """Send everything that waits for `contact`, oldest first.

    Raises DeliveryError when the provider may take it later, unless `give_up`; then the message
    is marked failed and the next is tried.
    """
    waiting = Message.objects.filter(
        contact=contact,
        direction=Direction.OUTBOUND,
        state__in=[State.QUEUED, State.SENDING],
    ).order_by("id")
    for message in waiting:
        _deliver_one(contact, message, give_up)


def _deliver_one(contact: Contact, message: Message, give_up: bool) -> None:
    if contact.unreachable_at:
        _close(message, "unreachable")
        return
    _move(message, State.SENDING)
    tokens = [tap_token(message.pk, n) for n in range(len(message.details["options"]))]
    try:
        provider_id = send(contact, stored_bubble(message), tokens, message.pk)
    except DeliveryError as error:
        _after_refusal(contact, message, error, give_up)
        return
    mine = Message.objects.filter(pk=message.pk)
    taken = {"provider_id": _unique_id(contact, provider_id), "updated_at": timezone.now()}
    if not mine.filter(state=State.SENDING).update(state=State.SENT, **taken):
        # A status callback was quicker than the answer to our call and moved the row on.
        mine.filter(provider_id=None).update(**taken)


def _unique_id(contact: Contact, provider_id: str) -> str:
    """Telegram numbers messages per chat only; the contact makes that unique."""
    if contact.channel == Channel.TELEGRAM:
        return f"{contact.pk}:{provider_id}"
    return provider_id


def _after_refusal(contact: Contact, message: Message, error: DeliveryError, give_up: bool) -> None:
    log.warning("message %s was not taken: %s", message.pk, error)
    if error.outcome is Outcome.OPTED_OUT:
        Contact.objects.filter(pk=contact.pk).update(opted_out_at=timezone.now())
    if error.outcome is Outcome.UNREACHABLE:
        contact.unreachable_at = timezone.now()
        contact.save(update_fields=["unreachable_at"])
    if error.outcome is Outcome.RETRY and not give_up:
        _move(message, State.QUEUED)
        raise error
    _close(message, error.code)


def _move(message: Message, state: State) -> None:
    message.state = state
    message.save(update_fields=["state", "updated_at"])


def _close(message: Message, code: str) -> None:
    message.error_code = code
    message.state = State.FAILED
    message.save(update_fields=["state", "error_code", "updated_at"])
