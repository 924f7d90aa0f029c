"""A person changes a message that they sent (Telegram). An edit is not a second question."""

from django.db import transaction

from bot.channels.incoming import InboundKind, Incoming
from bot.messaging.models import Contact, Direction, Message, State

# An older message that is changed is history, whatever became of it.
REACH = 10


@transaction.atomic
def mended(contact: Contact, incoming: Incoming) -> bool:
    """Put the new words into the message that was changed, if nobody has answered it yet.

    Then that message is answered as it now reads, and the edit itself needs no answer.
    """
    if incoming.kind is not InboundKind.EDITED or not incoming.reference:
        return False
    waiting = (
        Message.objects.select_for_update()
        .filter(
            contact=contact,
            direction=Direction.INBOUND,
            kind=InboundKind.TEXT.value,
            state=State.RECEIVED,
        )
        .order_by("-id")[:REACH]
    )
    for message in waiting:
        if message.details.get("reference") == incoming.reference:
            message.text = incoming.text
            message.save(update_fields=["text", "updated_at"])
            return True
    return False
