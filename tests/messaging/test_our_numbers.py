"""Several numbers of ours: one person keeps one, and STOP to any of them stops them all."""

from collections.abc import Iterator

import pytest

from bot.channels.incoming import InboundKind, Incoming
from bot.channels.names import Channel
from bot.channels.outgoing import Reply
from bot.channels.twilio.inbound import Status
from bot.messaging import answering, outbox
from bot.messaging.handling import handle
from bot.messaging.inbox import receive
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.statuses import apply_status
from bot.settings.environment import environment

pytestmark = pytest.mark.django_db

FIRST, SECOND, GIVEN_UP = "+15005550006", "+15005550008", "+15005550009"
PERSON = "+60100000301"


@pytest.fixture(autouse=True)
def two_numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HAKI_SMS_NUMBERS", f"{FIRST},{SECOND}")
    environment.cache_clear()
    yield
    monkeypatch.undo()
    environment.cache_clear()


def sms(text: str, to: str, number: int = 1) -> Message:
    provider_id = f"SM{number:032x}"
    receive(Incoming(Channel.SMS, provider_id, PERSON, to, InboundKind.TEXT, text))
    return Message.objects.get(provider_id=provider_id)


def ours() -> str:
    return Contact.objects.get().our_address


def test_a_person_keeps_the_number_that_they_first_wrote_to() -> None:
    sms("hello", FIRST, 1)
    sms("hello again", SECOND, 2)

    assert ours() == FIRST


def test_a_person_of_a_number_that_we_gave_up_moves_to_the_one_they_write_to() -> None:
    sms("hello", GIVEN_UP, 1)
    sms("hello", SECOND, 2)

    assert ours() == SECOND


def test_nobody_moves_to_a_number_that_is_not_ours() -> None:
    sms("hello", FIRST, 1)
    sms("START", GIVEN_UP, 2)

    assert ours() == FIRST


@pytest.mark.parametrize("word", ["START", "unstop", " Yes "])
def test_start_to_another_number_moves_there_as_twilio_still_blocks_the_first(word: str) -> None:
    handle(sms("STOP", FIRST, 1).pk)

    handle(sms(word, SECOND, 2).pk)

    assert ours() == SECOND


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "PARAR", "توقف", "रोक्नुहोस्"])
def test_stop_to_one_number_silences_all(word: str) -> None:
    sms("hello", FIRST, 1)
    Message.objects.update(state=State.ANSWERED)
    stop = sms(word, SECOND, 2)
    answer = answering.answer(stop)
    outbox.store_answer(stop, (), answer.effects)
    late = outbox.store_words(Contact.objects.get(), Reply("case_reply", "Come on Monday.", "en"))

    outbox.deliver(Contact.objects.get())

    late[0].refresh_from_db()
    assert (late[0].state, late[0].error_code) == (State.FAILED, "opted out")


def test_21610_from_one_number_silences_all() -> None:
    inbound = sms("hello", FIRST)
    row = Message.objects.create(
        contact=inbound.contact, channel="sms", direction=Direction.OUTBOUND, kind="card",
        text="x", details={"options": [], "style": "plain", "list_label": ""},
        state=State.SENT, provider_id="SM" + "e" * 32,
    )  # fmt: skip

    apply_status(row.pk, Status("SM" + "e" * 32, "undelivered", "21610"))

    assert Contact.objects.get().opted_out_at is not None
    assert answering.answer(sms("hello", SECOND, 2)).replies == ()
