"""Greetings, thanks, goodbyes, yes and no, when a message is nothing else: by table, in nine
languages.

A classifier guesses at "k xa" or "እሽ"; a table knows. Sentences that hold more are left to it.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.normalise import match_key
from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "small_talk.yml"
_ORDER = ("deny", "thanks", "bye", "affirm", "greet")
_MOST_CHARACTERS = 70
_HAN = re.compile("[\u3400-\u9fff]")


def match(text: str) -> str | None:
    """Return deny, affirm, thanks, bye or greet when `text` says only that, else None."""
    if len(text) > _MOST_CHARACTERS:
        return None
    key = _spaced(match_key(text))
    if key in _alone():
        return _alone()[key]
    acts = _read(key.split())
    return next((act for act in _ORDER if act in acts), None)


def language(text: str) -> str:
    """Return the one language whose small talk `text` is ("hola", "bonjour"), '' when several share
    it or it is something else."""
    if len(text) > _MOST_CHARACTERS:
        return ""
    owners = _owners().get(_spaced(match_key(text)), frozenset())
    return next(iter(owners)) if len(owners) == 1 else ""


def _read(words: list[str]) -> set[str]:
    """The acts that the words consist of; empty when some word belongs to none."""
    phrases, longest = _phrases()
    acts: set[str] = set()
    position = 0
    while position < len(words):
        for length in range(min(longest, len(words) - position), 0, -1):
            act = phrases.get(" ".join(words[position : position + length]))
            if act is not None:
                acts.add(act)
                position += length
                break
        else:
            return set()
    return acts - {""}


def _spaced(key: str) -> str:
    return " ".join(_HAN.sub(r" \g<0> ", key).split())


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    told: dict[str, Any] = read_table(_TABLE)
    return told


@lru_cache(maxsize=1)
def _owners() -> dict[str, frozenset[str]]:
    """The languages of each phrase."""
    owners: dict[str, set[str]] = {}
    for act in _ORDER:
        for code, entries in _data()[act].items():
            for entry in entries:
                owners.setdefault(_spaced(match_key(str(entry))), set()).add(code)
    return {phrase: frozenset(codes) for phrase, codes in owners.items()}


@lru_cache(maxsize=1)
def _alone() -> dict[str, str]:
    told = _data()["alone"]
    return {match_key(str(word)): act for act, words in told.items() for word in words}


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[str, str], int]:
    """Phrases with their act; fillers with ''. A phrase of two acts belongs to the first in
    order."""
    data = _data()
    phrases: dict[str, str] = {}
    for act in _ORDER:
        for entries in data[act].values():
            for entry in entries:
                phrases.setdefault(_spaced(match_key(str(entry))), act)
    for filler in data["fillers"]:
        phrases.setdefault(_spaced(match_key(str(filler))), "")
    return phrases, max(len(phrase.split()) for phrase in phrases)
