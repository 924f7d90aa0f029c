"""Coverage as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.channels.segments import measure
from bot.library.coverage import Cell, cells, gaps, humans, must_answer, texts_by_language
from bot.library.edition import Edition
from bot.library.model import INTERNATIONAL, STAGES

_STAGE_LETTERS = dict(zip(STAGES, "btdr", strict=True))


def lines(edition: Edition, country: str = "") -> Iterator[str]:
    """The table of all countries, or one country in detail, then the gaps and the counts."""
    table = cells(edition)
    if country:
        yield from _country([cell for cell in table if cell.country == country.upper()])
    else:
        yield from _table(edition, table)
        yield ""
        ways = ", ".join(f"{code} {len(ids)}" for code, ids in humans(edition).items())
        yield f"ways to a human (reachable contacts, no emergency numbers): {ways}"
        yield from _counts(edition)
    yield ""
    yield from _gaps(edition, country.upper())


def _table(edition: Edition, table: list[Cell]) -> Iterator[str]:
    countries = list(edition.countries)
    required = set(must_answer(edition))
    width = max((len(topic) for topic in edition.topics), default=0)
    yield f"cards by topic and country; . none of its own (* required){'':4}"
    yield " " * width + "".join(f"{code:>5}" for code in countries)
    by_place = {(cell.country, cell.topic): cell for cell in table}
    for topic in edition.topics:
        row = f"{topic:{width}}"
        for code in countries:
            count = len(by_place[code, topic].cards)
            mark = str(count) if count else ".*" if (code, topic) in required else "."
            row += f"{mark:>5}"
        yield row


def _country(table: list[Cell]) -> Iterator[str]:
    yield "stages: b before departure, t in transit, d at destination, r return"
    for cell in table:
        stages = "".join(
            _STAGE_LETTERS[stage] if ids else "." for stage, ids in cell.stages.items()
        )
        languages = " ".join(f"{code} {count}" for code, count in cell.languages.items())
        fallback = f"; int: {', '.join(cell.fallback) or 'nothing'}" if cell.is_gap else ""
        yield f"{cell.topic:18} {len(cell.cards):3} cards  {stages}  {languages}{fallback}"


def _counts(edition: Edition) -> Iterator[str]:
    statuses: dict[str, int] = {}
    for card in edition.cards.values():
        statuses[card.review.status] = statuses.get(card.review.status, 0) + 1
    yield f"{len(edition.cards)} cards: " + _pairs(statuses)
    for language, counts in sorted(texts_by_language(edition).items()):
        costs = _segments(edition, language)
        yield f"{language}: {sum(counts.values())} texts: {_pairs(counts)}; short text {costs}"


def _segments(edition: Edition, language: str) -> str:
    """How many SMS segments the short texts of a language take, without menu and footing."""
    texts = [card.texts[language] for card in edition.cards.values() if language in card.texts]
    counts = Counter(measure(text.sms).segments for text in texts)
    return ", ".join(f"{count} in {segments}" for segments, count in sorted(counts.items()))


def _gaps(edition: Edition, country: str) -> Iterator[str]:
    found = [gap for gap in gaps(edition) if not country or gap.country == country]
    whole = [gap for gap in found if not gap.missing]
    for gap in whole:
        mark = "required, " if gap.required else ""
        back = f"int answers: {', '.join(gap.fallback)}" if gap.fallback else "NOTHING answers"
        yield f"gap: {gap.country} {gap.topic}: {mark}{back}"
    if country:
        for gap in found:
            if gap.missing:
                yield f"gap: {gap.country} {gap.topic} in {gap.missing}"
    silent = sum(not gap.fallback for gap in whole)
    needed = sum(gap.required for gap in whole)
    stages = sum(gap.missing in STAGES for gap in found)
    yield (
        f"{len(whole)} topics without a card of their own ({needed} of them required),"
        f" {silent} not answered by {INTERNATIONAL.lower()} either;"
        f" {stages} stages of answered topics without a card"
    )


def _pairs(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
