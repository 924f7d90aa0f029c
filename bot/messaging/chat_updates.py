"""One update of Telegram's, by webhook or by polling: a message, or something about the chat."""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from bot.channels.incoming import ChatChange, Happening
from bot.channels.telegram.inbound import read_change, read_update
from bot.messaging.inbox import receive
from bot.messaging.models import Contact
from bot.messaging.sealing import lookup_hash
from bot.settings.environment import environment

log = logging.getLogger(__name__)


def take_update(update: Any) -> None:
    """Store or apply one update; kinds that we do not use change nothing.

    Raises MalformedPayload when it is not of Telegram's form.
    """
    change = read_change(update)
    if change is not None:
        apply_change(change)
        return
    incoming = read_update(update, environment().telegram.token.partition(":")[0])
    if incoming is not None:
        receive(incoming)


@transaction.atomic
def apply_change(change: ChatChange) -> None:
    """Note that a chat blocked us or let us in again, or follow it to its new address."""
    mine = Contact.objects.filter(
        channel=change.channel.value, address_hash=_hash(change, change.address)
    )
    if change.happening is Happening.MOVED:
        new = _hash(change, change.moved_to)
        if not Contact.objects.filter(channel=change.channel.value, address_hash=new).exists():
            for contact in mine:
                contact.address, contact.address_hash = change.moved_to, new
                contact.save(update_fields=["address", "address_hash"])
        return
    blocked = change.happening is Happening.BLOCKED
    mine.update(unreachable_at=timezone.now() if blocked else None)


def _hash(change: ChatChange, address: str) -> str:
    return lookup_hash(change.channel, address, environment().lookup_key)
