"""What the first answer by SMS costs: every card, every language, with its menu."""

import dataclasses

import pytest

from actions import card_replies
from actions.shelf import library
from actions.turn import Turn
from bot.channels.layout import lay_out
from bot.channels.names import Channel
from bot.channels.segments import GSM7_LANGUAGES, MAX_BODY_UNITS
from bot.library import Card

LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne")


def by_sms(language: str, card: Card) -> Turn:
    return Turn(
        channel="sms",
        text="",
        intent=card.topic,
        ranking=((card.topic, 1.0),),
        language=language,
        country=card.country,
        origin="",
        stage="",
        prefix="",
        welcomed=True,
        language_known=True,
    )


def cards_in(language: str) -> list[Card]:
    return [card for card in library().cards.values() if language in card.texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_first_answer_with_its_menu_is_one_short_message(language: str) -> None:
    target = 2 if language in GSM7_LANGUAGES else 3
    dear = {}
    for card in cards_in(language):
        turn = by_sms(language, card)
        bubbles = lay_out(card_replies.first_answer(turn, card), Channel.SMS)
        if len(bubbles) > 1 or bubbles[0].segments > target:
            dear[card.id] = [bubble.segments for bubble in bubbles]

    assert cards_in(language)
    assert dear == {}


@pytest.mark.parametrize("language", ["ne", "ar", "fr"])
def test_place_and_date_that_do_not_fit_follow_on_more(language: str) -> None:
    card = cards_in(language)[0]
    turn = by_sms(language, card)

    rest = card_replies.part(turn, card, 1)

    assert rest is not None
    assert card.sources[0].read_on in rest.text


def test_place_and_date_stand_in_the_first_message_where_they_cost_nothing() -> None:
    card = min(cards_in("en"), key=lambda card: len(card.texts["en"].sms))
    turn = by_sms("en", card)

    assert card.sources[0].read_on in card_replies.first_answer(turn, card).sms


def test_the_warning_of_a_card_that_is_overdue_is_never_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = max(cards_in("ne"), key=lambda card: len(card.texts["ne"].sms))
    turn = by_sms("ne", card)
    late = dataclasses.replace(library().serving(card), overdue=True)
    monkeypatch.setattr(type(library()), "serving", lambda self, card: late)

    assert card.review.due.isoformat() in card_replies.first_answer(turn, card).sms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_is_one_message_that_twilio_takes(language: str) -> None:
    for card in cards_in(language)[::10]:
        turn = by_sms(language, card)
        number = 1
        while (reply := card_replies.part(turn, card, number)) is not None:
            (bubble,) = lay_out(reply, Channel.SMS)
            assert len(bubble.text.encode("utf-16-le")) // 2 <= MAX_BODY_UNITS
            number += 1
        assert number > 1
