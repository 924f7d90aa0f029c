"""The commands that make the first people."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from console.models import Membership, Organisation, Role
from tests.console.conftest import PASSWORD

pytestmark = pytest.mark.django_db
GIVEN = ("--organisation=New House", "--slug=new-house", "--email=Ada@new.invalid")


def test_the_first_coordinator_joins_by_the_printed_link() -> None:
    out = StringIO()
    call_command("first_coordinator", *GIVEN, stdout=out)
    address = "/console/" + out.getvalue().strip().partition("/console/")[2]

    Client().post(address, {"name": "Ada", "password": PASSWORD})

    ada = Membership.objects.get(name="Ada")
    assert (ada.role, ada.organisation.name) == (Role.COORDINATOR, "New House")
    assert ada.user.email == "ada@new.invalid"


def test_an_organisation_with_a_coordinator_gets_no_second_first_one() -> None:
    out = StringIO()
    call_command("first_coordinator", *GIVEN, stdout=out)
    address = "/console/" + out.getvalue().strip().partition("/console/")[2]
    Client().post(address, {"name": "Ada", "password": PASSWORD})

    with pytest.raises(CommandError):
        call_command("first_coordinator", *GIVEN)


def test_the_demonstration_has_two_organisations_with_three_people_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAKI_DEMO_PASSWORD", PASSWORD)
    for _again in range(2):
        call_command("demo_people", stdout=StringIO())

    for organisation in Organisation.objects.all():
        assert organisation.demo
        assert organisation.memberships.count() == 3
    assert Organisation.objects.count() == 2


def test_a_made_up_case_stands_with_its_demonstration_organisation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAKI_DEMO_PASSWORD", PASSWORD)
    call_command("demo_people", stdout=StringIO())
    out = StringIO()
    call_command("demo_case", "+15005550123", stdout=out)

    assert len(out.getvalue().strip()) == 8
