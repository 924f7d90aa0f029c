"""Status callbacks: how far a sent message has come. Applied forwards only."""

from django.db.models import QuerySet
from django.utils import timezone

from bot.channels.delivery_errors import Outcome
from bot.channels.names import Channel
from bot.channels.twilio.errors import outcome
from bot.channels.twilio.inbound import Status
from bot.messaging import partners, service_window
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.tasks import tend_soon

# Callbacks arrive out of order and more than once; a state only ever moves to the right
# (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).
_BEFORE: dict[str, list[State]] = {
    State.SENT: [State.QUEUED, State.SENDING],
    State.DELIVERED: [State.QUEUED, State.SENDING, State.SENT],
    State.READ: [State.QUEUED, State.SENDING, State.SENT, State.DELIVERED],
    State.FAILED: [State.QUEUED, State.SENDING, State.SENT],
}
# Named so that the index on channel, direction and provider id finds the message.
_CHANNELS = (Channel.SMS, Channel.WHATSAPP)
_STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "failed": State.FAILED,
    "undelivered": State.FAILED,
}


def apply_status(message_id: int | None, status: Status) -> bool:
    """Move the message that `status` speaks of; False when it names none of ours.

    `message_id` is our own id from the callback's query: with it a message gets its SID even
    when the answer to the create call was lost.
    """
    state = _STATES.get(status.status)
    mine = Message.objects.filter(
        channel__in=_CHANNELS, direction=Direction.OUTBOUND, provider_id=status.provider_id
    )
    if _move(mine, state, status):
        return True
    if message_id is not None:
        lost = Message.objects.filter(pk=message_id, direction=Direction.OUTBOUND)
        known = lost.first()
        if known is not None and service_window.was_refused(known, status.provider_id):
            return True
        if lost.filter(provider_id=None).update(provider_id=status.provider_id):
            _move(mine, state, status)
            return True
    return mine.exists()


def _move(mine: QuerySet[Message], state: State | None, status: Status) -> bool:
    """Move forwards and note what the error says of the person; False when nothing moved."""
    if state is None:
        return False
    if status.error_code == service_window.OUTSIDE:
        return _keep(mine, state, status)
    moved = mine.filter(state__in=_BEFORE[state]).update(
        state=state, error_code=status.error_code[:40], updated_at=timezone.now()
    )
    if moved and status.error_code:
        _mark_contact(mine, status.error_code)
    if moved:
        partners.handover().moved(mine)
    return bool(moved)


def _keep(mine: QuerySet[Message], state: State, status: Status) -> bool:
    """Keep what WhatsApp refused outside its window; an invitation that it refused has failed."""
    message = mine.filter(state__in=_BEFORE[state]).first()
    if message is None:
        return False
    if message.kind == service_window.TEMPLATE:
        service_window.template_failed(message)
        mine.update(state=State.FAILED, error_code=status.error_code, updated_at=timezone.now())
    else:
        service_window.refused(message.pk, status.provider_id)
    if service_window.invite(Contact.objects.get(pk=message.contact_id)) is not None:
        tend_soon(str(message.contact_id))
    return True


def _mark_contact(messages: QuerySet[Message], code: str) -> None:
    contact = Contact.objects.filter(messages__in=messages)
    meaning = outcome(code, 400)
    if meaning is Outcome.OPTED_OUT:
        contact.update(opted_out_at=timezone.now())
    elif meaning is Outcome.UNREACHABLE:
        contact.update(unreachable_at=timezone.now())
