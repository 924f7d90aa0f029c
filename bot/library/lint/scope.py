"""What the rules look at: the edition, the day, and the lists that only the linter reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.library.edition import Edition
from bot.library.errors import Mistake
from bot.library.fields import Fields
from bot.library.model import LANGUAGES, Card, Contact, Text
from bot.library.shelves import read_fields


@dataclass(frozen=True)
class Claim:
    """Something a card must never say (`content/forbidden.yml`)."""

    id: str
    languages: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    reason: str
    example: str


@dataclass(frozen=True)
class Fact:
    """A fact of the research: the ground that a card stands on."""

    id: str
    topic: str
    country: str


@dataclass(frozen=True)
class Scope:
    """One run of the linter."""

    edition: Edition
    today: date
    claims: tuple[Claim, ...]
    facts: Mapping[str, Fact]
    unused_facts: Mapping[str, str]

    @property
    def cards(self) -> list[Card]:
        """Every card that could be read."""
        return list(self.edition.cards.values())

    def texts(self) -> Iterator[tuple[Card, Text]]:
        """Every text of every card."""
        for card in self.cards:
            for text in card.texts.values():
                yield card, text

    def contacts(self) -> Iterator[Contact]:
        """Every contact of every country."""
        for shelf in self.edition.contacts.values():
            yield from shelf


def card_file(card: Card) -> str:
    """The file of a card's data, from the content folder on."""
    return f"cards/{card.id}/card.yml"


def text_file(card: Card, text: Text) -> str:
    """The file of a card's text, from the content folder on."""
    return f"cards/{card.id}/{text.language}.md"


def read_scope(edition: Edition, today: date, mistakes: list[Mistake]) -> Scope:
    """Read the linter's own lists beside the edition; a missing list is an empty one."""
    return Scope(
        edition=edition,
        today=today,
        claims=tuple(_claims(edition, mistakes)),
        facts={fact.id: fact for fact in _facts(edition, mistakes)},
        unused_facts=_unused_facts(edition, mistakes),
    )


def _optional(edition: Edition, name: str, mistakes: list[Mistake]) -> Fields:
    if (edition.root / name).exists():
        return read_fields(edition.root, name, mistakes)
    return Fields({}, name, mistakes)


def _claims(edition: Edition, mistakes: list[Mistake]) -> Iterator[Claim]:
    for part in _optional(edition, "forbidden.yml", mistakes).parts("claims"):
        part.expect_keys(("id", "languages", "pattern", "reason", "example"), ("except",))
        pattern, unless = _pattern(part, "pattern"), _pattern(part, "except")
        if pattern is not None:
            yield Claim(
                id=part.text("id"),
                languages=part.words("languages", LANGUAGES),
                pattern=pattern,
                unless=unless,
                reason=part.text("reason"),
                example=part.text("example"),
            )


def _pattern(part: Fields, key: str) -> re.Pattern[str] | None:
    if key not in part.values:
        return None
    try:
        return re.compile(part.text(key), re.IGNORECASE)
    except re.error as error:
        part.wrong(key, f"is not a regular expression: {error}")
        return None


def _facts(edition: Edition, mistakes: list[Mistake]) -> Iterator[Fact]:
    for part in _optional(edition, "facts.yml", mistakes).parts("facts"):
        part.expect_keys(("id", "topic", "country"))
        topic = part.choice("topic", edition.topics)
        yield Fact(part.text("id"), topic, part.choice("country", edition.countries))


def _unused_facts(edition: Edition, mistakes: list[Mistake]) -> dict[str, str]:
    unused = {}
    for part in _optional(edition, "unused_facts.yml", mistakes).parts("facts"):
        part.expect_keys(("id", "reason"))
        unused[part.text("id")] = part.text("reason")
    return unused
