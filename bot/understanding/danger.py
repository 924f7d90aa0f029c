"""Is someone in danger now?

Transparent first: lists of what people write in danger (`data/danger/<language>.yml`, format in
its README), read in context: what is over, only thought of, or asked about the law raises no
alarm by the list alone. The classifier's probability then confirms or overrides. An alarm says
which rule fired.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding.classifier import SAFE
from bot.understanding.glossary import gloss
from bot.understanding.kernel import Floats
from bot.understanding.normalise import match_key
from bot.understanding.patterns import Rules
from bot.understanding.tables import read_table

KINDS = ("violence", "captivity", "trafficking", "arrest", "medical", "self_harm", "missing_child")
_FOLDER = Path(__file__).parent / "data" / "danger"
_CONTEXTS = ("past", "hypothetical", "law")
# Languages whose messages are also read through their word-by-word English.
_GLOSSED = ("am", "ar", "ht", "ne", "zh")

# The classifier's probability of danger from which there is an alarm, chosen on the
# test sets (docs/decisions/0010-understanding.md). It sees the lists too; a cue that says "now" is
# enough with less support, and words of the past or of the law ask for more.
_ALARM = 0.28
_CUE_NOW = 0.26
_IN_CONTEXT = 0.60
# What a cue adds to the score of danger (0 calm, 1 danger).
_CUE, _CUE_IN_CONTEXT = 0.1, 0.03


@dataclass(frozen=True)
class Danger:
    """Danger that a message tells of. `rule` names the pattern that fired ("en: locked
    in|inside|up"), or is "classifier"; `score` is the classifier's probability of danger, 0 to
    1."""

    kind: str
    rule: str
    score: float


@dataclass(frozen=True)
class _Lists:
    name: str
    cues: tuple[tuple[str, str], ...]
    """Kind of danger and rule, in the order of `cue_rules`."""
    cue_rules: Rules
    now: Rules
    context: Rules
    over: Rules


@dataclass(frozen=True)
class Reading:
    """What the lists say of a message: the first cue of each kind (kind, rule), whether words
    say that it is now, and whether they say that it is past, supposed or a question about the
    rules."""

    cues: tuple[tuple[str, str], ...]
    now: bool
    context: bool


def detect(text: str, language: str, scores: Sequence[tuple[str, float]]) -> Danger | None:
    """Return the danger that `text` tells of, or None.

    `scores` is the classifier's ranking of :data:`KINDS` and `classifier.SAFE`.
    """
    likely = 1.0 - dict(scores).get(SAFE, 0.0)
    reading = read(text, language)
    if likely < _threshold(reading):
        return None
    kind = next((name for name, _ in scores if name != SAFE), KINDS[0])
    rules = dict(reading.cues)
    if kind in rules or not reading.cues:
        return Danger(kind, rules.get(kind, "classifier"), likely)
    first, rule = reading.cues[0]
    # The classifier knows better than word order which of several kinds it is, if it is fairly
    # sure.
    return Danger(kind if dict(scores)[kind] > 0.5 else first, rule, likely)


@lru_cache(maxsize=4096)
def read(text: str, language: str) -> Reading:
    """Read `text` with the lists of its language, of English where words are mixed in, and,
    where the language has one, through its glossary."""
    cues: dict[str, str] = {}
    now = context = over = False
    for lists, key in _readings(text, language):
        for kind, rule in (lists.cues[number] for number in lists.cue_rules.found(key)):
            cues.setdefault(kind, f"{lists.name}: {rule}")
        now = now or lists.now.any_in(key)
        context = context or lists.context.any_in(key)
        over = over or lists.over.any_in(key)
    # "Now I am safe" says that it is over: its "now" is not the danger's.
    return Reading(tuple(cues.items()), now and not over, context or over)


def _readings(text: str, language: str) -> list[tuple[_Lists, str]]:
    key = match_key(text)
    found = []
    if (_FOLDER / f"{language}.yml").exists():
        found.append((_lists(language), key))
    if language in _GLOSSED:
        found.append((_lists("gloss"), match_key(gloss(text, language))))
    return found


def support(texts: Sequence[str], codes: Sequence[str]) -> Floats:
    """What the lists add to the classifier's score of danger for each text: something for a cue,
    less of it where the words are past, supposed or a question about the rules."""
    return np.asarray(
        [_support(read(*pair)) for pair in zip(texts, codes, strict=True)], np.float32
    )


def _support(reading: Reading) -> float:
    if not reading.cues:
        return 0.0
    return _CUE_IN_CONTEXT if reading.context and not reading.now else _CUE


def _threshold(reading: Reading) -> float:
    if reading.cues and reading.now:
        return _CUE_NOW
    return _IN_CONTEXT if reading.context and not reading.now else _ALARM


@lru_cache(maxsize=16)
def _lists(name: str) -> _Lists:
    data: dict[str, Any] = read_table(_FOLDER / f"{name}.yml")
    spaced = name != "zh"
    cues = tuple((kind, str(rule)) for kind, rules in data["cues"].items() for rule in rules)
    contexts = [str(rule) for part in _CONTEXTS for rule in data[part]]
    return _Lists(
        name,
        cues,
        Rules([rule for _, rule in cues], spaced),
        Rules([str(rule) for rule in data["now"]], spaced),
        Rules(contexts, spaced),
        Rules([str(rule) for rule in data.get("over", ())], spaced),
    )
