"""What will be sent is stored before it is sent, and sent in order."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Reply, Style, tap_token
from bot.messaging import effects as effects_module
from bot.messaging import incidents, service_window, spending
from bot.messaging.effects import Effect
from bot.messaging.floor import take_floor
from bot.messaging.incidents import Kind
from bot.messaging.models import Contact, Direction, Holder, Message, State
from bot.messaging.reconciling import can_tell, find_taken
from bot.messaging.senders import send
from bot.messaging.stored_options import stored_options, to_store

log = logging.getLogger(__name__)

# An answer that could not be handed to the provider for so long is not sent as if it were fresh.
VALID_FOR = timedelta(hours=24)
# Passing errors of one sender in a row, in one process, from which on it is an incident.
IN_A_ROW = 3
# After STOP nothing is said but the one answer to it, and that everything was erased.
SAID_AFTER_STOP = ("opted_out", "deleted")
WAITING = (State.QUEUED, State.SENDING)


class HolderChanged(Exception):
    """While an answer was made, the conversation went to somebody else; it is asked again."""


@transaction.atomic
def store_answer(
    inbound: Message,
    replies: Sequence[Reply],
    effects: Sequence[Effect] = (),
    together_with: Sequence[Message] = (),
) -> list[Message]:
    """Store the bubbles of `replies` and what they change; mark the person's messages answered.

    `inbound` and those `together_with` it are answered by the same replies. All or nothing: a
    worker that dies before this answers again, one that dies after it only delivers. Returns the
    new rows, for `deliver`. Raises HolderChanged when somebody else holds the conversation by now.
    """
    take_floor(inbound.contact_id)
    holder = Contact.objects.values_list("holder", flat=True).get(pk=inbound.contact_id)
    if holder != inbound.contact.holder:
        raise HolderChanged(f"{inbound.contact.holder} to {holder}")
    for effect in effects:
        effects_module.apply(inbound.contact, effect)
    rows = store_replies(inbound, replies)
    answered = {inbound.pk, *(message.pk for message in together_with)}
    Message.objects.filter(pk__in=answered).update(
        state=State.ANSWERED, updated_at=timezone.now(), dialogue_ms=inbound.dialogue_ms
    )
    inbound.state = State.ANSWERED
    return rows


def store_replies(inbound: Message, replies: Sequence[Reply]) -> list[Message]:
    """Store bubbles that answer `inbound`, whose own state stays as it is; return the new rows.

    The first one is stored as being sent already where a cut-off send can be looked up: that
    saves a statement.
    """
    contact = inbound.contact
    rows = _rows(contact, replies, inbound)
    if rows and can_tell(contact.channel):
        rows[0].state = State.SENDING
    return Message.objects.bulk_create(rows)


def store_words(contact: Contact, reply: Reply) -> list[Message]:
    """Store bubbles that answer no message of theirs, for the next `tend`; return the new rows."""
    return Message.objects.bulk_create(_rows(contact, [reply]))


def _rows(
    contact: Contact, replies: Sequence[Reply], inbound: Message | None = None
) -> list[Message]:
    laid_out = spending.laid_out(contact, replies)
    return [_row(contact, reply, bubble, inbound) for reply, bubble in laid_out]


def _row(contact: Contact, reply: Reply, bubble: Bubble, inbound: Message | None) -> Message:
    cut = bool(bubble.rest or bubble.rest_options)
    left_out = {"rest": bubble.rest, "rest_options": to_store(bubble.rest_options)}
    return Message(
        contact=contact,
        channel=contact.channel,
        direction=Direction.OUTBOUND,
        kind=reply.kind,
        text=bubble.text,
        details={
            "style": str(bubble.style),
            "list_label": bubble.list_label,
            "options": to_store(bubble.options),
            **(left_out if cut else {}),
        },
        state=State.QUEUED,
        card=reply.card,
        card_version=reply.card_version,
        language=reply.language,
        segments=bubble.segments if contact.channel == Channel.SMS else 0,
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
        details.get("template", ""),
    )


def deliver(contact: Contact, give_up: bool = False) -> None:
    """Send everything that waits for `contact`, oldest first.

    Raises DeliveryError when the provider may take it later, unless `give_up`; then the message
    is marked failed and the next is tried.
    """
    waiting = Message.objects.filter(
        contact=contact, direction=Direction.OUTBOUND, state__in=WAITING
    ).order_by("id")
    for message in waiting:
        deliver_one(contact, message, cut_off=message.state == State.SENDING, give_up=give_up)


def deliver_new(contact: Contact, rows: Iterable[Message]) -> None:
    """Send rows that this process has just stored, in order. Raises DeliveryError."""
    for row in rows:
        deliver_one(contact, row, cut_off=False)


def deliver_one(
    contact: Contact, message: Message, *, cut_off: bool, give_up: bool = False
) -> None:
    """Send one waiting row; `cut_off` says that an earlier try may have reached the provider.

    Raises DeliveryError when it should be tried again.
    """
    if contact.unreachable_at:
        close(message, "unreachable")
        return
    if contact.holder == Holder.NOBODY:
        close(message, "hidden")
        return
    if contact.opted_out_at and message.kind not in SAID_AFTER_STOP:
        close(message, "opted out")
        return
    if timezone.now() - service_window.wanted_since(contact, message) > VALID_FOR:
        close(message, "too old")
        incidents.note(Kind.ANSWER_TOO_OLD, "", contact.channel, contact.our_address)
        return
    try:
        provider_id = find_taken(contact, message) if cut_off and can_tell(contact.channel) else ""
        if not provider_id and service_window.must_wait(contact, message):
            _hold(contact, message, give_up)
            return
        if not provider_id:
            _prepare(contact, message, cut_off)
            tokens = [tap_token(message.pk, n) for n in range(len(message.details["options"]))]
            provider_id = send(contact, stored_bubble(message), tokens, message.pk)
    except DeliveryError as error:
        _after_refusal(contact, message, error, give_up)
        return
    _mark_sent(contact, message, provider_id)
    it_works(contact)


def _prepare(contact: Contact, message: Message, cut_off: bool) -> None:
    """Note that the row is now being handed over, and whether that may be the second time."""
    fields = ["state", "updated_at"]
    if cut_off and not can_tell(contact.channel):
        # The one open window: a provider that neither knows idempotency keys nor lists what it
        # took. It is sent again, since a lost answer harms more than a double one, and counted.
        message.uncertain_sends += 1
        fields.append("uncertain_sends")
        incidents.note(Kind.UNCERTAIN_SEND, "", contact.channel, contact.our_address)
    elif message.state == State.SENDING:
        return
    message.state = State.SENDING
    message.save(update_fields=fields)


def _mark_sent(contact: Contact, message: Message, provider_id: str) -> None:
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


def _hold(contact: Contact, message: Message, give_up: bool) -> None:
    """Keep what WhatsApp would refuse now, and tell the person once that it waits."""
    service_window.hold(message)
    invitation = service_window.invite(contact)
    if invitation is not None:
        deliver_one(contact, invitation, cut_off=False, give_up=give_up)


def _after_refusal(contact: Contact, message: Message, error: DeliveryError, give_up: bool) -> None:
    log.warning("message %s was not taken: %s", message.pk, error)
    if error.code == service_window.OUTSIDE and message.kind != service_window.TEMPLATE:
        service_window.note_closed(contact)
        _hold(contact, message, give_up)
        return
    if error.outcome is Outcome.OPTED_OUT:
        contact.opted_out_at = timezone.now()
        Contact.objects.filter(pk=contact.pk).update(opted_out_at=timezone.now())
    if error.outcome is Outcome.UNREACHABLE:
        contact.unreachable_at = timezone.now()
        contact.save(update_fields=["unreachable_at"])
    if error.outcome is Outcome.CONFIGURATION:
        incidents.note(Kind.ACCOUNT_REFUSED, error.code, contact.channel, contact.our_address)
    if error.outcome is Outcome.RETRY:
        incidents.note_in_a_row(
            IN_A_ROW, Kind.PROVIDER_AWAY, error.code, contact.channel, contact.our_address
        )
    # What the operator can mend is kept as long as it is valid, like what passes by itself.
    if error.outcome in (Outcome.RETRY, Outcome.CONFIGURATION) and not give_up:
        if not error.uncertain and message.state != State.QUEUED:
            _requeue(message)
        raise error
    close(message, error.code)


def _requeue(message: Message) -> None:
    """Put a row back that was certainly not taken; a status callback may have moved it on."""
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING)
    mine.update(state=State.QUEUED, updated_at=timezone.now())
    message.state = State.QUEUED


def close(message: Message, code: str) -> None:
    """Mark an outgoing row as failed for good."""
    message.error_code = code[:40]
    message.state = State.FAILED
    message.save(update_fields=["state", "error_code", "updated_at"])


def it_works(contact: Contact) -> None:
    """Close what was open against this sender: the provider has just taken a message of it."""
    incidents.over(Kind.ACCOUNT_REFUSED, contact.channel, contact.our_address)
    incidents.over(Kind.PROVIDER_AWAY, contact.channel, contact.our_address)
