"""The coordinator says what the organisation answers, and how quickly; each change is audited."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from console.handover.targets import MINUTES, due
from console.models import AuditLine, Membership, Organisation, Target, Urgency
from tests.console.conftest import People

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
SCOPE, TARGETS = "/console/organisation/scope/", "/console/organisation/targets/"


def stored(people: People) -> Organisation:
    return Organisation.objects.get(pk=people.coordinator.organisation_id)


def told(people: People) -> list[tuple[str, dict[str, Any]]]:
    lines = AuditLine.objects.filter(member=people.coordinator).order_by("pk")
    return list(lines.values_list("what", "details"))


def test_what_was_chosen_is_stored_and_each_change_is_in_the_audit(
    sign_in: SignIn, people: People
) -> None:
    chosen = {"countries": ["MYS", "NPL"], "origins": ["HTI"], "topics": [], "languages": ["en"]}
    client = sign_in(people.coordinator)
    client.post(SCOPE, chosen)

    found = stored(people)
    assert (found.countries, found.origins) == (["MYS", "NPL"], ["HTI"])
    assert (found.topics, found.languages) == ([], ["en"])
    assert told(people) == [
        ("countries_changed", {"was": "", "now": "MYS NPL"}),
        ("origins_changed", {"was": "", "now": "HTI"}),
    ]

    client.post(SCOPE, {**chosen, "origins": [], "topics": ["wages"], "languages": ["ne", "en"]})
    assert told(people)[2:] == [
        ("origins_changed", {"was": "HTI", "now": ""}),
        ("topics_changed", {"was": "", "now": "wages"}),
        ("languages_changed", {"was": "en", "now": "ne en"}),
    ]
    assert "topics_changed" in client.get("/console/audit/").content.decode()


def test_storing_the_same_again_leaves_no_line(sign_in: SignIn, people: People) -> None:
    sign_in(people.coordinator).post(SCOPE, {"languages": ["en"]})

    assert told(people) == []


@pytest.mark.parametrize(("field", "code"), [
    ("countries", "ATL"), ("origins", "INT"), ("topics", "weather"), ("languages", "tlh"),
])  # fmt: skip
def test_an_unknown_code_stores_nothing(
    sign_in: SignIn, people: People, field: str, code: str
) -> None:
    answer = sign_in(people.coordinator).post(SCOPE, {"languages": ["en", "ne"], field: code})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert (stored(people).languages, told(people)) == (["en"], [])


def test_a_country_without_a_shelf_stays_until_it_is_taken_away(
    sign_in: SignIn, people: People
) -> None:
    Organisation.objects.filter(pk=people.coordinator.organisation_id).update(countries=["KEN"])
    client = sign_in(people.coordinator)
    assert 'value="KEN"' in client.get("/console/organisation/").content.decode()

    client.post(SCOPE, {"countries": ["KEN", "ETH"], "languages": ["en"]})
    assert stored(people).countries == ["KEN", "ETH"]
    client.post(SCOPE, {"countries": ["ETH"], "languages": ["en"]})
    assert stored(people).countries == ["ETH"]


def test_a_target_counts_from_then_on_and_an_empty_one_is_the_usual(
    sign_in: SignIn, people: People
) -> None:
    client, now = sign_in(people.coordinator), timezone.now()
    client.post(TARGETS, {"minutes_danger": "30", "minutes_high": "", "minutes_normal": ""})

    waits = (due(stored(people), Urgency.DANGER, now) - now).total_seconds() / 60
    assert waits == 30
    waits = (due(stored(people), Urgency.HIGH, now) - now).total_seconds() / 60
    assert waits == MINUTES[Urgency.HIGH]

    client.post(TARGETS, {"minutes_danger": "45", "minutes_normal": "600"})
    client.post(TARGETS, {"minutes_normal": "600"})
    left = Target.objects.filter(organisation=stored(people)).values_list("urgency", "minutes")
    assert list(left) == [(Urgency.NORMAL, 600)]
    assert told(people) == [
        ("target_changed", {"urgency": "danger", "was": None, "now": 30}),
        ("target_changed", {"urgency": "danger", "was": 30, "now": 45}),
        ("target_changed", {"urgency": "normal", "was": None, "now": 600}),
        ("target_changed", {"urgency": "danger", "was": 45, "now": None}),
    ]


@pytest.mark.parametrize("minutes", ["0", "-5", "soon", "9999999"])
def test_a_target_that_cannot_be_is_refused(sign_in: SignIn, people: People, minutes: str) -> None:
    answer = sign_in(people.coordinator).post(TARGETS, {"minutes_danger": minutes})

    assert answer.status_code == 200
    assert not Target.objects.exists()


def test_others_read_what_is_answered_and_are_offered_no_form(
    sign_in: SignIn, people: People
) -> None:
    Organisation.objects.filter(pk=people.owner.organisation_id).update(origins=["NPL"])
    for member in (people.owner, people.analyst):
        page = sign_in(member).get("/console/organisation/").content.decode()
        assert "Nepal" in page
        assert (SCOPE in page, TARGETS in page) == (False, False)


def test_another_organisation_stays_as_it_was(sign_in: SignIn, people: People) -> None:
    sign_in(people.outsider).post(SCOPE, {"countries": ["MYS"], "languages": ["en"]})
    sign_in(people.outsider).post(TARGETS, {"minutes_danger": "5"})

    assert stored(people).countries == []
    assert not Target.objects.filter(organisation=stored(people)).exists()
