"""What Haki says, before and after it is laid out for a channel."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Option:
    """One thing that a person can choose next.

    `title` is shown on buttons (at most 24 characters), `short` in numbered SMS menus.
    `payload` is the command that choosing it means. An `optional` option may be left out of
    an SMS when that saves a segment.
    """

    title: str
    payload: str
    short: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Reply:
    """One answer, not yet laid out. `sms` is the text for SMS where it differs from `text`.

    `list_label` is what opens the list on WhatsApp when there are many options (20 characters).
    """

    kind: str
    text: str
    language: str
    sms: str = ""
    options: tuple[Option, ...] = ()
    card: str = ""
    card_version: str = ""
    list_label: str = "..."


class Style(str, Enum):
    """How a bubble shows its options."""

    PLAIN = "plain"
    NUMBERED = "numbered"
    BUTTONS = "buttons"
    LIST = "list"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Bubble:
    """One message as one channel will show it: exactly this text, exactly these options.

    `template` names an approved WhatsApp template that says `text`; it is sent instead of it.
    `rest` is what was left out of it, with the options that belong at its end.
    """

    text: str
    style: Style = Style.PLAIN
    options: tuple[Option, ...] = ()
    segments: int = 1
    list_label: str = ""
    template: str = ""
    rest: str = ""
    rest_options: tuple[Option, ...] = ()


def tap_token(message_id: int, index: int) -> str:
    """Return what a button carries: the stored message and the option's place in it.

    At most 64 bytes (Telegram's callback_data); an old keyboard therefore always means
    what it meant when it was sent.
    """
    return f"m{message_id}:{index}"


def read_tap_token(token: str) -> tuple[int, int] | None:
    """Return (message id, option index) of a token that we made, None for anything else."""
    head, _, tail = token.partition(":")
    if not (head.startswith("m") and head[1:].isascii() and head[1:].isdigit()):
        return None
    if not (tail.isascii() and tail.isdigit()) or len(token) > 40:
        return None
    return int(head[1:]), int(tail)
