"""The stage of the journey that a message tells.

What the model learnt decides, and wording and tense that are listed (`data/stages.yml`) add to it:
on messages that they were not written for, the lists alone find a quarter of the stages and see as
many that nobody told (docs/decisions/0010-understanding.md).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.normalise import match_key
from bot.understanding.patterns import Rules
from bot.understanding.places import Place
from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "stages.yml"
RETURN = "return"
_THERE = "at_destination"
STAGES = (RETURN, "in_transit", "before_departure", _THERE)

# Chosen on training messages held out in runs, where nearly two in three of the stages found are
# told. Being there changes little, and is often guessed.
_LEAST = {RETURN: 0.35, "in_transit": 0.4, "before_departure": 0.4, _THERE: 0.5}
_WORDING = 0.2


def stage(learnt: Iterable[tuple[str, float]], worded: str | None) -> str | None:
    """Return the stage that a message tells, or None, from the model's score of each and what
    :func:`wording` says."""
    over = {
        name: score + (_WORDING if name == worded else 0.0) - _LEAST[name] for name, score in learnt
    }
    best = max(over, key=over.__getitem__, default=None)
    return best if best is not None and over[best] >= 0 else None


def wording(text: str, language: str, found: Sequence[Place] = ()) -> str | None:
    """Return the stage of which `text` has listed words, or None; the first of :data:`STAGES` wins.

    `found` are the places that it names: in the table "placename" stands for any of them.
    """
    keys = dict.fromkeys((match_key(text), match_key(_with_places_blank(text, found, language))))
    for name, rules in _rules(language):
        if any(rules.any_in(key) for key in keys):
            return name
    return None


def _with_places_blank(text: str, found: Sequence[Place], language: str) -> str:
    word = "placename" if language == "zh" else " placename "
    for place in sorted(found, key=lambda place: -place.start):
        text = text[: place.start] + word + text[place.end :]
    return text


@lru_cache(maxsize=16)
def _rules(language: str) -> tuple[tuple[str, Rules], ...]:
    data: dict[str, Any] = read_table(_TABLE)
    lists = data.get(language, data["en"])
    spaced = language != "zh"
    return tuple((name, Rules([str(r) for r in lists[name]], spaced)) for name in STAGES)
