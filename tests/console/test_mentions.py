"""Who is named in a note finds it, until they opened the case; nobody else does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from console import walls
from console.cases import access, finding, writing
from console.models import AuditLine, Case, Membership, Status
from tests.cases.conftest import make_case, make_contact
from tests.console.conftest import People

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
BADGE = "Mentions you"


@pytest.fixture
def case(people: People) -> Case:
    made: Case = make_case(people.owner.organisation, make_contact())
    return made


def tell(people: People, case: Case, *told: Membership) -> None:
    with walls.within(people.owner):
        writing.note(people.owner, case, "please look", list(told))


def look(member: Membership, case: Case) -> bool:
    with walls.within(member):
        return access.view(member, access.find(member, case.public_id))


def count(member: Membership) -> int:
    with walls.within(member):
        return finding.folders(member)["mentions"]


def listed(member: Membership) -> list[str]:
    with walls.within(member):
        return [one.public_id for one in finding.listing(member, "mentions")]


def test_a_mention_is_counted_for_whom_it_names_until_they_open_the_case(
    people: People, case: Case
) -> None:
    tell(people, case, people.colleague)
    tell(people, case, people.colleague, people.analyst)

    assert (count(people.colleague), count(people.analyst)) == (2, 1)
    assert (count(people.owner), count(people.coordinator)) == (0, 0)

    assert look(people.colleague, case) is True
    assert (count(people.colleague), count(people.analyst)) == (0, 1)
    assert look(people.colleague, case) is False


def test_a_mention_after_a_look_is_new_even_within_ten_minutes(people: People, case: Case) -> None:
    look(people.colleague, case)
    tell(people, case, people.colleague)
    assert count(people.colleague) == 1

    look(people.colleague, case)
    look(people.colleague, case)
    assert count(people.colleague) == 0
    looks = AuditLine.objects.filter(member=people.colleague, what="viewed", case=case.public_id)
    assert looks.count() == 2


def test_the_folder_keeps_what_was_seen_while_it_is_unresolved(people: People, case: Case) -> None:
    tell(people, case, people.colleague)
    look(people.colleague, case)
    assert listed(people.colleague) == [case.public_id]
    assert listed(people.owner) == []

    Case.objects.filter(pk=case.pk).update(status=Status.RESOLVED)
    assert listed(people.colleague) == []


def test_an_unseen_mention_is_listed_though_the_case_was_resolved(
    people: People, case: Case
) -> None:
    tell(people, case, people.colleague)
    Case.objects.filter(pk=case.pk).update(status=Status.RESOLVED)

    assert listed(people.colleague) == [case.public_id]


def test_a_mention_in_a_case_one_may_not_see_is_neither_counted_nor_listed(
    people: People, case: Case
) -> None:
    tell(people, case, people.colleague)
    Membership.objects.filter(pk=people.colleague.pk).update(trained_for_sensitive=False)
    Case.objects.filter(pk=case.pk).update(sensitive=True)
    people.colleague.refresh_from_db()

    assert (count(people.colleague), listed(people.colleague)) == (0, [])


def test_a_mention_goes_with_the_consent(people: People, case: Case) -> None:
    tell(people, case, people.colleague)
    case.entries.update(hidden=True)

    assert (count(people.colleague), listed(people.colleague)) == (0, [])


def test_the_database_shows_no_mention_of_another_organisation(people: People, case: Case) -> None:
    """The filters of the application name the outsider's own; here the note names them as well."""
    tell(people, case, people.colleague)
    case.entries.filter(kind="note").update(mentions=[people.outsider.pk])

    assert (count(people.outsider), listed(people.outsider)) == (0, [])


def test_the_page_shows_folder_badge_and_count(sign_in: SignIn, people: People, case: Case) -> None:
    client, where = sign_in(people.owner), f"/console/cases/{case.public_id}/"
    client.post(
        f"{where}write/", {"as": "note", "text": "look", "mention": str(people.colleague.pk)}
    )
    told = sign_in(people.colleague)
    row = f"{where}row/?folder=mentions"

    page = told.get("/console/folders/mentions/")
    counts = {one["key"]: one["count"] for one in page.context["folders"]}
    assert (counts["mentions"], BADGE in page.content.decode()) == (1, True)
    assert BADGE in told.get(row).content.decode()
    assert BADGE not in client.get("/console/").content.decode()

    opened = told.get(where)
    assert opened["HX-Trigger"] == "haki:seen"
    assert BADGE not in opened.content.decode()
    assert BADGE not in told.get(row).content.decode()
    assert "HX-Trigger" not in told.get(where)


def test_a_look_long_ago_does_not_see_a_later_mention(people: People, case: Case) -> None:
    with walls.within(people.colleague):
        AuditLine.objects.create(
            organisation=case.organisation, member=people.colleague, what="viewed",
            case=case.public_id, at=timezone.now() - timedelta(days=2),
        )  # fmt: skip
    tell(people, case, people.colleague)

    assert count(people.colleague) == 1
