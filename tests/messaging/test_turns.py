"""A burst of messages is one turn; what acts by itself stays by itself."""

from collections.abc import Sequence

import pytest

from bot.channels.incoming import InboundKind
from bot.channels.outgoing import Option, Reply
from bot.messaging import outbox
from bot.messaging.models import Message
from bot.messaging.turns import MOST_TEXTS, Turn, next_turn
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db


def turns(waiting: Sequence[Message]) -> list[Turn]:
    found = []
    left = list(waiting)
    while left:
        found.append(next_turn(left))
        left = [message for message in left if message not in found[-1].messages]
    return found


def test_texts_that_wait_are_answered_together_under_the_one_that_says_most(write: Write) -> None:
    burst = [write("hello"), write("boss took"), write("my passport and my phone")]

    (turn,) = turns(burst)

    assert turn.texts == ("hello", "boss took", "my passport and my phone")
    assert turn.lead is burst[2]


def test_a_reserved_word_in_a_burst_acts_by_itself(write: Write) -> None:
    burst = [write("hello"), write("HELP"), write("boss took"), write("my passport")]

    assert [turn.texts for turn in turns(burst)] == [
        ("hello",),
        ("HELP",),
        ("boss took", "my passport"),
    ]


def test_what_was_written_before_stop_gets_no_answer(write: Write) -> None:
    first, stop, start = turns([write("hello"), write("STOP"), write("START")])

    assert (first.texts, first.unsaid) == (("hello",), True)
    assert (stop.texts, stop.unsaid) == (("STOP",), False)
    assert start.texts == ("START",)


def test_a_number_or_a_choice_from_the_menu_is_never_joined(write: Write) -> None:
    asked = write("hello")
    menu = Reply("card", "Yes.", "en", options=(Option("More", "/more"), Option("Menu", "/menu")))
    outbox.store_answer(asked, [menu])
    burst = [write("boss took"), write("1"), write("More"), write("my passport")]

    assert [len(turn.messages) for turn in turns(burst)] == [1, 1, 1, 1]


def test_several_photos_get_one_notice(write: Write) -> None:
    photo = InboundKind.PHOTO
    burst = [write("", kind=photo), write("look"), write("", kind=photo)]

    assert [len(turn.messages) for turn in turns(burst)] == [2, 1]


def test_a_turn_keeps_its_name_when_more_is_written(write: Write) -> None:
    first = write("hello")
    before = next_turn([first]).key

    assert next_turn([first, write("boss took my passport")]).key == before


def test_very_many_texts_make_several_turns(write: Write) -> None:
    burst = [write(f"words {number}") for number in range(MOST_TEXTS + 3)]

    assert [len(turn.messages) for turn in turns(burst)] == [MOST_TEXTS, 3]
