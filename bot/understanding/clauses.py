"""The clauses of a message, for those that ask two things in one breath.

A message is cut at punctuation and at the words of `data/connectors.yml`. This is no grammar:
pieces too short to mean anything alone go to their neighbour.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "connectors.yml"
# Marks of scripts without blanks end a clause anywhere, those of Latin script before a blank only:
# not in 1,500 or in an address.
_MARKS = r"[。！？；，、፣፤።።؟،۔।\n]+|[.!?;,:]+(?=\s|$)|\.{2,}"
_LEAST_WORDS = 2.5
# More would make one message cost the time of many.
_MOST = 4
_MOST_CUTS = 24
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Clause:
    """A piece of a message: its place there, and whether words before it ("and also") or the
    question mark at the end of the one before say that something else follows."""

    text: str
    start: int
    end: int
    apart: bool


def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """Return the clauses of `text`, two to four; none when it is all one."""
    found: list[Clause] = []
    start, apart = 0, False
    for joint in islice(_joints(language).finditer(text), _MOST_CUTS):
        _add(found, text, start, joint.start(), apart)
        asked = "?" in joint.group() or "？" in joint.group() or "؟" in joint.group()
        # "? and also": what one joint says holds through the next if nothing stands between
        between = bool(text[start : joint.start()].strip())
        apart = asked or joint.lastgroup == "also" or (apart and not between)
        start = joint.end()
    _add(found, text, start, len(text), apart)
    pieces = _merged(found, text)
    return tuple(pieces) if len(pieces) > 1 else ()


def _add(found: list[Clause], text: str, start: int, end: int, apart: bool) -> None:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        first = start + piece.index(inner)
        found.append(Clause(inner, first, first + len(inner), apart))


def _merged(found: list[Clause], text: str) -> list[Clause]:
    """Join the shortest to a neighbour until all mean something and there are few."""
    pieces = list(found)
    while len(pieces) > 1:
        sizes = [_size(piece.text) for piece in pieces]
        shortest = sizes.index(min(sizes))
        if sizes[shortest] >= _LEAST_WORDS and len(pieces) <= _MOST:
            break
        first = max(shortest - 1, 0)
        left, right = pieces[first : first + 2]
        joined = Clause(text[left.start : right.end], left.start, right.end, left.apart)
        pieces[first : first + 2] = [joined]
    return pieces


def _size(text: str) -> float:
    """Words, where two Chinese characters are one."""
    han = len(_HAN.findall(text))
    return len(_HAN.sub(" ", text).split()) + han / 2


@lru_cache(maxsize=16)
def _joints(language: str) -> re.Pattern[str]:
    table = read_table(_TABLE)
    words = table.get(language, table["en"])
    also, both = (_any_of(words[name], language != "zh") for name in ("also", "and"))
    return re.compile(rf"(?P<also>{also})|(?P<and>{both})|(?P<mark>{_MARKS})", re.IGNORECASE)


def _any_of(words: list[str], spaced: bool) -> str:
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<!\S)(?:{longest_first})(?!\S)" if spaced else f"(?:{longest_first})"
