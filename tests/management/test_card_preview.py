"""A card previewed is a card as it is sent: the same code lays it out."""

from __future__ import annotations

import re

import pytest

from bot.channels.names import Channel
from bot.channels.segments import measure
from bot.library import Library
from bot.library.commandline import DEFAULT_CONTENT
from bot.management import card_preview
from bot.management.content import main

CARD = "mys/passport-kept"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(DEFAULT_CONTENT)


@pytest.mark.parametrize("language", ["en", "ne"])
def test_the_sms_phone_shows_the_short_text_and_what_it_costs(
    library: Library, language: str
) -> None:
    card = library.card(CARD)
    first = card_preview.conversation(card, language, Channel.SMS)[0]
    assert first.kind == "card"
    assert first.bubbles[0].text.startswith(card.texts[language].sms)
    lines = card_preview.terminal(card, language, [Channel.SMS])
    cost = measure(first.bubbles[0].text)
    assert f"   card, {cost.encoding}, {cost.units} units, {cost.segments} segments" in lines


def test_the_whole_card_can_be_read_on_every_phone(library: Library) -> None:
    card = library.card(CARD)
    for channel in Channel:
        shown = card_preview.conversation(card, "en", channel)
        words = " ".join(bubble.text for reply in shown for bubble in reply.bubbles)
        seen = " ".join(words.split())
        for section in card.texts["en"].sections.values():
            for sentence in re.split(r"(?<=[.])\s", section):
                assert " ".join(sentence.split()) in seen


def test_the_page_shows_three_phones_and_loads_nothing(library: Library) -> None:
    page = card_preview.page(library.card(CARD), "ne")
    assert [f'class="phone {channel}"' in page for channel in Channel] == [True] * 3
    assert "src=" not in page
    assert "http-equiv" not in page


def test_preview_runs_without_any_engine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", CARD, "--channel", "telegram"]) == 0
    assert "== telegram ==" in capsys.readouterr().out


def test_preview_of_an_unknown_card_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "mys/ghost"]) == 1
    assert capsys.readouterr().err == "there is no card mys/ghost\n"
