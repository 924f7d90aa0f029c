"""Countries, cities and nationalities in a message, and what each is to the person: where they
are, come from or are going. Nine languages, typing mistakes, homonyms (`data/places.yml`,
`data/roles.yml`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.understanding.gazetteer import Gazetteer, Homonym, Named, gazetteer
from bot.understanding.normalise import match_key
from bot.understanding.tables import read_table

ROLES = ("here", "destination", "origin")
_WORD = re.compile(r"[^\s.,;:!?()\"«»،؛؟。，！？、።፣/|]+")
_HAN = re.compile("[\u3400-\u9fff]+")
_SHORTEST_FUZZY = 5  # a name of fewer letters is never read into another word
_TWO_MISTAKES_FROM = 9
# In a short word a slip at the first letter makes another word more often than a name: "manger" is
# not Tanger, nor "danger".
_FREE_FIRST_FROM = 7
_EXACT, _FUZZY = 0.95, 0.75
_AFFIXES = {
    "ar": (("بال", "فال", "وال", "لل", "ال", "ب", "ف", "ل", "و"), ()),
    "am": (("እንደ", "ወደ", "በ", "ከ", "የ", "ለ"), ("ን", "ም", "ዊት", "ያ", "ዎች")),
    "ne": ((), ("बाट", "देखि", "सम्म", "तिर", "लाई", "मा", "मै", "को", "का", "की", "ले", "ma",
                "ko", "bata")),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A country named in a message: ISO 3166-1 alpha-3, the words' place in the text, and the
    role that the wording gives it (here, origin, destination, or '' when it says nothing)."""

    country: str
    role: str
    text: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class _Word:
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class _Found:
    named: Named
    first: int  # index of the first word
    last: int
    confidence: float
    affix_role: str


def find(text: str, language: str = "en", known: str | None = None) -> tuple[Place, ...]:
    """Return the places that `text` names, in its order, each country once per role; denied places
    ("I am not in Malaysia") are left out. `known` is the country where the person is, if known: of
    places with one name it is the one meant."""
    words = _words(text)
    names = gazetteer()
    told: list[tuple[_Found, str]] = []
    position = 0
    while position < len(words):
        found = _at(words, position, names, language)
        if found is None:
            position += 1
            continue
        role = _role(words, found, language)
        if role is not None:
            told.append((found, role))
        position = found.last + 1
    sure = {known, *(found.named.country for found, _ in told if not found.named.others)}
    return _once([_place(text, words, found, role, sure) for found, role in told])


def _place(
    text: str, words: Sequence[_Word], found: _Found, role: str, sure: Collection[str | None]
) -> Place:
    """The place in the country that is `sure`, where several have one of that name."""
    start, end = words[found.first].start, words[found.last].end
    countries = (found.named.country, *found.named.others)
    country = next((code for code in countries if code in sure), countries[0])
    return Place(country, role, text[start:end], start, end, found.confidence)


def _words(text: str) -> list[_Word]:
    """Words with their position; a run of Chinese characters becomes one word a character."""
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        rest = match.start()
        for run in _HAN.finditer(match.group()):
            begin = match.start() + run.start()
            _add(words, text, rest, begin)
            words.extend(_Word(text[i], i, i + 1) for i in range(begin, begin + len(run.group())))
            rest = begin + len(run.group())
        _add(words, text, rest, match.end())
    return words


def _add(words: list[_Word], text: str, start: int, end: int) -> None:
    for part in re.finditer(r"[^'’\-]+", text[start:end]):
        key = match_key(part.group())
        if key:
            words.append(_Word(key, start + part.start(), start + part.end()))


def _at(words: Sequence[_Word], position: int, names: Gazetteer, language: str) -> _Found | None:
    """The longest name that begins at `position`."""
    for length in range(min(names.longest, len(words) - position), 0, -1):
        span = words[position : position + length]
        han = _HAN.fullmatch(span[0].key) is not None
        key = ("" if han else " ").join(word.key for word in span)
        last = position + length - 1
        for form, role in _forms(key, language):
            named = names.names.get(form)
            if named is None:
                continue
            if _meant(words, position, last, names.homonyms.get(form)):
                return _Found(named, position, last, _EXACT, role)
            return None
        if length == 1 and not han:
            return _mistyped(key, position, names, language)
    return None


def _forms(key: str, language: str) -> list[tuple[str, str]]:
    """The word itself and without joined particles, each with the role that the particle gives."""
    forms = [(key, "")]
    heads, tails = _AFFIXES.get(language, ((), ()))
    roles = _roles(language)
    for head in heads:
        head_key = match_key(head)
        if key.startswith(head_key) and len(key) - len(head_key) >= 2:
            forms.append((key[len(head_key) :], roles.prefix.get(head_key, "")))
    for tail in tails:
        tail_key = match_key(tail)
        if key.endswith(tail_key) and len(key) - len(tail_key) >= 3:
            forms.append((key[: -len(tail_key)], roles.suffix.get(tail_key, "")))
    return forms


def _mistyped(key: str, position: int, names: Gazetteer, language: str) -> _Found | None:
    """A name one letter away (two in long names), if it is the only country so near."""
    if len(key) < _SHORTEST_FUZZY or key in _ordinary_words():
        return None
    allowed = 2 if len(key) >= _TWO_MISTAKES_FROM else 1
    near = process.extract(
        key, names.fuzzy, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=6
    )
    distances = {
        name: distance
        for name, distance, _ in near
        if len(name) >= _SHORTEST_FUZZY and (name[0] == key[0] or len(key) >= _FREE_FIRST_FROM)
    }
    if not distances:
        return None
    best = [name for name in distances if distances[name] == min(distances.values())]
    if len({names.names[name].country for name in best}) != 1:
        return None
    return _Found(names.names[best[0]], position, position, _FUZZY, "")


def _meant(words: Sequence[_Word], first: int, last: int, homonym: Homonym | None) -> bool:
    if homonym is None or (homonym.alone and last - first + 1 == len(words)):
        return True
    before, after = _before(words, first), _after(words, last)
    if homonym.needs and not any(before.endswith(" " + need) for need in homonym.needs):
        return False
    if any(before.endswith(" " + word) for word in homonym.not_before):
        return False
    return not any(after.startswith(word + " ") for word in homonym.not_after)


def _before(words: Sequence[_Word], first: int) -> str:
    return " " + " ".join(word.key for word in words[max(0, first - 4) : first])


def _after(words: Sequence[_Word], last: int) -> str:
    return " ".join(word.key for word in words[last + 1 : last + 5]) + " "


def _role(words: Sequence[_Word], found: _Found, language: str) -> str | None:
    """The role that the words beside a place give it; None when they deny it."""
    roles = _roles(language)
    before = _before(words, found.first)
    for word in roles.skip:
        before = before.removesuffix(" " + word)
    after = _after(words, found.last)
    if any(before.endswith(" " + phrase) for phrase in roles.denied):
        return None
    if found.affix_role:
        return found.affix_role
    best = ("", 0)
    for role, phrases in roles.before.items():
        for phrase in phrases:
            if len(phrase) > best[1] and before.endswith(" " + phrase):
                best = (role, len(phrase))
    if best[0] and not found.named.people:
        return best[0]
    for role, phrases in roles.after.items():
        if any(after.startswith(phrase + " ") for phrase in phrases):
            return role
    if found.named.people:
        return "origin" if best[0] != "here" else ""
    return best[0]


def _once(places: Sequence[Place]) -> tuple[Place, ...]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for place in places:
        if (place.country, place.role) not in seen:
            seen.add((place.country, place.role))
            kept.append(place)
    return tuple(kept)


@dataclass(frozen=True)
class _Roles:
    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]
    denied: Sequence[str]
    prefix: Mapping[str, str]
    suffix: Mapping[str, str]
    skip: Sequence[str]


@lru_cache(maxsize=16)
def _roles(language: str) -> _Roles:
    data: dict[str, Any] = read_table(_FOLDER / "roles.yml")
    told = data.get(language, data["en"])

    def keys(phrases: Sequence[Any]) -> list[str]:
        joined = (match_key(str(phrase)) for phrase in phrases)
        return [" ".join(_HAN.sub(lambda m: " ".join(m.group()), key).split()) for key in joined]

    def particles(part: str) -> dict[str, str]:
        groups = told.get(part, {})
        return {match_key(p): role for role, many in groups.items() for p in many}

    before = {role: keys(told["before"].get(role, ())) for role in ROLES}
    after = {role: keys(told["after"].get(role, ())) for role in ROLES}
    return _Roles(
        before, after, keys(told["before"].get("not", ())), particles("prefix"),
        particles("suffix"),
        keys(data["skip"].get(language, ())),
    )  # fmt: skip


_FOLDER = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def _ordinary_words() -> frozenset[str]:
    """Words of everyday messages that must not be read as mistyped names ("nurse", "change")."""
    return frozenset((_FOLDER / "ordinary_words.txt").read_text("utf-8").split())


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Words that only lead to or from a place ("i am in", "from", "vivo en"), in all languages."""
    data: dict[str, Any] = read_table(_FOLDER / "roles.yml")
    return frozenset(match_key(str(word)) for word in data["small"])
