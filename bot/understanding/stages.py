"""The stage of the journey that a message tells: from wording and tense (`data/stages.yml`)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.normalise import match_key
from bot.understanding.patterns import Rules
from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "stages.yml"
RETURN = "return"
STAGES = (RETURN, "in_transit", "before_departure", "at_destination")


def stage(text: str, language: str) -> str | None:
    """Return the stage that `text` tells of itself, or None; the first in :data:`STAGES` wins."""
    key = match_key(text)
    for name, rules in _rules(language):
        if rules.any_in(key):
            return name
    return None


@lru_cache(maxsize=16)
def _rules(language: str) -> tuple[tuple[str, Rules], ...]:
    data: dict[str, Any] = read_table(_TABLE)
    lists = data.get(language, data["en"])
    spaced = language != "zh"
    return tuple((name, Rules([str(r) for r in lists[name]], spaced)) for name in STAGES)
