"""Which of a person's waiting messages are answered together.

People write as they speak: "hello", "boss took", "my passport". While several messages wait they
are one turn: their texts are joined, and one answer comes. What acts by itself stays by itself: a
reserved word such as STOP, a tap, a number that chooses from a menu.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.incoming import InboundKind
from bot.messaging import answering
from bot.messaging.models import Message
from bot.understanding import reserved

# A turn stays short enough to be understood as one thought.
MOST_TEXTS = 10
MOST_CHARACTERS = 1000


@dataclass(frozen=True)
class Turn:
    """Messages that get one answer, oldest first. `unsaid`: they are taken in and not answered,
    as the person has sent STOP after them."""

    messages: tuple[Message, ...]
    unsaid: bool = False

    @property
    def lead(self) -> Message:
        """The message that the answer belongs to: of several, the one that says most."""
        return max(self.messages, key=lambda message: len(message.text))

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written, message by message."""
        return tuple(message.text for message in self.messages)

    @property
    def others(self) -> tuple[Message, ...]:
        """The messages besides the lead."""
        return tuple(message for message in self.messages if message is not self.lead)

    @property
    def key(self) -> str:
        """The name of this turn at the dialogue, the same when it is asked again."""
        return str(self.messages[0].pk)


def next_turn(waiting: Sequence[Message], join: bool = True) -> Turn:
    """Return the turn to answer next of `waiting` messages of one person, oldest first.

    Without `join` each message is a turn of its own, to find the one that cannot be answered.
    """
    first = waiting[0]
    stop = first_stop(waiting)
    if stop > 0:
        return Turn(tuple(waiting[:stop]), unsaid=True)
    if len(waiting) == 1 or not join or stop == 0:
        return Turn((first,))
    kind = InboundKind(first.kind)
    if kind is InboundKind.TEXT:
        return Turn(_joined(waiting))
    if kind is InboundKind.TAP:
        return Turn((first,))
    return Turn(tuple(message for message in waiting if message.kind == first.kind))


def first_stop(waiting: Sequence[Message]) -> int:
    """Return the place of the first STOP, -1 if there is none."""
    for place, message in enumerate(waiting):
        if message.kind == InboundKind.TEXT and reserved.match(message.text) == "stop":
            return place
    return -1


def _joined(waiting: Sequence[Message]) -> tuple[Message, ...]:
    """Return the first messages as long as all of them are a person's own free words."""
    found: list[Message] = []
    length = 0
    for message in waiting:
        length += len(message.text)
        if not _free_words(message) or len(found) == MOST_TEXTS or length > MOST_CHARACTERS:
            break
        found.append(message)
    return tuple(found) or (waiting[0],)


def _free_words(message: Message) -> bool:
    return (
        message.kind == InboundKind.TEXT
        and reserved.match(message.text) is None
        and not answering.is_choice(message)
    )
