"""Reserved words: STOP, START, HELP, DELETE, MENU, HUMAN and the names of languages.

They are taken before any dialogue, in nine languages and their scripts, alone or with a small
phrase around them ("please stop", "I want to talk to a human"). The table is
`data/reserved.yml`. A sentence that merely contains such a word ("my boss wants me to stop
working") does not match.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.normalise import match_key
from bot.understanding.tables import read_table

_TABLE = Path(__file__).parent / "data" / "reserved.yml"
# Longest phrase in the table is nine words; a longer message is a sentence, not a command.
_MOST_WORDS = 12
_MOST_CHARACTERS = 90
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_BLANKS = re.compile(" ?([\u3400-\u9fff]) ?")
LANGUAGE_CHANGE = "language_change"


@dataclass(frozen=True)
class Reserved:
    """A reserved word that was found. `act` is an act of architecture.md; `language` is the
    language the word belongs to ('' when several share it), or, for language_change, the one
    asked for."""

    act: str
    language: str


@dataclass(frozen=True)
class _Table:
    alone: dict[str, Reserved]
    phrases: dict[str, Reserved]
    names: dict[str, Reserved]
    around: re.Pattern[str]
    around_language: re.Pattern[str]


def match(text: str) -> str | None:
    """Return the act that `text` commands (stop, start, help, delete_data, menu, human,
    language_change), or None when it is not a command."""
    found = find(text)
    return found.act if found else None


def language_choice(text: str) -> str | None:
    """Return the code of the language that `text` asks for ("français", "EN", a flag), else
    None."""
    found = find(text)
    return found.language if found and found.act == LANGUAGE_CHANGE else None


@lru_cache(maxsize=1024)
def find(text: str) -> Reserved | None:
    """Like :func:`match`, with the language of the word."""
    raw = text.strip().lstrip("/")
    if len(raw) > _MOST_CHARACTERS:
        return None
    if raw and set(raw) <= set("?؟？! "):
        return Reserved("help", "") if set(raw) & set("?؟？") else None
    key = match_key(raw)
    if not key or len(key.split()) > _MOST_WORDS:
        return None
    table = _table()
    return (
        table.alone.get(_glue(key))
        or table.phrases.get(_glue(key))
        or _peel(_spaced(key), table.around, table.phrases)
        or _peel(_spaced(key), table.around_language, table.names)
    )


def _peel(key: str, around: re.Pattern[str], phrases: dict[str, Reserved]) -> Reserved | None:
    """Look for a phrase of the table inside `key` such that only small words stand around it."""
    tokens = key.split(" ")
    for length in range(len(tokens), 0, -1):
        for start in range(len(tokens) - length + 1):
            found = phrases.get(_glue(" ".join(tokens[start : start + length])))
            if found is None:
                continue
            before, after = " ".join(tokens[:start]), " ".join(tokens[start + length :])
            if around.fullmatch(before) and around.fullmatch(after):
                return found
    return None


def _glue(key: str) -> str:
    """Chinese is written without blanks: drop the ones beside its characters."""
    return _HAN_BLANKS.sub(r"\1", key) if _HAN.search(key) else key


def _spaced(key: str) -> str:
    """Each Chinese character as a word of its own, so that phrases can be found inside a run."""
    return " ".join(_HAN.sub(r" \g<0> ", key).split())


def _around_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    keys = sorted({_spaced(match_key(p)) for p in phrases if match_key(p)}, key=len, reverse=True)
    one = "|".join(re.escape(k) for k in keys)
    return re.compile(rf"(?:(?:{one})(?: (?:{one}))*)?")


def _flag(country: str) -> str:
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country)


@lru_cache(maxsize=1)
def _table() -> _Table:
    data: dict[str, Any] = read_table(_TABLE)
    alone: dict[str, Reserved] = {}
    phrases: dict[str, Reserved] = {}
    for act, forms in data["acts"].items():
        for word in forms["whole"]:
            alone.setdefault(_glue(match_key(str(word))), Reserved(act, ""))
        for language, entries in forms["words"].items():
            for entry in entries:
                _add(phrases, str(entry), act, language)
    names: dict[str, Reserved] = {}
    for code, forms in data["languages"].items():
        asked = Reserved(LANGUAGE_CHANGE, code)
        for word in forms["names"]:
            forms_of_word = [word, *(p + word for p in data["name_prefixes"])]
            for form in [*forms_of_word, *(word + s for s in data["name_suffixes"])]:
                names[_glue(match_key(form))] = asked
        for word in forms["codes"]:
            alone[match_key(str(word))] = asked
        for country in forms["flags"]:
            alone[match_key(_flag(country))] = asked
    polite = [phrase for entries in data["around"].values() for phrase in entries]
    return _Table(
        alone=alone,
        phrases=phrases,
        names=names,
        around=_around_pattern(polite),
        around_language=_around_pattern([*polite, *data["language_around"]]),
    )


def _add(phrases: dict[str, Reserved], entry: str, act: str, language: str) -> None:
    key = _glue(match_key(entry))
    known = phrases.get(key)
    if known is not None and known.act == act and known.language != language:
        phrases[key] = Reserved(act, "")  # "menu", "stop": no language owns it
    elif known is None:
        phrases[key] = Reserved(act, language)
