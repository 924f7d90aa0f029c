"""Steps that several tests of the hand-over take."""

from typing import Any

from console import walls
from console.cases import closing, referring, writing
from console.models import Case, CaseEntry, Membership, Organisation, Referral, Share
from tests.cases.phone import Dialogue, Phone, work_and_read


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


def close(member: Membership, case: Case) -> None:
    with walls.within(member):
        closing.resolve(member, case)


def hand_over_and_close(
    phone: Phone, dialogue: Dialogue, organisation: Organisation, member: Membership
) -> Case:
    case = hand_over(phone, dialogue, organisation)
    close(member, case)
    work_and_read(phone)
    return case


def refer(member: Membership, case: Case, to: Organisation) -> Referral:
    with walls.within(member):
        return referring.refer(member, case, to, Share.SUMMARY)
