"""Which binding instruments stand behind a right in a country, and the Compact's objectives.

The Global Compact for Migration (A/RES/73/195) binds nobody; it is kept apart from the treaties.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.library.errors import Mistake
from bot.library.fields import Fields
from bot.library.model import CONFIDENCES, INTERNATIONAL
from bot.library.shelves import read_fields

PARTY = ("yes", "no", "signed_only", "unclear")
_CELL_KEYS = (
    "party", "since", "how", "as_of", "confidence", "since_confidence", "reservations", "note",
    "read_at",
)  # fmt: skip


@dataclass(frozen=True)
class Commitment:
    """What one country has to do with one instrument. `as_of`: until when the source speaks.

    `party` is yes, no, signed_only or unclear; a `no` only says that the country was not in the
    list at `as_of`. `since` is a day or a year, '' if unknown.
    """

    party: str
    since: str
    how: str
    as_of: str
    confidence: str
    since_confidence: str
    reservations: str
    note: str
    read_at: str


@dataclass(frozen=True)
class Backing:
    """One instrument behind a right; `commitment` is None for INT (no country to be party)."""

    instrument: str
    name: str
    provision: str
    commitment: Commitment | None

    @property
    def binds(self) -> bool:
        """True when the country is party according to a source that somebody read."""
        known = self.commitment
        return known is not None and known.party == "yes" and known.confidence != "unconfirmed"


@dataclass(frozen=True)
class Objective:
    """An objective of the Compact, in our words; not binding."""

    number: int
    paragraph: str
    short: str
    confidence: str


@dataclass(frozen=True)
class TreatyView:
    """What stands behind one topic in one country: treaties that bind first."""

    country: str
    topic: str
    backings: tuple[Backing, ...]
    objectives: tuple[Objective, ...]

    @property
    def binding(self) -> tuple[Backing, ...]:
        """Only those that bind the country."""
        return tuple(backing for backing in self.backings if backing.binds)


@dataclass(frozen=True)
class Treaties:
    """The whole table of `treaties.yml`."""

    names: Mapping[str, str]
    by_topic: Mapping[str, tuple[tuple[str, str], ...]]
    objectives: Mapping[int, Objective]
    objectives_of: Mapping[str, tuple[int, ...]]
    cells: Mapping[str, Mapping[str, Commitment]]

    def view(self, country: str, topic: str) -> TreatyView:
        """What stands behind `topic` in `country`; empty for a topic without any instrument."""
        cells = self.cells.get(country, {})
        backings = [
            Backing(instrument, self.names[instrument], provision, cells.get(instrument))
            for instrument, provision in self.by_topic.get(topic, ())
        ]
        if country != INTERNATIONAL:
            backings.sort(key=lambda backing: not backing.binds)
        numbers = self.objectives_of.get(topic, ())
        return TreatyView(
            country, topic, tuple(backings), tuple(self.objectives[number] for number in numbers)
        )


def read_treaties(root: Path, topics: Collection[str], mistakes: list[Mistake]) -> Treaties:
    """`treaties.yml`; an edition without that file has no treaties."""
    if not (root / "treaties.yml").exists():
        return Treaties({}, {}, {}, {}, {})
    fields = read_fields(root, "treaties.yml", mistakes)
    names = {
        instrument: fields.part("instruments").part(instrument).text("name")
        for instrument in fields.part("instruments").values
    }
    objectives = {objective.number: objective for objective in _objectives(fields)}
    return Treaties(
        names=names,
        by_topic=_by_topic(fields.part("topics"), topics, names),
        objectives=objectives,
        objectives_of=_objectives_of(fields.part("topics_to_objectives"), topics, objectives),
        cells={
            country: _cells(fields.part("countries").part(country), names)
            for country in fields.part("countries").values
        },
    )


def _objectives(fields: Fields) -> list[Objective]:
    found = []
    for part in fields.parts("objectives"):
        part.expect_keys(("n", "paragraph", "short", "confidence"))
        number = part.text("n")
        if not number.isdigit():
            part.wrong("n", "must be a number")
            continue
        confidence = part.choice("confidence", CONFIDENCES)
        found.append(Objective(int(number), part.text("paragraph"), part.text("short"), confidence))
    return found


def _by_topic(
    fields: Fields, topics: Collection[str], names: Collection[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    fields.expect_keys((), topics)
    found = {}
    for topic in fields.values:
        rows = []
        for part in fields.parts(topic):
            part.expect_keys(("instrument", "provision"))
            instrument = part.choice("instrument", names)
            if instrument in names:
                rows.append((instrument, part.text("provision", required=False)))
        found[topic] = tuple(rows)
    return found


def _objectives_of(
    fields: Fields, topics: Collection[str], objectives: Collection[int]
) -> dict[str, tuple[int, ...]]:
    fields.expect_keys((), topics)
    known = tuple(str(number) for number in objectives)
    return {
        topic: tuple(int(number) for number in fields.words(topic, known) if number in known)
        for topic in fields.values
    }


def _cells(fields: Fields, names: Collection[str]) -> dict[str, Commitment]:
    fields.expect_keys((), names)
    found = {}
    for instrument in fields.values:
        part = fields.part(instrument)
        part.expect_keys(_CELL_KEYS)
        texts = {
            key: part.text(key, required=False)
            for key in _CELL_KEYS
            if key not in ("party", "confidence", "since_confidence")
        }
        found[instrument] = Commitment(
            party=part.choice("party", PARTY),
            confidence=part.choice("confidence", CONFIDENCES),
            since_confidence=part.choice("since_confidence", CONFIDENCES),
            **texts,
        )
    return found
