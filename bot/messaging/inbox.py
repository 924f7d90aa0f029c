"""Storing what a provider delivered, once, together with the job that will answer it."""

from enum import Enum

from django.db import IntegrityError, transaction

from bot.channels.incoming import Incoming
from bot.messaging import known_sender
from bot.messaging.contacts import contact_for, heard_from
from bot.messaging.edits import mended
from bot.messaging.models import Direction, Message, State
from bot.messaging.tasks import handle_message

# PostgreSQL text cannot hold NUL; nobody types it.
_UNSTORABLE = {0: None}


class Receipt(str, Enum):
    """What became of a delivery."""

    STORED = "stored"
    REPEATED = "repeated"


def receive(incoming: Incoming) -> Receipt:
    """Store `incoming` and its job in one transaction; a repeated delivery changes nothing.

    The insert itself decides (unique provider id), so two deliveries of one message at the
    same moment still give one answer.
    """
    message = Message(
        channel=incoming.channel.value,
        direction=Direction.INBOUND,
        provider_id=incoming.provider_id,
        kind=incoming.kind.value,
        text=incoming.text.translate(_UNSTORABLE),
        details={
            "tap": incoming.tap,
            "acknowledge": incoming.acknowledge,
            "language_hint": incoming.language_hint,
            "opted": incoming.opted,
            "reference": incoming.reference,
        },
        state=State.RECEIVED,
    )
    stored = known_sender.store(incoming, message)
    if stored is not None:
        return Receipt.STORED if stored else Receipt.REPEATED
    try:
        with transaction.atomic():
            contact = message.contact = contact_for(incoming)
            if mended(contact, incoming):
                message.state = State.ANSWERED
            message.save(force_insert=True)
            heard_from(contact, incoming)
            handle_message.configure(lock=str(contact.pk)).defer(message_id=message.pk)
    except IntegrityError as error:
        if "one_message_per_provider_id" in str(error):
            return Receipt.REPEATED
        raise
    return Receipt.STORED
