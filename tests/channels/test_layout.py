"""Replies laid out for each phone, within its limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.layout import BUTTON_TITLE, INTERACTIVE_BODY, lay_out, utf16_units
from bot.channels.names import Channel
from bot.channels.outgoing import Option, Reply, Style, read_tap_token, tap_token
from bot.channels.segments import is_gsm7, measure

MORE = Option("More", "/more")
PERSON = Option("Talk to a person", "/human", short="Person")
USEFUL = Option("Was this useful?", "/feedback", short="Useful?", optional=True)


def reply(text: str, *options: Option, language: str = "en", sms: str = "") -> Reply:
    return Reply("card", text, language, sms=sms, options=options)


def test_sms_numbers_the_options_in_one_message() -> None:
    (bubble,) = lay_out(reply("Yes.", MORE, PERSON), Channel.SMS)

    assert bubble.text == "Yes.\n1 More\n2 Person"
    assert (bubble.style, bubble.segments) == (Style.NUMBERED, 1)


def test_sms_leaves_an_optional_option_out_when_that_saves_a_segment() -> None:
    text = "a" * (160 - len("\n1 More\n2 Person"))

    (bubble,) = lay_out(reply(text, MORE, USEFUL, PERSON), Channel.SMS)

    assert [option.payload for option in bubble.options] == ["/more", "/human"]
    assert bubble.segments == 1


def test_sms_in_spanish_is_written_in_gsm7() -> None:
    (bubble,) = lay_out(reply("Está aquí: sí.", language="es"), Channel.SMS)

    assert is_gsm7(bubble.text)
    assert bubble.text == "Esta aqui: si."


def test_sms_in_nepali_keeps_every_letter() -> None:
    (bubble,) = lay_out(reply("तपाईंको पासपोर्ट", language="ne"), Channel.SMS)

    assert bubble.text == "तपाईंको पासपोर्ट"


@pytest.mark.parametrize(
    ("count", "style"),
    [(0, Style.PLAIN), (3, Style.BUTTONS), (4, Style.LIST), (11, Style.NUMBERED)],
)
def test_whatsapp_shows_options_as_the_richest_form_that_holds_them(
    count: int, style: Style
) -> None:
    options = [Option(f"Option {n}", f"/o{n}") for n in range(count)]

    (bubble,) = lay_out(reply("Choose", *options), Channel.WHATSAPP)

    assert bubble.style is style
    assert ("\n11 Option 10" in bubble.text) == (style is Style.NUMBERED)


def test_whatsapp_uses_a_list_when_a_title_is_too_long_for_a_button() -> None:
    long = Option("x" * (BUTTON_TITLE + 1), "/x")

    (bubble,) = lay_out(reply("Choose", long), Channel.WHATSAPP)

    assert bubble.style is Style.LIST


def test_whatsapp_never_styles_a_text_by_accident() -> None:
    (bubble,) = lay_out(reply("*2* of_them ~x~ `y`"), Channel.WHATSAPP)

    assert not set("*_~`") & set(bubble.text)


def test_a_long_whatsapp_text_keeps_its_buttons_on_the_last_bubble() -> None:
    text = "\n".join("A sentence that is said again." for _ in range(60))

    bubbles = lay_out(reply(text, MORE), Channel.WHATSAPP)

    assert len(bubbles) == 2
    assert [bool(bubble.options) for bubble in bubbles] == [False, True]
    assert all(utf16_units(bubble.text) <= INTERACTIVE_BODY for bubble in bubbles)


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1),
    st.integers(1, 40),
    st.sampled_from(list(Channel)),
)
def test_no_bubble_is_over_its_limit_and_no_word_is_lost(
    text: str, times: int, channel: Channel
) -> None:
    whole = "\n".join([text] * times)
    if not whole.strip():
        return

    bubbles = lay_out(reply(whole, MORE, language="ne"), channel)

    limit = {Channel.SMS: 1600, Channel.WHATSAPP: 1600, Channel.TELEGRAM: 4096}[channel]
    assert all(bubble.text.strip() for bubble in bubbles)
    assert all(utf16_units(bubble.text) <= limit for bubble in bubbles)
    kept = "".join("".join(bubble.text for bubble in bubbles).split())
    if channel is Channel.TELEGRAM:
        assert kept == "".join(whole.split())


def test_two_thousand_emoji_are_cut_between_graphemes() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

    bubbles = lay_out(reply(family * 2000), Channel.TELEGRAM)

    assert all(bubble.text.replace(family, "") == "" for bubble in bubbles)


def test_the_segments_are_those_of_the_text_that_is_sent() -> None:
    (bubble,) = lay_out(reply("ó" * 71, language="ne"), Channel.SMS)

    assert bubble.segments == measure(bubble.text).segments == 2


@given(st.integers(1, 10**15), st.integers(0, 99))
def test_a_tap_token_is_read_back_and_fits_telegram(message: int, index: int) -> None:
    token = tap_token(message, index)

    assert read_tap_token(token) == (message, index)
    assert len(token.encode()) <= 64


@pytest.mark.parametrize(
    "token", ["", "m", "m1", "m:1", "mx:1", "m1:x", "7:1", "m١:1", "m" + "9" * 60]
)
def test_a_foreign_token_is_nothing(token: str) -> None:
    assert read_tap_token(token) is None
