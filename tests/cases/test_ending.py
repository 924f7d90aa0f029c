"""Closing, opening again, handing on to another organisation, erasing."""

from datetime import timedelta

import pytest
from django.utils import timezone as clock

from bot.messaging.models import Contact, Holder, Message
from console import walls
from console.models import Case, CaseEntry, Consent, Membership, Organisation, Referral, SafetyPlan
from tests.cases.conftest import make_member, make_organisation
from tests.cases.handing_over import answer, close, hand_over, hand_over_and_close, refer
from tests.cases.phone import Dialogue, Phone, work_and_read

pytestmark = pytest.mark.django_db


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
    case = hand_over_and_close(phone, dialogue, north, worker)

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
    case = hand_over_and_close(phone, dialogue, north, worker)
    Case.objects.update(reopens_until=clock.now() - timedelta(seconds=1))

    assert phone.write("where is my passport") == ["bot: where is my passport"]
    case.refresh_from_db()
    assert case.status == "resolved"


def test_whoever_asks_for_the_menu_stays_with_the_bot(
    phone: Phone, dialogue: Dialogue, north: Organisation, worker: Membership
) -> None:
    case = hand_over_and_close(phone, dialogue, north, worker)

    assert phone.write("MENU") == ["bot: /menu"]
    assert phone.write("where is my passport") == ["bot: where is my passport"]
    case.refresh_from_db()
    assert case.status == "resolved"


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
    assert (case.status, case.organisation) == ("open", north)
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
