"""Reading from the database what was answered (imported once Django is set up)."""

from bot.messaging.models import Direction, Message, State
from bot.talk.phone import Heard

_PENDING = (State.QUEUED, State.SENDING)


def answers_to(channel: str, provider_id: str) -> list[Heard] | None:
    """Return the messages that answer the inbound one, None while they are not all sent."""
    inbound = Message.objects.filter(
        channel=channel, direction=Direction.INBOUND, provider_id=provider_id
    ).first()
    if inbound is None or inbound.state != State.ANSWERED:
        return None
    replies = list(inbound.replies.order_by("id"))
    if not replies and not is_stored(channel, provider_id):
        return None
    if any(reply.state in _PENDING for reply in replies):
        return None
    return [_heard(reply) for reply in replies]


def is_stored(channel: str, provider_id: str) -> bool:
    """Tell whether the inbound message still stands in the database."""
    return Message.objects.filter(
        channel=channel, direction=Direction.INBOUND, provider_id=provider_id
    ).exists()


def provider_id_of(message_id: int) -> str:
    """Return the provider's id of one of our messages, as the phone knows it."""
    message = Message.objects.get(pk=message_id)
    return (message.provider_id or "").rpartition(":")[2]


def _heard(message: Message) -> Heard:
    return Heard(
        id=message.pk,
        kind=message.kind,
        card=message.card,
        version=message.card_version,
        language=message.language,
        text=message.text,
        buttons=tuple(option["title"] for option in message.details["options"]),
        style=message.details["style"],
        segments=message.segments,
        state=message.state,
    )
