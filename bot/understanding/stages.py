"""The stage of the journey that a message tells: from wording and tense (`data/stages.yml`)."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.normalise import match_key
from bot.understanding.patterns import Rules
from bot.understanding.places import Place
from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "stages.yml"
RETURN = "return"
STAGES = (RETURN, "in_transit", "before_departure", "at_destination")


def stage(text: str, language: str, found: Sequence[Place] = ()) -> str | None:
    """Return the stage that `text` tells of itself, or None; the first in :data:`STAGES` wins.

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
