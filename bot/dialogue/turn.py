"""The turn that Rasa is working on: its name, and the conversation as it was before it.

A worker that dies after Rasa has answered, and before that answer was stored, asks again. The
conversation has then moved on by a turn that nobody heard: "more" would skip a part. So each
turn has a name, the store keeps what was before it, and a turn that is asked again starts there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Turn:
    """One turn. `before` is the record of the conversation when it began, '' for none."""

    key: str
    before: str = ""
    begun: bool = False


_current: ContextVar[Turn | None] = ContextVar("haki_turn", default=None)


def current() -> Turn | None:
    """Return the turn that this task works on; None for one without a name (`rasa shell`)."""
    return _current.get()


@contextmanager
def named(key: str) -> Iterator[None]:
    """Work on the turn `key` inside of the block."""
    token = _current.set(Turn(key) if key else None)
    try:
        yield
    finally:
        _current.reset(token)
