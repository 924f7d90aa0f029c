"""The cards that answer a message best: topics first, then words and meaning, for where the
person is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.library import INTERNATIONAL, Library
from bot.understanding.reader import ASK, Known, Understanding

# How much of a card's score comes from the topics (its own, or one it also answers), from the
# nearness of its words and meaning, and from its shelf: measured by card ranking on held-out
# messages.
_TOPIC, _ALSO, _NEAR = 1.0, 0.55, 1.2
_SHELF = {"country": 0.5, "origin": 0.2, "international": 0.0}
_STAGE = 0.15
_LEAST_TOPIC = 0.04


@dataclass(frozen=True)
class Ranked:
    """A card with its score; only the order means something."""

    card: str
    score: float


def rank(meant: Understanding, known: Known, library: Library, limit: int = 5) -> list[Ranked]:
    """Return the cards for `meant`, best first; none when it asks nothing.

    The country is the one that the message names, else the known one; without either, international
    cards.
    """
    if meant.act != ASK:
        return []
    here, origin = countries(meant, known)
    topics = {name: share for name, share in meant.topics if share >= _LEAST_TOPIC}
    near = library.index.scores(meant.text).overall
    stage = meant.stage or known.stage
    found = []
    for number, card in enumerate(library.cards.values()):
        shelf = _shelf(card.country, here, origin)
        if shelf is None or not library.serving(card).served:
            continue
        score = _fit(card.topic, card.topics, topics) + _NEAR * float(near[number])
        score += _SHELF[shelf] + (_STAGE if stage and stage in card.stages else 0.0)
        found.append(Ranked(card.id, round(float(np.float32(score)), 4)))
    found.sort(key=lambda item: (-item.score, item.card))
    return found[:limit]


def countries(meant: Understanding, known: Known) -> tuple[str | None, str | None]:
    """Where the person is (or is going), and where they come from, as far as anyone said."""
    roles = {place.role: place.country for place in reversed(meant.places)}
    here = roles.get("here") or roles.get("destination") or roles.get("") or known.country
    return here, roles.get("origin")


def _shelf(country: str, here: str | None, origin: str | None) -> str | None:
    if country == INTERNATIONAL:
        return "international"
    if country == here:
        return "country"
    return "origin" if country == origin else None


def _fit(own: str, every: tuple[str, ...], topics: Mapping[str, float]) -> float:
    also = max((topics.get(topic, 0.0) for topic in every if topic != own), default=0.0)
    return max(_TOPIC * topics.get(own, 0.0), _ALSO * also)
