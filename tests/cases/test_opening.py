"""A case is opened by a yes, with what the person agreed to show and nothing else."""

import pytest

from bot.messaging.models import Holder
from console.handover.opening import PartnerGone
from console.models import (
    Case,
    CaseEntry,
    Consent,
    Membership,
    Organisation,
    Role,
    Share,
    UnmetNeed,
)
from tests.cases.conftest import make_member, make_organisation
from tests.cases.handing_over import consented, hand_over
from tests.cases.phone import Dialogue, Phone, work_and_read

pytestmark = pytest.mark.django_db


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


def test_the_words_that_asked_for_a_person_are_shown_and_a_given_name_is_not(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    dialogue.kind = "offer_human"
    phone.write("a person please, he keeps my passport")
    for answered in ("1", "Maya"):
        dialogue.kind = "ask_consent"
        phone.write(answered)
    dialogue.effects, dialogue.kind = (consented(north),), "case_opened"
    phone.write("yes")

    shown = [entry.text for entry in CaseEntry.objects.filter(kind="bot")]
    assert shown == ["a person please, he keeps my passport"]


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

    with pytest.raises(PartnerGone):
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


def test_sensitive_cases_go_to_trained_people_only(
    phone: Phone, dialogue: Dialogue, north: Organisation
) -> None:
    Membership.objects.update(trained_for_sensitive=False)
    phone.write("hello")
    dialogue.effects = (consented(north, topic="violence"),)

    with pytest.raises(PartnerGone):
        phone.write("yes")
    make_member(north, Role.COORDINATOR)
    dialogue.effects = (consented(north, topic="violence"),)
    work_and_read(phone)
    assert Case.objects.get().sensitive
