"""Safe hours, a neutral first message, the code word: what is held back, and until when."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.messaging.models import Contact, Holder, Message, State
from console.handover import safety
from console.models import Membership, Organisation, SafetyPlan
from tests.cases.handing_over import answer, hand_over
from tests.cases.phone import Dialogue, Phone, work_and_read

pytestmark = pytest.mark.django_db


def test_outside_safe_hours_a_reply_is_held_until_the_next_safe_hour(
    phone: Phone,
    dialogue: Dialogue,
    north: Organisation,
    worker: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = hand_over(phone, dialogue, north, safe_hours="18:00-20:00")
    SafetyPlan.objects.update(zone="UTC")
    noon = datetime.now(timezone.utc).replace(hour=12, minute=0, second=0) + timedelta(days=1)
    monkeypatch.setattr("console.handover.sending.timezone.now", lambda: noon)
    entry = answer(worker, case, "We can write to him.")

    assert work_and_read(phone) == []
    entry.refresh_from_db()
    assert (entry.sending, entry.reason) == ("held", "safe_hours")
    assert entry.held_until == noon.replace(hour=18, microsecond=0)


def test_the_first_message_is_neutral_where_they_asked_for_it(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north, neutral=True)
    answer(worker, case, "We can write to your boss.")

    assert work_and_read(phone) == ["Hello, is this a good time?"]
    assert case.entries.get(kind="reply").reason == "neutral_first"
    assert phone.write("yes go on") == ["We can write to your boss."]
    answer(worker, case, "Shall we?")
    assert work_and_read(phone) == ["Shall we?"]


def test_after_the_code_word_nothing_comes_until_it_is_said_again(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north, code_word="Tomato")
    assert all(entry.text.lower() != "tomato" for entry in case.entries.all())

    assert phone.write("tomato!") == []
    assert phone.contact.holder == Holder.NOBODY
    answer(worker, case, "We can write to your boss.")
    assert work_and_read(phone) == []
    assert case.entries.get(kind="reply").reason == "hidden"
    assert phone.write("who is this? MENU") == []
    assert phone.write("HELP") == []
    assert phone.write("he beats me now") == []

    assert phone.write("tomato") == ["OK, we write to you again.", "We can write to your boss."]
    assert phone.contact.holder == Holder.PARTNER


def test_start_ends_the_silence_too(phone: Phone, dialogue: Dialogue, north: Organisation) -> None:
    hand_over(phone, dialogue, north, code_word="tomato")
    phone.write("tomato")

    phone.write("START")

    assert phone.contact.holder == Holder.PARTNER
    assert SafetyPlan.objects.get().hidden_since is None


def test_delete_works_in_silence_too(phone: Phone, dialogue: Dialogue, north: Organisation) -> None:
    hand_over(phone, dialogue, north, code_word="tomato")
    phone.write("tomato")

    assert phone.write("DELETE") == []
    assert not Contact.objects.exists()


def test_what_stood_ready_does_not_go_out_with_the_code_word(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north, code_word="tomato")
    phone.send("tomato")
    entry = answer(worker, case, "We can write to your boss.")
    message = Message.objects.create(
        contact=phone.contact,
        channel="sms",
        direction="out",
        kind="case_reply",
        text="queued before",
        details={"style": "plain", "list_label": "", "options": []},
        state=State.QUEUED,
    )

    assert work_and_read(phone) == []
    entry.refresh_from_db()
    message.refresh_from_db()
    assert entry.reason == "hidden"
    assert (message.state, message.error_code) == (State.FAILED, "hidden")


def test_the_code_word_works_with_the_bot_as_well(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    phone.write("hello")
    safety.plan(phone.contact, {"code_word": "tomato"})

    assert phone.write("tomato") == []
    assert phone.write("hello") == []
    assert phone.write("tomato") == ["OK, we write to you again."]
