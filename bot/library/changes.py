"""What changed for readers between two states of the cards."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.library.cards import card_from_texts
from bot.library.edition import Edition
from bot.library.errors import Mistake
from bot.library.files import cut_sections
from bot.library.history import GitHistory, Kept
from bot.library.model import Card, Text

_FIELDS = ("title", "label", "sms")


@dataclass(frozen=True)
class Change:
    """One difference that a reader can notice. `language` is '' where it touches all of them."""

    card_id: str
    language: str
    place: str
    before: str
    after: str


def cards_at(edition: Edition, revision: str) -> dict[str, Card]:
    """The cards as they stood at a git revision; raises HistoryError."""
    files = GitHistory(edition.root).files_at(revision, "cards/")
    folders: dict[str, dict[str, str]] = {}
    for name, text in files.items():
        _, shelf, slug, file = name.split("/", 3)
        folders.setdefault(f"{shelf}/{slug}", {})[file] = text
    countries = {country.folder: country for country in edition.countries.values()}
    mistakes: list[Mistake] = []
    cards = {}
    for card_id, raw in folders.items():
        country = countries.get(card_id.partition("/")[0])
        if country is not None:
            card = card_from_texts(card_id, raw, country, edition.topics, mistakes)
            if card is not None:
                cards[card_id] = card
    return cards


def changes_since_version(card: Card, old: Kept) -> Iterator[Change]:
    """What readers of one text see differently since the version that was sent."""
    new = card.texts.get(old.language)
    if new is None:
        yield Change(card.id, old.language, "text", old.title, "")
        return
    sections, _, _ = cut_sections(old.body)
    before = replace(new, title=old.title, label=old.label, sms=old.sms, sections=sections)
    yield from _in_text(card.id, before, new)


def changes(before: Mapping[str, Card], after: Mapping[str, Card]) -> Iterator[Change]:
    """Cards that came, went or say something else, by card and language."""
    for card_id in sorted(before.keys() | after.keys()):
        old, new = before.get(card_id), after.get(card_id)
        if old is None and new is not None:
            yield Change(card_id, "", "card", "", new.texts["en"].title)
        elif new is None and old is not None:
            yield Change(card_id, "", "card", old.texts["en"].title, "")
        elif old is not None and new is not None:
            yield from _between(old, new)


def _between(old: Card, new: Card) -> Iterator[Change]:
    for place, before, after in (
        ("help", ", ".join(old.help), ", ".join(new.help)),
        ("sources", _sources(old), _sources(new)),
        ("review", old.review.status, new.review.status),
        ("stages", ", ".join(old.stages), ", ".join(new.stages)),
        ("topics", ", ".join(old.topics), ", ".join(new.topics)),
    ):
        if before != after:
            yield Change(new.id, "", place, before, after)
    for language in sorted(old.texts.keys() | new.texts.keys()):
        before_text, after_text = old.texts.get(language), new.texts.get(language)
        if before_text is None and after_text is not None:
            yield Change(new.id, language, "text", "", after_text.title)
        elif after_text is None and before_text is not None:
            yield Change(new.id, language, "text", before_text.title, "")
        elif before_text is not None and after_text is not None:
            yield from _in_text(new.id, before_text, after_text)


def _in_text(card_id: str, old: Text, new: Text) -> Iterator[Change]:
    for field in _FIELDS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change(card_id, new.language, field, before, after)
    for section in dict.fromkeys((*old.sections, *new.sections)):
        before, after = old.sections.get(section, ""), new.sections.get(section, "")
        if before != after:
            yield Change(card_id, new.language, f"## {section}", before, after)


def as_lines(change: Change) -> list[str]:
    """The change for a terminal: removed and added lines."""
    head = " ".join(part for part in (change.card_id, change.language, change.place) if part)
    if not change.before or not change.after:
        verb = "new" if change.after else "gone"
        return [f"{head}: {verb}: {change.after or change.before}".replace("\n", " ")]
    lines = difflib.ndiff(change.before.splitlines(), change.after.splitlines())
    return [f"{head}:", *(f"  {line}" for line in lines if line[0] in "+-")]


def _sources(card: Card) -> str:
    return "\n".join(f"{s.instrument}, {s.provision} ({s.confidence})" for s in card.sources)
