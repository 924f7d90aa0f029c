"""While a partner holds the conversation: who hears what, on both sides."""

import pytest

from bot.channels.incoming import InboundKind
from bot.messaging.models import Holder, State
from console import walls
from console.models import CaseEntry, Membership, Organisation, Urgency
from tests.cases.handing_over import answer, hand_over
from tests.cases.phone import Dialogue, Phone, work_and_read

pytestmark = pytest.mark.django_db


def test_while_a_partner_holds_it_the_bot_is_silent_and_words_land_in_the_case(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    case = hand_over(phone, dialogue, north)

    assert phone.write("he owes me two months") == []
    case.refresh_from_db()
    assert case.entries.filter(kind="inbound").get().text == "he owes me two months"
    assert case.waiting_since is not None


def test_the_reply_arrives_and_ticks_follow(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    entry = answer(worker, case, "We can write to him. When did he last pay?")

    assert work_and_read(phone) == ["We can write to him. When did he last pay?"]
    entry.refresh_from_db()
    case.refresh_from_db()
    assert entry.sending == "handed_over"
    assert entry.message is not None
    assert (entry.message.kind, entry.message.state) == ("case_reply", State.SENT)
    assert (case.status, case.assignee, case.waiting_since) == ("pending", worker, None)
    phone.write("in June")
    case.refresh_from_db()
    assert case.status == "open"


def test_danger_still_gets_the_emergency_contacts_and_raises_the_case(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    case = hand_over(phone, dialogue, north)

    assert phone.write("he beats me now") == ["In danger: call 999."]
    case.refresh_from_db()
    assert case.urgency == Urgency.DANGER
    assert case.entries.filter(what="danger").exists()


def test_without_the_dialogue_words_reach_the_case_at_once(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    case = hand_over(phone, dialogue, north)
    dialogue.away = True

    assert phone.write("please answer") == []
    assert case.entries.filter(kind="inbound").count() == 1


@pytest.mark.parametrize("word", ["HUMAN", "MENU", "HELP"])
def test_reserved_words_say_where_messages_go(
    phone: Phone, dialogue: Dialogue, north: Organisation, word: str
) -> None:
    hand_over(phone, dialogue, north)

    (told,) = phone.write(word)
    assert "Your messages go to North" in told
    assert told.endswith("1 Keep it\n2 End it")


def test_ending_it_hides_everything_and_says_so(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    phone.write("he owes me two months")
    phone.write("HUMAN")

    (told,) = phone.write("2")

    assert told.startswith("Ended. North")
    assert phone.contact.holder == Holder.BOT
    case.refresh_from_db()
    assert (case.status, case.outcome, case.called_by) == ("resolved", "withdrawn", "")
    with walls.within(worker):
        assert [entry.what for entry in CaseEntry.objects.all()] == ["withdrawn"]
    assert phone.write("hello again") == ["bot: hello again"]


def test_a_number_that_answers_the_case_worker_is_not_taken_for_a_menu(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    phone.write("HUMAN")
    answer(worker, case, "How many months? 1 or 2?")
    work_and_read(phone)

    assert phone.write("2") == []
    assert case.entries.filter(kind="inbound").get().text == "2"
    assert phone.contact.holder == Holder.PARTNER


def test_nothing_is_said_after_consent_was_taken_back_while_a_reply_waited(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    phone.write("HUMAN")
    phone.send("2")
    entry = answer(worker, case, "We can write to him.")

    assert all("write to him" not in text for text in work_and_read(phone))
    entry.refresh_from_db()
    assert (entry.sending, entry.reason) == ("not_sent", "withdrawn")


def test_a_photo_is_noted_in_the_case_and_answered_as_ever(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    case = hand_over(phone, dialogue, north)

    assert len(phone.write("", InboundKind.PHOTO)) == 1
    assert case.entries.get(what="media").params == {"kind": "photo"}


def test_after_stop_a_reply_is_not_sent_and_says_why(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    phone.write("STOP")
    entry = answer(worker, case, "Are you there?")

    assert work_and_read(phone) == []
    entry.refresh_from_db()
    assert (entry.sending, entry.reason) == ("not_sent", "opted_out")
    assert case.entries.filter(what="opted_out").exists()


def test_words_before_a_stop_still_reach_the_case(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    case = hand_over(phone, dialogue, north)
    phone.send("please call my sister")
    phone.send("STOP")
    work_and_read(phone)

    assert case.entries.get(kind="inbound").text == "please call my sister"
    assert phone.contact.opted_out_at is not None
