"""The edition that this repository carries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.library import LANGUAGES, Library
from bot.library.coverage import MUST_ANSWER, gaps, humans
from bot.library.lint import check

CONTENT = Path(__file__).parents[2] / "content"
WRITTEN = date(2026, 11, 23)
"""The day of this edition: that reviews fall due later is for `haki content stale` to say."""
SHELVES = [
    "MYS",
    "NPL",
    "BRA",
    "HTI",
    "ETH",
    "ZAF",
    "BFA",
    "CIV",
    "EGY",
    "JOR",
    "CHN",
    "GHA",
    "MEX",
    "INT",
]
CORRIDORS = ["NPL-MYS", "HTI-BRA", "ETH-ZAF", "BFA-CIV", "EGY-JOR", "CHN-GHA"]


@pytest.fixture(scope="module")
def edition() -> Library:
    return Library.load(CONTENT, today=lambda: WRITTEN)


def test_it_has_no_mistake() -> None:
    assert [str(mistake) for mistake in check(CONTENT, WRITTEN)] == []


def test_it_has_its_shelves_topics_and_corridors(edition: Library) -> None:
    assert list(edition.countries) == SHELVES
    assert len(edition.topics) == 22
    for corridor in CORRIDORS:
        origin, destination = corridor.split("-")
        assert edition.countries[origin].partners == (destination,)
        assert edition.countries[destination].partners == (origin,)
        assert edition.countries[origin].roles == ("origin",)
        assert "destination" in edition.countries[destination].roles


def test_every_destination_answers_what_it_must(edition: Library) -> None:
    missing = [gap for gap in gaps(edition.edition) if gap.required and not gap.missing]
    assert missing == []


def test_every_gap_has_an_international_answer(edition: Library) -> None:
    unanswered = [gap for gap in gaps(edition.edition) if not gap.missing and not gap.fallback]
    assert unanswered == []
    international = {card.topic for card in edition.cards.values() if card.country == "INT"}
    assert set(MUST_ANSWER) <= international


def test_every_destination_has_a_way_to_a_human_and_an_emergency_card(edition: Library) -> None:
    for country, contacts in humans(edition.edition).items():
        assert contacts, country
        assert edition.emergency_card(country).country == country


def test_nothing_is_called_reviewed_that_nobody_reviewed(edition: Library) -> None:
    for card in edition.cards.values():
        assert card.review.status == "draft" or (card.review.by and card.review.on), card.id


def test_the_world_answers_in_nine_languages(edition: Library) -> None:
    for card in edition.cards.values():
        if card.country == "INT":
            assert set(card.texts) == set(LANGUAGES), card.id


def test_returning_to_nepal_unpaid_joins_both_ends(edition: Library) -> None:
    found = edition.find(topic="wages", country="MYS", origin="NPL", stage="return", language="ne")
    assert found[0].card.country == "MYS"
    assert found[1].card.country == "NPL"


def test_every_card_is_found_by_its_own_questions(edition: Library) -> None:
    lost = []
    for card in edition.cards.values():
        for language, questions in card.questions.items():
            for question in questions:
                found = edition.find(
                    topic=card.topic, country=card.country, text=question, language=language
                )
                if card.id not in [item.card.id for item in found[:3]]:
                    lost.append((card.id, question))
    assert lost == []


def test_the_forbidden_claims_reach_every_language() -> None:
    claims = yaml.safe_load((CONTENT / "forbidden.yml").read_text(encoding="utf-8"))["claims"]
    assert {language for claim in claims for language in claim["languages"]} == set(LANGUAGES)
