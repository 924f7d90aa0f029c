"""Two organisations with people, a person with a case at the first of them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from django.contrib.auth.models import User

from bot.messaging import answering, outbox
from bot.messaging.models import Contact, Direction, Message, State
from console.handover import candidates
from console.models import (
    Case,
    CaseEntry,
    Consent,
    EntryKind,
    Membership,
    Organisation,
    Role,
    Share,
)
from tests.cases.phone import Dialogue, Phone

NUMBER = "+15005550142"
_numbers = count(1)


def make_organisation(slug: str, **more: object) -> Organisation:
    """Return an organisation that helps people in Malaysia, at all hours."""
    values = {
        "name": slug.title(),
        "countries": ["MYS"],
        "languages": ["en", "ne"],
        "hours": {str(day): [["00:00", "24:00"]] for day in range(7)},
        "demo": True,
        **more,
    }
    return Organisation.objects.create(slug=slug, **values)


def make_member(
    organisation: Organisation, role: Role = Role.CASE_WORKER, **more: object
) -> Membership:
    """Return a new member, trained for what is sensitive."""
    name = f"{organisation.slug}-{role}-{next(_numbers)}"
    user = User.objects.create_user(name, f"{name}@haki.invalid")
    values = {"trained_for_sensitive": True, **more}
    return Membership.objects.create(
        user=user, organisation=organisation, name=name, role=role, **values
    )


def make_contact(channel: str = "sms", **more: object) -> Contact:
    """Return somebody who wrote in English from Malaysia."""
    values = {"language": "en", "country": "MYS", "our_address": "+15005550006", **more}
    return Contact.objects.create(
        channel=channel, address_hash=f"{next(_numbers):064d}", address=NUMBER, **values
    )


def make_case(organisation: Organisation, contact: Contact, **more: object) -> Case:
    """Return an open case with its consent and one line of the person."""
    values = {"topic": "wages", "country": "MYS", "language": "en", **more}
    case = Case.objects.create(
        organisation=organisation,
        contact=contact,
        channel=contact.channel,
        share=Share.CONVERSATION,
        **values,
    )
    Consent.objects.create(
        contact=contact,
        organisation=organisation,
        case=case,
        share=Share.CONVERSATION,
        language="en",
        wording="handover.ask",
        wording_version="0" * 12,
    )
    message = Message.objects.create(
        contact=contact,
        channel=contact.channel,
        direction=Direction.INBOUND,
        kind="text",
        text="my boss does not pay",
        state=State.ANSWERED,
        provider_id=f"case-test:{next(_numbers)}",
    )
    CaseEntry.objects.create(
        case=case,
        organisation=organisation,
        kind=EntryKind.INBOUND,
        text=message.text,
        message=message,
        said_by_person=True,
    )
    return case


@dataclass(frozen=True)
class World:
    """Two organisations that know nothing of each other."""

    north: Organisation
    south: Organisation
    worker: Membership
    coordinator: Membership
    analyst: Membership
    stranger: Membership
    contact: Contact
    case: Case


@pytest.fixture
def world(db: None) -> World:
    """The case stands with north; `stranger` works for south."""
    return make_world()


def make_world() -> World:
    """Return a new world; for tests with several connections, which share no transaction."""
    number = next(_numbers)
    north, south = make_organisation(f"north-{number}"), make_organisation(f"south-{number}")
    contact = make_contact()
    return World(
        north=north,
        south=south,
        worker=make_member(north),
        coordinator=make_member(north, Role.COORDINATOR),
        analyst=make_member(north, Role.ANALYST),
        stranger=make_member(south),
        contact=contact,
        case=make_case(north, contact),
    )


Make = Callable[..., Case]


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
