"""The treaties behind a right, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.library.treaties import Backing, TreatyView

_PARTY = {"yes": "party", "no": "not party", "signed_only": "signed only", "unclear": "unclear"}


def lines(view: TreatyView) -> Iterator[str]:
    """Instruments that bind first, each with its date and what the knowledge is worth."""
    yield f"{view.country} {view.topic}"
    for backing in view.backings:
        cited = f"{backing.name}, {backing.provision}" if backing.provision else backing.name
        yield f"  {cited}: {_state(backing)}"
        known = backing.commitment
        if known is not None and known.reservations:
            yield f"    reservation: {known.reservations}"
        if known is not None and known.note:
            yield f"    note: {known.note}"
    for objective in view.objectives:
        yield f"  Compact objective {objective.number} (not binding): {objective.short}"


def _state(backing: Backing) -> str:
    known = backing.commitment
    if known is None:
        return "no country asked for"
    since = f" since {known.since}" if known.party == "yes" and known.since else ""
    doubt = " (date from memory)" if since and known.since_confidence == "unconfirmed" else ""
    as_of = f", as of {known.as_of}" if known.as_of else ""
    return f"{_PARTY[known.party]}{since}{doubt} ({known.confidence}{as_of})"
