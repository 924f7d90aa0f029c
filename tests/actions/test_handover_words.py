"""Names, hours and code words in a person's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.handover import words


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9-12", "09:00-12:00"),
        ("9h a 12h", "09:00-12:00"),
        ("from 8pm to 10pm", "20:00-22:00"),
        ("8-10 pm", "20:00-22:00"),
        ("9am-12pm", "09:00-12:00"),
        ("10am to 2pm", "10:00-14:00"),
        ("18:30 - 6:00", "18:30-06:00"),
        ("९-१२", "09:00-12:00"),
        ("من ٨ إلى ١٠", "08:00-10:00"),
        ("22-24", "22:00-00:00"),
        ("晚上8点到10点", "08:00-10:00"),
    ],
)
def test_hours_are_read_in_many_forms(text: str, hours: str) -> None:
    assert words.hours(text) == hours


@pytest.mark.parametrize("text", ["", "never", "9", "25-26", "9-9", "1-2-3", "after work"])
def test_what_is_no_pair_of_hours_is_not_guessed(text: str) -> None:
    assert words.hours(text) == ""


@given(st.text(max_size=200))
def test_any_text_gives_hours_in_one_form_or_none(text: str) -> None:
    found = words.hours(text)
    assert found == "" or (len(found) == 11 and found[5] == "-" and found[:5] != found[6:])


@pytest.mark.parametrize("text", ["Maya", "Tia Rosa", "माया", "阿明", "call me Sam please"])
def test_short_words_are_a_name(text: str) -> None:
    assert words.name(text) == text


@pytest.mark.parametrize(
    "text", ["", "who are you?", "my boss has not paid me for 3 months", "call 0123"]
)
def test_a_message_is_not_a_name(text: str) -> None:
    assert words.name(text) == ""


@pytest.mark.parametrize(
    ("text", "word"), [("mango", "mango"), (" Zebra. ", "Zebra"), ("芒果", "芒果")]
)
def test_one_plain_word_serves_as_a_code_word(text: str, word: str) -> None:
    assert words.code_word(text) == word


@pytest.mark.parametrize("text", ["", "ok", "stop", "HUMAN", "two words", "abc123", "x" * 30])
def test_reserved_short_or_several_words_do_not_serve(text: str) -> None:
    assert words.code_word(text) == ""
