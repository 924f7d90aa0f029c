"""Topics and countries: labels that fit a button, names in every language, corridors both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.library.errors import Mistake
from bot.library.lint.scope import Scope
from bot.library.model import INTERNATIONAL, LANGUAGES, Country

BUTTON_LIMIT = 20
"""WhatsApp: the title of a quick-reply button."""


def check_topics(scope: Scope) -> Iterator[Mistake]:
    """Every topic has a label for a button and a meaning in each language."""
    for topic in scope.edition.topics.values():
        yield from _complete("topics.yml", f"topics[{topic.id}].label", topic.label)
        yield from _complete("topics.yml", f"topics[{topic.id}].meaning", topic.meaning)
        for language, label in topic.label.items():
            if len(label) > BUTTON_LIMIT:
                place = f"topics[{topic.id}].label.{language}"
                reason = f"{len(label)} characters, at most {BUTTON_LIMIT} (a button)"
                yield Mistake("topics.yml", place, reason, "length")


def check_countries(scope: Scope) -> Iterator[Mistake]:
    """Every country has its codes, its names, English, and partners that know of it."""
    countries = scope.edition.countries
    if INTERNATIONAL not in countries:
        reason = "INT, where all answers fall back to, is missing"
        yield Mistake("countries.yml", "", reason, "schema")
    for country in countries.values():
        place = f"countries[{country.code}]"
        yield from _complete("countries.yml", f"{place}.names", country.names)
        yield from _check_codes(place, country)
        for partner in country.partners:
            if country.code not in getattr(countries.get(partner), "partners", ()):
                reason = f"`{partner}` does not name {country.code} as its partner"
                yield Mistake("countries.yml", f"{place}.partners", reason, "links")


def check_treaties(scope: Scope) -> Iterator[Mistake]:
    """Each cell says where and until when it was read; each country has its cells."""
    treaties = scope.edition.treaties
    for country, cells in treaties.cells.items():
        place = f"countries.{country}"
        if country not in scope.edition.countries:
            yield Mistake("treaties.yml", place, "no such country", "links")
        for instrument, cell in cells.items():
            if cell.confidence != "unconfirmed" and not (cell.read_at and cell.as_of):
                reason = f"{cell.confidence}, but without read_at and as_of"
                yield Mistake("treaties.yml", f"{place}.{instrument}", reason, "sources")
    for country in scope.edition.countries:
        if treaties.names and country != INTERNATIONAL and country not in treaties.cells:
            yield Mistake("treaties.yml", f"countries.{country}", "is missing", "schema")


def _check_codes(place: str, country: Country) -> Iterator[Mistake]:
    if not re.match(r"[A-Z]{3}$", country.code):
        reason = f"`{country.code}` is not three capital letters"
        yield Mistake("countries.yml", f"{place}.code", reason, "schema")
    if country.languages[:1] != ("en",):
        yield Mistake("countries.yml", f"{place}.languages", "must begin with en", "schema")
    if country.code == INTERNATIONAL:
        return
    if not re.match(r"[A-Z]{2}$", country.iso2):
        reason = f"`{country.iso2}` is not two capital letters"
        yield Mistake("countries.yml", f"{place}.iso2", reason, "schema")
    if not country.roles:
        yield Mistake("countries.yml", f"{place}.roles", "is empty", "schema")
    if not country.prefixes or not all(prefix.isdigit() for prefix in country.prefixes):
        yield Mistake("countries.yml", f"{place}.prefixes", "digits, without +", "schema")


def _complete(file: str, place: str, texts: Mapping[str, str]) -> Iterator[Mistake]:
    for language in LANGUAGES:
        if not texts.get(language):
            yield Mistake(file, f"{place}.{language}", "is missing", "languages")
