"""One message as it arrived, whatever the provider: the edge turns its payload into this."""

from dataclasses import dataclass
from enum import Enum

from bot.channels.names import Channel


class InboundKind(str, Enum):
    """What a person sent. All but TEXT and TAP are acknowledged with what to do instead."""

    TEXT = "text"
    TAP = "tap"
    EMPTY = "empty"
    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    PHONE_CARD = "phone_card"
    STICKER = "sticker"
    EDITED = "edited"
    GROUP = "group"
    OTHER = "other"

    def __str__(self) -> str:
        return self.value


class MalformedPayload(Exception):
    """The provider's payload is not of the documented shape; the message says what is wrong."""


@dataclass(frozen=True)
class Incoming:
    """A verified message from a provider.

    `address` is the provider's own form: +E.164 for SMS, `whatsapp:+E.164` or
    `whatsapp:CC.<id>` (a WhatsApp user who hides the number), a Telegram chat id in digits.
    `tap` is the token of a button (see bot.channels.outgoing), `acknowledge` the provider's id
    of a tap that waits for an answer, `reference` its id of the message that was written or
    changed, where messages can be changed. `opted` is STOP, START or HELP where the provider has
    already answered an opt-out word itself.
    """

    channel: Channel
    provider_id: str
    address: str
    our_address: str
    kind: InboundKind
    text: str = ""
    tap: str = ""
    acknowledge: str = ""
    language_hint: str = ""
    opted: str = ""
    reference: str = ""


class Happening(str, Enum):
    """What can happen to a chat besides messages."""

    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MOVED = "moved"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class ChatChange:
    """A chat blocked us, let us back in, or became another one with the address `moved_to`."""

    channel: Channel
    address: str
    happening: Happening
    moved_to: str = ""
