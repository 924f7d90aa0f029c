"""The pieces of an edition: cards, their texts, contacts, topics, countries. Frozen, pure data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne")
STAGES = ("before_departure", "in_transit", "at_destination", "return")
SECTIONS = ("law", "who", "do", "help", "care")
"""Section ids of a card's body, in the order of reading. `help` may be missing."""
REQUIRED_SECTIONS = ("law", "who", "do", "care")
CONFIDENCES = ("confirmed", "secondary", "unconfirmed")
REVIEW_STATUSES = ("draft", "checked", "reviewed")
"""From least to most trusted. Nothing is `reviewed` that no partner reviewed."""
TEXT_STATUSES = ("original", "machine", "checked", "reviewed")
"""`original`: the text was written in this language. `machine`: translated by a machine and read
by nobody yet. `checked`: read by a speaker. `reviewed`: signed off by a partner."""
KINDS = (
    "emergency", "hotline", "cso", "government", "un", "union", "embassy", "legal", "shelter",
    "health",
)  # fmt: skip
INTERNATIONAL = "INT"


def short_hash(text: str) -> str:
    """First 12 hex digits of the SHA-256 of `text` in UTF-8: the versions people read and send."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def text_hash(title: str, label: str, sms: str, body: str) -> str:
    """The version of one text. A translation keeps that of the English it was made from."""
    return short_hash(f"{title.strip()}\n{label.strip()}\n{sms.strip()}\n{body.strip()}")


@dataclass(frozen=True)
class Text:
    """A card in one language. `body` is what stands in the file, `sections` the same, cut up."""

    language: str
    title: str
    label: str
    sms: str
    sections: Mapping[str, str]
    body: str
    status: str
    source_hash: str
    stale: bool
    version: str


@dataclass(frozen=True)
class Source:
    """Where a rule stands. `read_at` is the page that was read, `read_on` when (year-month)."""

    instrument: str
    provision: str
    year: str
    url: str
    read_at: str
    read_on: str
    confidence: str


@dataclass(frozen=True)
class Review:
    """Who looked at the card, when, and until when that is trusted."""

    status: str
    by: str
    on: str
    due: date


@dataclass(frozen=True)
class Card:
    """One question a person has, answered in one or more languages. English always exists."""

    id: str
    country: str
    slug: str
    topic: str
    also: tuple[str, ...]
    stages: tuple[str, ...]
    emergency: bool
    facts: tuple[str, ...]
    questions: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]
    help: tuple[str, ...]
    related: tuple[str, ...]
    review: Review
    texts: Mapping[str, Text]
    country_languages: tuple[str, ...]
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Further messages that this card answers, by language: searched, shown to nobody."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The card's own topic first, then the others it answers."""
        return (self.topic, *self.also)

    @property
    def confidence(self) -> str:
        """The weakest confidence among the card's sources."""
        if not self.sources:
            return CONFIDENCES[-1]
        return max((source.confidence for source in self.sources), key=CONFIDENCES.index)

    def text_for(self, languages: Iterable[str]) -> tuple[str, Text]:
        """The text to show to a person who reads `languages`, best first.

        Falls back to English, then to the languages of the card's country, then to any. The
        language returned may differ from all that were asked for: the reply must say so.
        """
        for language in (*languages, "en", *self.country_languages, *self.texts):
            if language in self.texts:
                return language, self.texts[language]
        raise LookupError(f"card {self.id} has no text at all")

    def version_of(self, language: str) -> str:
        """Hash (12 hex) of what a reader of `language` sees. Raises KeyError without that text."""
        return self.texts[language].version

    @cached_property
    def version(self) -> str:
        """Hash (12 hex) of what readers of any language see: texts, sources and who can help."""
        seen = [f"{language} {text.version}" for language, text in sorted(self.texts.items())]
        seen += [f"{s.instrument} {s.provision} {s.year} {s.confidence}" for s in self.sources]
        return short_hash("\n".join([*seen, *self.help]))


@dataclass(frozen=True)
class Contact:
    """Someone who can help. `verified` is the date (year or year-month) the source vouches for."""

    id: str
    country: str
    kind: str
    name: Mapping[str, str]
    serves: Mapping[str, str]
    hours: Mapping[str, str]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    phone: str
    whatsapp: str
    url: str
    verified: str
    read_at: str
    confidence: str

    def name_in(self, language: str) -> str:
        """The name in `language`, else in English."""
        return _pick(self.name, language)

    def serves_in(self, language: str) -> str:
        """Whom it serves, in `language`, else in English; '' if unknown."""
        return _pick(self.serves, language)

    def hours_in(self, language: str) -> str:
        """When it can be reached, in `language`, else in English; '' if unknown."""
        return _pick(self.hours, language)


@dataclass(frozen=True)
class Topic:
    """One of the 22 topics; label (<= 20 characters) and meaning in nine languages."""

    id: str
    label: Mapping[str, str]
    meaning: Mapping[str, str]

    def label_in(self, language: str) -> str:
        """The short name in `language`, else in English."""
        return _pick(self.label, language)

    def meaning_in(self, language: str) -> str:
        """What people mean by it, in `language`, else in English."""
        return _pick(self.meaning, language)


@dataclass(frozen=True)
class Country:
    """A shelf of the library. `code` is ISO 3166-1 alpha-3, or INT for what holds everywhere."""

    code: str
    iso2: str
    names: Mapping[str, str]
    prefixes: tuple[str, ...]
    languages: tuple[str, ...]
    roles: tuple[str, ...]
    partners: tuple[str, ...]

    @property
    def folder(self) -> str:
        """Name of its folder under `content/cards/`."""
        return self.code.lower()

    def name_in(self, language: str) -> str:
        """The country's name in `language`, else in English."""
        return _pick(self.names, language)


def _pick(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en", "")
