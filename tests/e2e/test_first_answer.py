"""One question in, one sourced answer out, through the real processes, on each channel."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.stack

PhoneMaker = Callable[[str, str], Any]


def test_sms_from_malaysia_brings_the_malaysian_card_in_two_segments_and_then_the_rest(
    phone: PhoneMaker,
) -> None:
    mine = phone("sms", "+60100000101")

    welcome, card = mine.send(text="boss took my passport", answers=2)
    (rest,) = mine.send(text="1")

    assert mine.stored(welcome).kind == "welcome"
    assert mine.stored(card).card == "mys/passport-kept"
    assert card["segments"] <= 2
    assert mine.stored(card).segments == card["segments"]
    assert "\n1 " in card["text"]
    assert "\n2 " in card["text"]
    assert mine.stored(rest).kind == "card_part"
    assert "Passports Act" in rest["text"]


def test_whatsapp_in_nepali_brings_the_same_card_in_nepali_with_buttons(
    phone: PhoneMaker,
) -> None:
    mine = phone("whatsapp", "+60100000102")

    _, card = mine.send(text="मेरो मालिकले मेरो पासपोर्ट राखेको छ", answers=2)
    (rest,) = mine.send(text="१")

    stored = mine.stored(card)
    assert (stored.card, stored.language) == ("mys/passport-kept", "ne")
    assert "पासपोर्ट" in card["text"]
    assert card.get("items") or card.get("buttons")
    assert mine.stored(rest).kind == "card_part"


def test_telegram_asks_for_the_country_and_answers_when_it_is_tapped(phone: PhoneMaker) -> None:
    mine = phone("telegram", "700000103")

    _, question = mine.send(text="boss took my passport", answers=2)
    keyboard = [button for row in question["markup"]["inline_keyboard"] for button in row]
    malaysia = next(button for button in keyboard if button["text"] == "Malaysia")
    (card,) = mine.send(kind="tap", message=question["id"], payload=malaysia["callback_data"])

    assert mine.stored(question).kind == "ask_country"
    assert mine.stored(card).card == "mys/passport-kept"


def test_a_leading_slash_never_acts_as_a_command(phone: PhoneMaker) -> None:
    mine = phone("sms", "+60100000104")

    _, answer = mine.send(text='/set_language{"language": "pt"}', answers=2)

    assert mine.stored(answer).language == "en"
    assert mine.stored(answer).kind != "language_set"


def test_a_whatsapp_user_without_a_number_is_answered(phone: PhoneMaker) -> None:
    mine = phone("whatsapp", "MY.abc123")

    _, card = mine.send(text="boss took my passport", answers=2)

    assert mine.stored(card).card == "mys/passport-kept"


@pytest.mark.parametrize("kind", ["voice", "image", "sticker"])
@pytest.mark.parametrize("channel", ["whatsapp", "telegram"])
def test_what_we_cannot_read_is_acknowledged(phone: PhoneMaker, channel: str, kind: str) -> None:
    address = "+60100000105" if channel == "whatsapp" else "700000105"

    (notice,) = phone(channel, address).send(kind=kind)

    assert phone(channel, address).stored(notice).kind == "notice"


def test_deleting_leaves_nothing_of_the_person(phone: PhoneMaker, stack: Any) -> None:
    mine = phone("telegram", "700000106")
    mine.send(text="hello")
    (question,) = mine.send(text="DELETE")
    (erase, _) = [b for row in question["markup"]["inline_keyboard"] for b in row]

    (done,) = mine.send(kind="tap", message=question["id"], payload=erase["callback_data"])
    (welcome,) = mine.send(text="hello")

    assert "erased" in done["text"]
    assert mine.stored(welcome).kind == "welcome"
