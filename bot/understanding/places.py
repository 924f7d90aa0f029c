"""Countries, cities and nationalities in a message, and the stage of the journey it tells."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A country named in a message: ISO 3166-1 alpha-3, the words' place in the text, and the role that
    the wording gives it (here, origin, destination, or '' when it says nothing)."""

    country: str
    role: str
    text: str
    start: int
    end: int
    confidence: float


def find(text: str) -> tuple[Place, ...]:
    """Return the places that `text` names."""
    return ()


def stage(text: str, language: str, found: Sequence[Place]) -> str | None:
    """Return the stage of the journey that `text` tells, or None."""
    return None
