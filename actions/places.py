"""Where a person is, where they come from, and where in the journey: heard, stored or supposed."""

from typing import Any

from actions.shelf import library
from actions.turn import Turn
from bot.library.model import INTERNATIONAL

ELSEWHERE = INTERNATIONAL


def place_changes(turn: Turn) -> tuple[Turn, dict[str, Any]]:
    """Return the turn with what its words say about places, and what of it to remember.

    A country that has no shelf is kept as it is, so that we can say so honestly. Who speaks of
    another country than before may well be at home, as the family of somebody abroad: for this
    turn, the one before counts as where they come from.
    """
    changes: dict[str, Any] = {}
    if turn.here and turn.here != turn.country:
        changes["country"] = turn.here
    if turn.heard_origin and turn.heard_origin != turn.origin:
        changes["origin"] = turn.heard_origin
    if turn.heard_stage and turn.heard_stage != turn.stage:
        changes["stage"] = turn.heard_stage
    supposed = {}
    if "country" in changes and turn.country in library().countries:
        supposed["origin"] = turn.origin or turn.country
    return turn.with_profile(**{**supposed, **changes}), changes


def country_for_answer(turn: Turn) -> str:
    """Return the shelf that an answer comes from, '' when we have to ask.

    Without a word about it, the phone's prefix decides where it names a country of
    destination: someone who writes from a Malaysian number asks about Malaysia. A number from
    home says where a person comes from, not where they are.
    """
    if turn.country:
        return turn.country if turn.country in library().countries else ELSEWHERE
    supposed = country_of_prefix(turn)
    if supposed and "destination" in library().countries[supposed].roles:
        return supposed
    return ""


def country_of_prefix(turn: Turn) -> str:
    """Return the shelf of the phone's prefix, '' when it has none."""
    for code, country in library().countries.items():
        if country.iso2 and country.iso2 == turn.prefix:
            return code
    return ""


def suggestions(turn: Turn) -> list[str]:
    """Return the countries to offer: the prefix's, its corridor partners, then destinations."""
    countries = library().countries
    first = country_of_prefix(turn)
    order = [first, *countries[first].partners] if first else []
    order += [code for code, country in countries.items() if "destination" in country.roles]
    order += [code for code, country in countries.items() if "transit" in country.roles]
    return list(dict.fromkeys(code for code in order if code and code != ELSEWHERE))


def name_of(code: str, language: str) -> str:
    """Return the country's name in `language`."""
    return library().countries[code].name_in(language)
