"""From asking for a person to the answer on their phone, through the worker's own code."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.utils import timezone as clock

from bot.channels.incoming import InboundKind
from bot.messaging import answering, outbox
from bot.messaging.models import Contact, Holder, Message, State
from console import walls
from console.cases import closing, referring, writing
from console.handover import candidates, safety
from console.models import (
    Case,
    CaseEntry,
    Consent,
    Membership,
    Organisation,
    Referral,
    Role,
    SafetyPlan,
    Share,
    UnmetNeed,
    Urgency,
)
from tests.cases.conftest import make_member, make_organisation
from tests.cases.phone import Dialogue, Phone, work_and_read

pytestmark = pytest.mark.django_db


@pytest.fixture
def dialogue(monkeypatch: pytest.MonkeyPatch) -> Dialogue:
    stand_in = Dialogue()
    monkeypatch.setattr(answering, "rasa", lambda: stand_in)
    candidates.forget()
    return stand_in


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch, dialogue: Dialogue) -> Phone:
    person = Phone()
    monkeypatch.setattr(outbox, "send", person.receive)
    return person


@pytest.fixture
def north(db: None) -> Organisation:
    organisation = make_organisation("north")
    make_member(organisation)
    return organisation


@pytest.fixture
def worker(north: Organisation) -> Membership:
    return make_member(north)


def consented(organisation: Organisation, **more: Any) -> dict[str, Any]:
    return {
        "do": "open_case",
        "partner": str(organisation.pk),
        "share": "conversation",
        "topic": "wages",
        "country": "MYS",
        "origin": "NPL",
        "stage": "at_destination",
        "language": "en",
        "urgency": "normal",
        "called_by": "Ram",
        "wording": "handover.consent",
        "wording_version": "0123456789ab",
        **more,
    }


def hand_over(phone: Phone, dialogue: Dialogue, organisation: Organisation, **more: Any) -> Case:
    phone.write("my boss does not pay")
    dialogue.effects = (consented(organisation, **more),)
    phone.write("yes")
    return Case.objects.get()


def answer(member: Membership, case: Case, text: str, **more: Any) -> CaseEntry:
    with walls.within(member):
        return writing.reply(member, case, text, **more)


def test_consent_opens_a_case_with_what_was_said(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    case = hand_over(phone, dialogue, north)
    consent = Consent.objects.get()

    assert (case.organisation, case.called_by, case.topic) == (north, "Ram", "wages")
    assert (consent.case, consent.language, consent.wording_version) == (case, "en", "0123456789ab")
    assert phone.contact.holder == Holder.PARTNER
    assert case.routing["key"] == "country"
    shown = [(entry.said_by_person, entry.text) for entry in case.entries.filter(kind="bot")]
    assert shown == [(True, "my boss does not pay"), (False, "bot: my boss does not pay")]


@pytest.mark.parametrize(
    ("share", "texts"),
    [(Share.SUMMARY, [""]), (Share.QUESTION, ["my boss does not pay"])],
)
def test_a_smaller_consent_shows_less(
    phone: Phone, dialogue: Dialogue, north: Organisation, share: Share, texts: list[str]
) -> None:
    case = hand_over(phone, dialogue, north, share=share)

    lines = case.entries.filter(kind="bot")
    assert [line.text for line in lines] == texts
    if share == Share.SUMMARY:
        assert lines.get().card == "mys/unpaid-wages"


def test_the_dialogue_learns_who_could_take_a_case(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    make_organisation("nobody-there")
    phone.write("hello")

    assert [partner["name"] for partner in dialogue.metadata["partners"]] == ["North"]
    assert dialogue.metadata["handover"]["holder"] == "bot"
    assert "address" not in str(dialogue.metadata)


def test_a_partner_who_is_full_by_then_is_not_given_the_case(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    phone.write("my boss does not pay")
    dialogue.effects = (consented(north),)
    Organisation.objects.update(capacity=0)

    with pytest.raises(Exception, match="organisation"):
        phone.write("yes")

    assert not Case.objects.exists()
    assert not Consent.objects.exists()
    dialogue.effects = ()
    assert phone.screen[-1].startswith("bot: my boss")


def test_a_no_is_recorded_and_opens_nothing(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    dialogue.effects = ({**consented(north), "do": "refuse_case", "share": ""},)
    phone.write("no")

    assert Consent.objects.get().answer is False
    assert not Case.objects.exists()


def test_a_wish_that_nobody_can_answer_is_counted_without_a_name(
    phone: Phone, dialogue: Dialogue
) -> None:
    dialogue.effects = ({"do": "unmet", "topic": "wages", "country": "MYS", "language": "en"},)
    phone.write("human")

    assert UnmetNeed.objects.get().topic == "wages"


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


def close(member: Membership, case: Case) -> None:
    with walls.within(member):
        closing.resolve(member, case)


def test_closing_asks_once_how_it_went_and_the_bot_is_back(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    close(worker, case)

    (question,) = work_and_read(phone)
    assert question.startswith("North has finished.")
    assert phone.contact.holder == Holder.BOT
    assert phone.write("1") == ["Thank you. You can write at any time."]
    case.refresh_from_db()
    assert (case.rating, case.status) == ("good", "resolved")


def test_words_within_three_days_open_it_again(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    close(worker, case)
    work_and_read(phone)

    assert phone.write("thank you so much") == []
    case.refresh_from_db()
    assert case.status == "resolved"
    (told,) = phone.write("he still does not pay")
    assert told.startswith("North has your message")
    case.refresh_from_db()
    assert (case.status, case.reopened) == ("open", 1)
    assert phone.contact.holder == Holder.PARTNER


def test_later_words_start_clean_with_the_bot(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    close(worker, case)
    work_and_read(phone)
    Case.objects.update(reopens_until=clock.now() - timedelta(seconds=1))

    assert phone.write("where is my passport") == ["bot: where is my passport"]
    case.refresh_from_db()
    assert case.status == "resolved"


def test_whoever_asks_for_the_menu_stays_with_the_bot(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north)
    close(worker, case)
    work_and_read(phone)

    assert phone.write("MENU") == ["bot: /menu"]
    assert phone.write("where is my passport") == ["bot: where is my passport"]
    case.refresh_from_db()
    assert case.status == "resolved"


def refer(member: Membership, case: Case, to: Organisation) -> Referral:
    with walls.within(member):
        return referring.refer(member, case, to, Share.SUMMARY)


def test_a_referral_needs_a_fresh_yes_and_says_who_answers_next(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    south = make_organisation("south")
    stranger = make_member(south)
    case = hand_over(phone, dialogue, north)
    refer(worker, case, south)

    (question,) = work_and_read(phone)
    assert "May South get your topic, country and language" in question
    with walls.within(stranger):
        assert not Case.objects.exists()
        assert not Referral.objects.exists()
    assert phone.write("1") == ["South answers you next, here."]
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("resolved", "referred")
    with walls.within(stranger):
        new = Case.objects.get()
        assert (new.share, new.called_by) == ("summary", "Ram")
        assert "my boss does not pay" not in [e.text for e in CaseEntry.objects.all()]
    phone.write("hello South")
    assert new.entries.filter(kind="inbound").get().text == "hello South"


def test_a_no_to_a_referral_changes_nothing(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    south = make_organisation("south")
    make_member(south)
    case = hand_over(phone, dialogue, north)
    refer(worker, case, south)
    work_and_read(phone)

    (told,) = phone.write("2")
    assert told == "That is fine. North stays with you."
    case.refresh_from_db()
    assert case.status == "pending" or case.status == "open"
    assert Referral.objects.get().state == "refused"
    assert Consent.objects.filter(answer=False, organisation=south).exists()


def test_a_referral_to_who_is_full_by_then_says_so(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    south = make_organisation("south")
    make_member(south)
    case = hand_over(phone, dialogue, north)
    refer(worker, case, south)
    work_and_read(phone)
    Organisation.objects.filter(pk=south.pk).update(capacity=0)

    (told,) = phone.write("1")
    assert told.startswith("South cannot take it now.")
    assert Case.objects.get() == case
    assert Referral.objects.get().state == "lapsed"


def test_erasing_a_person_removes_the_texts_of_their_cases(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over(phone, dialogue, north, code_word="tomato")
    answer(worker, case, "We can write to him.")
    work_and_read(phone)
    dialogue.effects = ({"do": "erase"},)
    phone.write("DELETE")

    assert not Contact.objects.exists()
    for model in (Case, CaseEntry, Consent, SafetyPlan, Message):
        assert not model.objects.exists()


def test_sensitive_cases_go_to_trained_people_only(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    Membership.objects.update(trained_for_sensitive=False)
    phone.write("hello")
    dialogue.effects = (consented(north, topic="violence"),)

    with pytest.raises(Exception, match="organisation"):
        phone.write("yes")
    make_member(north, Role.COORDINATOR)
    dialogue.effects = (consented(north, topic="violence"),)
    work_and_read(phone)
    assert Case.objects.get().sensitive
