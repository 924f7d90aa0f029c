"""What makes a chat on Telegram pleasant: "typing", and keyboards that go when they were used.

Conveniences for the eye: when Telegram refuses one, the answer still goes out.
"""

import logging
from contextlib import AbstractContextManager, nullcontext

from bot.channels.delivery_errors import DeliveryError
from bot.channels.names import Channel
from bot.channels.outgoing import read_tap_token
from bot.messaging import answering
from bot.messaging.models import Direction, Message
from bot.messaging.senders import telegram_sender

log = logging.getLogger(__name__)


def typing(message: Message) -> AbstractContextManager[None]:
    """Show that we are at work on `message` while the block lasts."""
    if message.channel != Channel.TELEGRAM or message.contact.opted_out_at:
        return nullcontext()
    return telegram_sender().typing(message.contact.address)


def used_keyboard_away(message: Message) -> None:
    """End the spinner of a tapped button, and take the keyboard away that `message` answers.

    A typed answer ("2", "More") uses a keyboard as much as a tap does.
    """
    if message.channel != Channel.TELEGRAM:
        return
    query = message.details.get("acknowledge")
    used = _tapped(message) if query else _answered_by_typing(message)
    try:
        if query:
            telegram_sender().acknowledge_tap(query)
        if used is not None:
            telegram_sender().remove_buttons(message.contact.address, used)
    except DeliveryError as error:
        log.info("the keyboard before message %s stays: %s", message.pk, error)


def _tapped(message: Message) -> str | None:
    token = read_tap_token(message.details.get("tap", ""))
    if token is None:
        return None
    sent = Message.objects.filter(
        pk=token[0], contact_id=message.contact_id, direction=Direction.OUTBOUND
    ).first()
    return _telegram_id(sent)


def _answered_by_typing(message: Message) -> str | None:
    menu = answering.chosen_menu(message)
    return _telegram_id(menu)


def _telegram_id(sent: Message | None) -> str | None:
    """Return Telegram's number of a message of ours; stored behind the contact's id."""
    if sent is None or not sent.provider_id:
        return None
    return sent.provider_id.partition(":")[2] or None
