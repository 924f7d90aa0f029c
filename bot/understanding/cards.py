"""The cards that answer a message best: topics first, then words and meaning, for where the
person is. The same look-up as the live answers' (`bot.library.Library.find`)."""

from dataclasses import dataclass

from bot.library import Library
from bot.understanding.reader import ASK, Known, Understanding

# A topic less likely than this finds no card.
LEAST_TOPIC = 0.04


@dataclass(frozen=True)
class Ranked:
    """A card with its score; only the order means something."""

    card: str
    score: float


def rank(meant: Understanding, known: Known, library: Library, limit: int = 5) -> list[Ranked]:
    """Return the cards for `meant`, best first; none when it asks nothing. In danger the emergency
    card goes first, as in the live answers.

    The country is the one that the message names, else the known one; without either, international
    cards.
    """
    if meant.act != ASK:
        return []
    here, origin = countries(meant, known)
    found = library.find(
        topic={name: share for name, share in meant.topics if share >= LEAST_TOPIC},
        country=here,
        origin=origin,
        stage=meant.stage or known.stage,
        text=meant.text,
        language=meant.language,
        limit=limit,
    )
    ranked = [Ranked(item.card.id, round(item.score, 4)) for item in found]
    if meant.danger is None:
        return ranked
    first = library.emergency_card(here).id
    most = max((item.score for item in ranked), default=0.0)
    return [Ranked(first, most), *(item for item in ranked if item.card != first)][:limit]


def countries(meant: Understanding, known: Known) -> tuple[str | None, str | None]:
    """Where the person is (or is going), and where they come from, as far as anyone said.

    Who speaks of another country than the one we know may well be at home, as the family of
    somebody abroad: the known one then counts as where they come from, as in the live answers
    (`actions.places.place_changes`).
    """
    roles = {place.role: place.country for place in reversed(meant.places)}
    here = roles.get("here") or roles.get("destination") or roles.get("") or known.country
    return here, roles.get("origin") or (known.country if known.country != here else None)
