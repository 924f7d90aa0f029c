"""Which entry of a numbered menu a person picked.

By a digit of any script ("2", "٢", "२", "②", "2.", "2)"), by a number word or an ordinal in nine
languages ("second", "la segunda", "第二个"), with a small phrase around
("option 2 please"), or by the entry's own label, also mistyped or shortened.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from bot.understanding.normalise import match_key
from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "ordinals.yml"
_HAN = re.compile("[\u3400-\u9fff]")
# A label is accepted when this similar (0-100); the second best must be clearly behind.
_CLOSE, _AHEAD = 82.0, 8.0
# Shorter answers are never compared fuzzily: "no" is one letter away from "on". Letters of scripts
# other than Latin say more each.
_SHORTEST_FUZZY, _SHORTEST_OTHER = 4, 2
_MOST_CHARACTERS = 60


class _Words(NamedTuple):
    numbers: dict[str, int]
    last: frozenset[str]
    around: re.Pattern[str]


def resolve(text: str, options: Sequence[str]) -> int | None:
    """Return the index (from 0) of the entry of `options` that `text` picks, or None.

    `options` are the labels in the order shown, numbered from 1 for the person. A number beyond the
    list gives None, and so does a text that fits two labels equally well. A long message is not a
    choice.
    """
    key = match_key(text)
    if not key or not options or len(key) > _MOST_CHARACTERS:
        return None
    labels = [match_key(option) for option in options]
    if key in labels:
        return labels.index(key)
    number = _number(key, len(options))
    if number is not None:
        return number - 1 if 1 <= number <= len(options) else None
    return _by_label(key, labels)


def _number(key: str, count: int) -> int | None:
    """The number written in `key` when everything else is a word of `around`."""
    words = _words()
    found: set[int] = set()
    rest: list[str] = []
    spaced = " ".join(_HAN.sub(r" \g<0> ", key).split())
    for token in spaced.split():
        value = int(token) if token.isdecimal() and len(token) < 4 else words.numbers.get(token)
        if value is None or (found and token in _also_articles()):
            rest.append(token)
        else:
            found.add(value)
    if key in words.last or " ".join(rest) in words.last:
        return count
    if len(found) != 1:
        return None
    return found.pop() if words.around.fullmatch(" ".join(rest)) else None


@lru_cache(maxsize=1)
def _also_articles() -> frozenset[str]:
    """Number words that are articles or pronouns too ("the second one", "yon", "un")."""
    return frozenset(
        ("one", "un", "une", "um", "uma", "una", "uno", "yon", "en", "de", "and", "set")
    )


def _by_label(key: str, labels: Sequence[str]) -> int | None:
    if len(key) < (_SHORTEST_FUZZY if key.isascii() else _SHORTEST_OTHER):
        return None
    scores = [_similarity(key, label) for label in labels]
    best = max(range(len(scores)), key=scores.__getitem__)
    others = [score for i, score in enumerate(scores) if i != best]
    if scores[best] < _CLOSE or (others and scores[best] - max(others) < _AHEAD):
        return None
    return best


def _similarity(key: str, label: str) -> float:
    whole = fuzz.ratio(key, label)
    tokens, wanted = set(key.split()), set(label.split())
    if tokens <= wanted or (_HAN.search(key) and key in label):
        return max(whole, 95.0)  # a part of the label, written without a mistake
    if len(label) > len(key) and label.startswith(key):
        return max(whole, 92.0)
    if wanted and wanted <= tokens and len(tokens) <= len(wanted) + 3:
        return max(whole, 90.0)  # the label with a few words around it
    return max(whole, fuzz.token_sort_ratio(key, label))


@lru_cache(maxsize=1)
def _words() -> _Words:
    data: dict[str, Any] = read_table(_TABLE)
    numbers: dict[str, int] = {}
    for value, forms in enumerate(data["numbers"], start=1):
        for form in forms:
            numbers.setdefault(match_key(str(form)), value)
    around = sorted({match_key(str(w)) for w in data["around"]} - {""}, key=len, reverse=True)
    around = [" ".join(_HAN.sub(r" \g<0> ", w).split()) for w in around]
    one = "|".join(re.escape(w) for w in around)
    return _Words(
        numbers,
        frozenset(match_key(str(w)) for w in data["last"]),
        re.compile(rf"(?:(?:{one})(?: (?:{one}))*)?"),
    )
