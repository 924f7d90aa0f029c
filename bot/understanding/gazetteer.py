"""Names of countries, nationalities and cities in nine languages, as people write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

from bot.understanding.cities import cities
from bot.understanding.normalise import match_key
from bot.understanding.tables import read_table

_FOLDER = Path(__file__).parent / "data"
_CLDR_LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "am", "ne")
_SHORTEST_CLDR = 4


@dataclass(frozen=True)
class Named:
    """What a name means: a country, and whether the name is of its people; `others` are countries
    with a place of the same name."""

    country: str
    people: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Homonym:
    """When a name that is also another word means the place: a word of `needs` before it (if any
    are given), none of `not_before` before it and none of `not_after` after it. With `alone`, also
    where it is all that is written."""

    needs: tuple[str, ...]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    alone: bool


@dataclass(frozen=True)
class Gazetteer:
    """All names by comparable form; `fuzzy` holds those that a typing mistake may stand for."""

    names: Mapping[str, Named]
    fuzzy: tuple[str, ...]
    homonyms: Mapping[str, Homonym]
    longest: int


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the names, read once."""
    data: dict[str, Any] = read_table(_FOLDER / "places.yml")
    names: dict[str, Named] = {}
    fuzzy: list[str] = []
    for country, told in data["countries"].items():
        for name in told["names"]:
            names[match_key(str(name))] = Named(country)
        for name in told["people"]:
            names[match_key(str(name))] = Named(country, people=True)
        for name in told["cities"]:
            names[match_key(str(name))] = Named(country)
        fuzzy.extend(
            match_key(str(n)) for part in ("names", "people", "cities") for n in told[part]
        )
    for country, areas in data["areas"].items():
        for name in areas:
            names.setdefault(match_key(str(name)), Named(country))
    for name, country in _cldr():
        names.setdefault(name, Named(country))
        fuzzy.append(name)
    for name, country in cities().items():
        names.setdefault(name, Named(country))
    for name, (country, *others) in data["either"].items():
        names[match_key(str(name))] = Named(country, others=tuple(others))
    homonyms = {match_key(str(word)): _homonym(told) for word, told in data["homonyms"].items()}
    longest = max(len(name.split()) for name in names)
    return Gazetteer(names, tuple(dict.fromkeys(fuzzy)), homonyms, longest)


def _homonym(told: Mapping[str, Any]) -> Homonym:
    def words(part: str) -> tuple[str, ...]:
        return tuple(match_key(str(word)) for word in told.get(part, ()))

    return Homonym(words("needs"), words("not_before"), words("not_after"), bool(told.get("alone")))


def _cldr() -> list[tuple[str, str]]:
    """CLDR's names of all countries with an ISO code, in our languages."""
    iso3 = _iso3()
    found = []
    for language in _CLDR_LANGUAGES:
        for iso2, name in Locale(language).territories.items():
            key = match_key(name)
            country = iso3.get(iso2)
            if country and (len(key) >= _SHORTEST_CLDR or not key.isascii()) and len(key) > 1:
                found.append((key, country))
    return found


def _iso3() -> dict[str, str]:
    rows = (_FOLDER / "iso3166.tsv").read_text("utf-8").split("\n")
    return dict(row.split("\t") for row in rows if row and not row.startswith("#"))
