"""What a card stands on: sources, facts, and the review that vouches for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.library.errors import Mistake
from bot.library.lint.scope import Scope, card_file
from bot.library.model import INTERNATIONAL, Source
from bot.library.serving import GRACE

LONGEST_TRUST = timedelta(days=366)
"""Nobody vouches for law for longer than a year."""

_YEAR = re.compile(r"(\d{4}([-/,; ]+(\d{4}|\d{2}))*)?$")
_MONTH = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?$")
_PAGE = re.compile(r"https?://\S+$")


def check_sources(scope: Scope) -> Iterator[Mistake]:
    """Each card names its law, the page that was read, and how sure that is."""
    for card in scope.cards:
        file = card_file(card)
        if not card.sources:
            yield Mistake(file, "sources", "a card without a source is an opinion", "sources")
        for number, source in enumerate(card.sources, start=1):
            for key, reason in _source_mistakes(source):
                yield Mistake(file, f"sources[{number}].{key}", reason, "sources")


def check_review(scope: Scope) -> Iterator[Mistake]:
    """A review that is claimed has a person and a day; a card far overdue is served to nobody."""
    for card in scope.cards:
        file, review = card_file(card), card.review
        if review.status == "draft" and (review.by or review.on):
            reason = "a draft was reviewed by nobody: leave `by` and `on` empty"
            yield Mistake(file, "review", reason, "review")
        if review.status != "draft":
            yield from _check_reviewed(file, review.by, review.on, scope.today, review.due)
        if review.due != date.min and scope.today > review.due + GRACE:
            reason = f"due on {review.due}: readers no longer get this card"
            yield Mistake(file, "review.due", reason, "overdue")
        if review.due > scope.today + LONGEST_TRUST:
            reason = f"{review.due} is more than a year away"
            yield Mistake(file, "review.due", reason, "dates")


def check_facts(scope: Scope) -> Iterator[Mistake]:
    """Every fact of the research lands in a card, or in unused_facts.yml with a reason."""
    used: set[str] = set()
    for card in scope.cards:
        file = card_file(card)
        if not card.facts and scope.facts:
            yield Mistake(file, "facts", "names no fact", "facts")
        for fact in card.facts:
            used.add(fact)
            known = scope.facts.get(fact)
            if known is None and scope.facts:
                yield Mistake(file, "facts", f"no fact `{fact}` in facts.yml", "facts")
            elif known is not None and known.country not in (card.country, INTERNATIONAL):
                partners = scope.edition.countries[card.country].partners
                if known.country not in partners:
                    reason = f"`{fact}` is a fact of {known.country}"
                    yield Mistake(file, "facts", reason, "facts")
    for fact in sorted(scope.facts.keys() - used - scope.unused_facts.keys()):
        reason = f"`{fact}` is in no card and not in unused_facts.yml"
        yield Mistake("facts.yml", fact, reason, "facts")
    for fact in sorted(scope.unused_facts.keys() & used):
        yield Mistake("unused_facts.yml", fact, "is used by a card", "facts")
    for fact in sorted(scope.unused_facts.keys() - scope.facts.keys()):
        yield Mistake("unused_facts.yml", fact, "is not in facts.yml", "facts")


def _source_mistakes(source: Source) -> Iterator[tuple[str, str]]:
    if not _YEAR.match(source.year):
        yield "year", f"`{source.year}` is not a year"
    if source.url and not _PAGE.match(source.url):
        yield "url", f"`{source.url}` is not an address of a page"
    if not _MONTH.match(source.read_on):
        yield "read_on", f"`{source.read_on}` is not a month like 2026-11"
    if not source.read_at and source.confidence != "unconfirmed":
        yield "read_at", f"{source.confidence}, but no page was read"


def _check_reviewed(file: str, by: str, on: str, today: date, due: date) -> Iterator[Mistake]:
    if not by:
        yield Mistake(file, "review.by", "who reviewed it?", "review")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        yield Mistake(file, "review.on", f"`{on}` is not a day like 2026-11-23", "review")
        return
    if day > today:
        yield Mistake(file, "review.on", f"{day} is in the future", "dates")
    if due < day:
        yield Mistake(file, "review.due", f"{due} is before the review", "dates")
