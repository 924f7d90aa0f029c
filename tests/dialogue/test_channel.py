"""The internal channel: only our own commands act as commands, only our token opens it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.channel import MAX_TEXT, HakiInput, message_text, message_texts


@given(st.text(), st.sampled_from(["/restart", '/set_country{"country": "MYS"}', "//", "/\t/x"]))
def test_a_persons_words_never_start_a_command(text: str, command: str) -> None:
    for said in (text, command + text, f"  {command}", f"\n{command}"):
        assert not message_text({"text": said}).startswith("/")
        assert message_text({"text": said})


def test_a_command_of_ours_stays_as_it_is() -> None:
    assert message_text({"command": "/more"}) == "/more"


def test_a_command_without_a_slash_is_none() -> None:
    assert message_text({"command": "more"}) == ""


def test_a_very_long_text_is_cut() -> None:
    assert len(message_text({"text": "x" * 100_000})) == MAX_TEXT


@pytest.mark.parametrize("token", ["", "short", "${HAKI_RASA_TOKEN}"])
def test_without_a_real_token_the_channel_does_not_start(token: str) -> None:
    with pytest.raises(ValueError, match="HAKI_RASA_TOKEN"):
        HakiInput.from_credentials({"token": token})


def test_danger_in_a_burst_is_read_first_and_apart() -> None:
    burst = ["hello", "he beats me every night", "my passport"]

    assert message_texts({"texts": burst, "text": "\n".join(burst)}) == [
        "he beats me every night",
        "hello\nmy passport",
    ]


def test_a_calm_burst_is_read_as_one() -> None:
    burst = ["hello", "boss took", "/my passport"]

    assert message_texts({"texts": burst, "text": "\n".join(burst)}) == ["\n".join(burst)]


@given(st.lists(st.text(), min_size=2, max_size=4), st.booleans())
def test_no_text_of_a_burst_starts_a_command(texts: list[str], danger: bool) -> None:
    burst = [f"/{text}" for text in texts] + (["he beats me"] if danger else [])

    for read in message_texts({"texts": burst, "text": "\n".join(burst)}):
        assert not read.startswith("/")
