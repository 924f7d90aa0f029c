"""The one place that knows which provider carries which channel."""

from collections.abc import Sequence
from functools import lru_cache

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble
from bot.channels.telegram.client import TelegramSender
from bot.channels.twilio.client import TwilioSender
from bot.messaging.invitations import invitation_sid
from bot.messaging.models import Contact, ContentTemplate
from bot.settings.environment import environment

STATUS_PATH = "/webhooks/twilio/status/"
# Twilio gives a failed callback up at once unless told otherwise
# (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
RETRY_FRAGMENT = "#rc=3&rp=ct,rt,5xx"


class StoredContents:
    """Content SIDs kept in the database."""

    def get(self, name: str) -> str | None:
        """Return the SID of `name`, None when it was not made yet."""
        return ContentTemplate.objects.filter(name=name).values_list("sid", flat=True).first()

    def put(self, name: str, sid: str) -> None:
        """Remember `sid`; of two made at once the first one stays."""
        ContentTemplate.objects.get_or_create(name=name, defaults={"sid": sid})

    def forget(self, name: str) -> None:
        """Forget `name`; it is made again when it is next needed."""
        ContentTemplate.objects.filter(name=name).delete()


@lru_cache(maxsize=1)
def twilio_sender() -> TwilioSender:
    """Return this process's connection to Twilio."""
    return TwilioSender(environment().twilio, StoredContents())


@lru_cache(maxsize=1)
def telegram_sender() -> TelegramSender:
    """Return this process's connection to Telegram."""
    return TelegramSender(environment().telegram)


def status_callback(message_id: int) -> str:
    """Return where Twilio reports; our id comes back even when its answer was lost."""
    return f"{environment().public_url}{STATUS_PATH}?m={message_id}{RETRY_FRAGMENT}"


def send(contact: Contact, bubble: Bubble, tokens: Sequence[str], message_id: int) -> str:
    """Send `bubble` to `contact` and return the provider's id of it. Raises DeliveryError."""
    channel = Channel(contact.channel)
    if channel is Channel.TELEGRAM:
        return telegram_sender().send(contact.address, bubble, tokens)
    if not environment().twilio.account_sid:
        raise DeliveryError(Outcome.CONFIGURATION, "no Twilio account")
    if bubble.template:
        return twilio_sender().send_template(
            contact.our_address,
            contact.address,
            invitation_sid(bubble.template),
            status_callback(message_id),
        )
    return twilio_sender().send(
        channel,
        contact.our_address,
        contact.address,
        bubble,
        tokens,
        status_callback(message_id),
    )
