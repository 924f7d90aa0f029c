"""What the edition answers: country by topic, with stages, languages and the gaps in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.library.edition import Edition
from bot.library.model import INTERNATIONAL, STAGES

MUST_ANSWER = (
    "detention", "wages", "documents", "health", "education", "violence", "trafficking",
    "discrimination", "border_asylum", "deportation", "housing",
)  # fmt: skip
"""What every destination country answers from its own shelf (`detention` is arrest)."""


@dataclass(frozen=True)
class Cell:
    """One country and topic. `fallback`: international cards that answer where there is none."""

    country: str
    topic: str
    cards: tuple[str, ...]
    stages: dict[str, tuple[str, ...]]
    languages: dict[str, int]
    fallback: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """No card of the country itself answers."""
        return not self.cards


@dataclass(frozen=True)
class Gap:
    """A topic without an own card; `missing` names a stage or a language, '' for all of it."""

    country: str
    topic: str
    missing: str
    fallback: tuple[str, ...]
    required: bool


def must_answer(edition: Edition) -> Iterator[tuple[str, str]]:
    """Destination country and topic of every answer that may not be missing."""
    for country in edition.countries.values():
        if "destination" in country.roles:
            yield from ((country.code, topic) for topic in MUST_ANSWER if topic in edition.topics)


def humans(edition: Edition) -> dict[str, tuple[str, ...]]:
    """For each destination the contacts that can be reached and are more than a rumour, without
    the emergency numbers: its ways to a human."""
    return {
        country.code: tuple(
            contact.id
            for contact in edition.contacts[country.code]
            if contact.kind != "emergency"
            and contact.confidence != "unconfirmed"
            and (contact.phone or contact.whatsapp or contact.url)
        )
        for country in edition.countries.values()
        if "destination" in country.roles
    }


def cells(edition: Edition) -> list[Cell]:
    """Every country but INT, then INT, by every topic."""
    by_shelf: dict[tuple[str, str], list[str]] = {}
    for card in edition.cards.values():
        for topic in card.topics:
            by_shelf.setdefault((card.country, topic), []).append(card.id)
    return [
        _cell(edition, country, topic, by_shelf)
        for country in edition.countries
        for topic in edition.topics
    ]


def _cell(
    edition: Edition, country: str, topic: str, by_shelf: dict[tuple[str, str], list[str]]
) -> Cell:
    ids = by_shelf.get((country, topic), [])
    cards = [edition.cards[card_id] for card_id in ids]
    fallback = [] if country == INTERNATIONAL else by_shelf.get((INTERNATIONAL, topic), [])
    languages = edition.countries[country].languages
    return Cell(
        country=country,
        topic=topic,
        cards=tuple(ids),
        stages={
            stage: tuple(card.id for card in cards if stage in card.stages) for stage in STAGES
        },
        languages={
            language: sum(language in card.texts for card in cards) for language in languages
        },
        fallback=tuple(fallback),
    )


def gaps(edition: Edition) -> list[Gap]:
    """What is missing: whole topics, stages of a topic, languages of a topic; required first."""
    required = set(must_answer(edition))
    found = []
    for cell in cells(edition):
        if cell.country == INTERNATIONAL:
            continue
        needed = (cell.country, cell.topic) in required
        if cell.is_gap:
            found.append(Gap(cell.country, cell.topic, "", cell.fallback, needed))
            continue
        found.extend(
            Gap(cell.country, cell.topic, stage, cell.fallback, False)
            for stage, cards in cell.stages.items()
            if not cards
        )
        found.extend(
            Gap(cell.country, cell.topic, language, cell.fallback, needed)
            for language, count in cell.languages.items()
            if not count
        )
    return sorted(found, key=lambda gap: (not gap.required, gap.country, gap.topic, gap.missing))


def as_json(edition: Edition) -> dict[str, Any]:
    """The whole table and its gaps, for other programs."""
    return {
        "cells": [
            {
                "country": cell.country,
                "topic": cell.topic,
                "cards": list(cell.cards),
                "stages": {stage: list(ids) for stage, ids in cell.stages.items()},
                "languages": cell.languages,
                "fallback": list(cell.fallback),
            }
            for cell in cells(edition)
        ],
        "gaps": [
            {
                "country": gap.country,
                "topic": gap.topic,
                "missing": gap.missing,
                "fallback": list(gap.fallback),
                "required": gap.required,
            }
            for gap in gaps(edition)
        ],
        "texts": texts_by_language(edition),
        "humans": {country: list(contacts) for country, contacts in humans(edition).items()},
    }


def texts_by_language(edition: Edition) -> dict[str, dict[str, int]]:
    """Language to status to number of texts."""
    table: dict[str, dict[str, int]] = {}
    for card in edition.cards.values():
        for language, text in card.texts.items():
            statuses = table.setdefault(language, {})
            statuses[text.status] = statuses.get(text.status, 0) + 1
    return table
