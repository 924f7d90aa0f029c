"""What is answered without the dialogue: reserved words, notices, menus; and when Rasa is away."""

import pytest
from django.utils import timezone

from bot.channels.incoming import InboundKind
from bot.channels.names import Channel
from bot.channels.outgoing import Option, Reply
from bot.dialogue.client import RasaFailed
from bot.messaging import answering, outbox
from bot.messaging.models import Contact, Direction, Message
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db

MENU = Reply(
    "card",
    "Yes.",
    "en",
    options=(Option("More", "/more"), Option("Talk to a person", "/human", short="Person")),
)


def test_stop_is_confirmed_once_and_then_nothing_more(write: Write) -> None:
    message = write("STOP")
    first = answering.answer(message)
    outbox.store_answer(message, first.replies, first.effects)
    again = answering.answer(write("stop"))

    assert [reply.kind for reply in first.replies] == ["opted_out"]
    assert first.effects == ({"do": "opt_out"},)
    assert again.replies == ()


def test_stop_by_sms_is_answered_by_twilio_alone(write: Write) -> None:
    answer = answering.answer(write("STOP", Channel.SMS))

    assert answer.replies == ()
    assert answer.effects == ({"do": "opt_out"},)


def test_stop_in_nepali_by_sms_is_ours_to_confirm(write: Write) -> None:
    (reply,) = answering.answer(write("रोक्नुहोस्", Channel.SMS)).replies

    assert (reply.kind, reply.language) == ("opted_out", "ne")


@pytest.mark.parametrize("words", ["hello", "HELP", "MENU", "1", "boss took my passport"])
def test_after_stop_nothing_is_said(write: Write, words: str) -> None:
    message = write(words)
    Contact.objects.update(opted_out_at=timezone.now())
    message.refresh_from_db()

    assert answering.answer(message).replies == ()


def test_delete_after_stop_erases_without_a_word(write: Write) -> None:
    message = write("DELETE")
    Contact.objects.update(opted_out_at=timezone.now())
    message.refresh_from_db()

    answer = answering.answer(message)

    assert (answer.replies, answer.effects) == ((), ({"do": "erase"},))


def test_start_opts_in_again(write: Write) -> None:
    write("hello")
    Contact.objects.update(opted_out_at=timezone.now())

    answer = answering.answer(write("START"))

    assert [reply.kind for reply in answer.replies] == ["opted_in"]
    assert answer.effects == ({"do": "opt_in"},)


@pytest.mark.parametrize(
    "kind", [k for k in InboundKind if k not in (InboundKind.TEXT, InboundKind.TAP)]
)
def test_every_kind_that_we_cannot_read_has_its_notice(write: Write, kind: InboundKind) -> None:
    (reply,) = answering.answer(write("", kind=kind)).replies

    assert reply.kind == "notice"
    assert len(reply.text) > 20


def test_a_notice_is_in_the_language_of_the_person(write: Write) -> None:
    message = write("", kind=InboundKind.VOICE)
    Contact.objects.update(language="ne")
    message.refresh_from_db()

    assert answering.answer(message).replies[0].language == "ne"


def test_a_number_beyond_the_menu_brings_the_menu_again(write: Write) -> None:
    outbox.store_answer(write("hello"), [MENU])

    (reply,) = answering.answer(write("9")).replies

    assert reply.kind == "clarify"
    assert [option.payload for option in reply.options] == ["/more", "/human"]


def test_when_rasa_is_away_the_caller_is_told(write: Write) -> None:
    with pytest.raises(RasaFailed):
        answering.answer(write("boss took my passport"))


def test_the_line_for_when_rasa_is_away_names_the_local_number(write: Write) -> None:
    message = write("help", Channel.SMS)

    reply = answering.fallback(message)

    assert reply.kind == "fallback"
    assert "999" in reply.text


def test_what_the_dialogue_learns_of_a_person_holds_no_address(write: Write) -> None:
    known = answering.metadata(write("hello", Channel.SMS))

    assert "60100000301" not in str(known)
    assert known["prefix"] == "MY"


def test_the_question_that_waits_is_the_one_before_we_asked_back(write: Write) -> None:
    outbox.store_answer(write("my wages"), [Reply("ask_country", "Which?", "en")])
    outbox.store_answer(write("Nepal"), [Reply("ask_stage", "Where?", "en")])

    assert answering.metadata(write("at home"))["question"] == "my wages"


def test_after_an_answer_the_last_question_is_the_one_it_answered(write: Write) -> None:
    outbox.store_answer(write("my wages"), [Reply("ask_country", "Which?", "en")])
    outbox.store_answer(write("boss took my passport"), [MENU])

    assert answering.metadata(write("I am in Jordan now"))["question"] == "boss took my passport"


def test_without_a_question_there_is_none(write: Write) -> None:
    outbox.store_answer(write("hello"), [Reply("welcome", "Hello", "en")])

    assert answering.metadata(write("thanks"))["question"] == ""


def test_a_tap_on_another_persons_menu_means_nothing(write: Write) -> None:
    outbox.store_answer(write("hello", Channel.SMS), [MENU])
    foreign = Message.objects.get(direction=Direction.OUTBOUND)

    assert answering.tapped_command(write("x").contact, foreign.pk, 0) == "/menu"
