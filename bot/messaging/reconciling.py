"""A send that was cut off: did the provider take it? Looked up where the provider can tell."""

from datetime import timedelta

from bot.channels.names import Channel
from bot.channels.twilio.lookup import Taken, taken_since
from bot.messaging.models import Contact, Direction, Message
from bot.settings.environment import environment

# Twilio's clock and ours may differ by so much; its times are whole seconds besides.
CLOCKS_DIFFER = timedelta(seconds=5)


def can_tell(channel: str) -> bool:
    """Tell whether the provider of `channel` can say what it took; Telegram's Bot API cannot."""
    return channel != Channel.TELEGRAM


def find_taken(contact: Contact, message: Message) -> str | None:
    """Return the provider's id of `message`, whose send was cut off, None if it was never taken.

    Messages to one person are sent one after the other, so one that the provider has and we do
    not know is the one that was cut off; of several, the one with the same text. Raises
    DeliveryError when the provider cannot be asked.
    """
    since = message.updated_at - CLOCKS_DIFFER
    taken = taken_since(environment().twilio, contact.our_address, contact.address, since)
    known = set(
        Message.objects.filter(
            channel=message.channel,
            direction=Direction.OUTBOUND,
            provider_id__in=[one.sid for one in taken],
        ).values_list("provider_id", flat=True)
    )
    known |= set(message.details.get("refused", ()))
    strangers = [one for one in taken if one.sid not in known]
    return _best(strangers, message.text)


def _best(strangers: list[Taken], text: str) -> str | None:
    same = [one for one in strangers if one.body.strip() == text.strip()]
    # A WhatsApp template may be listed without its text, so a stranger alone is enough.
    unreadable = [one for one in strangers if not one.body]
    return next((one.sid for one in [*same, *unreadable]), None)
