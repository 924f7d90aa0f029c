"""Every page and action of the console against everybody: who gets in, who reads, who acts.

The table is held against the URL conf: a new address without a line here fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from console import urls
from console.models import CannedReply, Case, CaseEntry, Invitation, Membership, Status
from tests.cases.conftest import make_case, make_contact
from tests.console.conftest import People

pytestmark = pytest.mark.django_db

# Reached without a door of ours: allauth's own pages, and what is open on purpose.
OPEN = {
    "account_login", "account_logout", "account_signup", "account_inactive",
    "account_reauthenticate", "account_change_password", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "choose-language", "invitation", "switch", "live",
    "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    "mfa_login_webauthn",
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """What each of them gets. `outsider` is a coordinator of another organisation."""

    owner: int
    coordinator: int
    analyst: int
    outsider: int
    post: dict[str, str] | None = None
    of_case: bool = True
    more: str = ""


def reading(**more: Any) -> Door:
    return Door(200, 200, 200, 404, **more)


def acting(**more: Any) -> Door:
    return Door(302, 302, 403, 404, **{"post": {}, **more})


DOORS: dict[str, Door] = {
    "inbox": Door(200, 200, 200, 200, of_case=False),
    "folder": Door(200, 200, 200, 200, more="folder", of_case=False),
    "folders": Door(200, 200, 200, 200, more="folder", of_case=False),
    "news": Door(200, 200, 200, 200, more="folder", of_case=False),
    "search": Door(200, 200, 200, 200, of_case=False),
    "incidents": Door(200, 200, 200, 200, of_case=False),
    "organisation": Door(200, 200, 200, 200, of_case=False),
    "audit": Door(403, 200, 403, 200, of_case=False),
    "change-hours": Door(403, 302, 403, 302, post={"zone": "UTC", "capacity": "40"}, of_case=False),
    "change-scope": Door(403, 302, 403, 302, post={"countries": "MYS"}, of_case=False),
    "change-targets": Door(403, 302, 403, 302, post={"minutes_danger": "30"}, of_case=False),
    "invite": Door(
        403, 302, 403, 302, post={"email": "x@y.invalid", "role": "analyst"}, of_case=False
    ),
    "withdraw-invitation": Door(403, 302, 403, 404, post={}, more="invitation", of_case=False),
    "change-member": Door(
        403, 302, 403, 404, post={"role": "analyst"}, more="member", of_case=False
    ),
    "add-canned": Door(
        302, 302, 403, 302, post={"language": "en", "title": "t", "text": "x"}, of_case=False
    ),
    "delete-canned": Door(302, 302, 403, 404, post={}, more="canned", of_case=False),
    "case": reading(),
    "entries": reading(),
    "row": reading(),
    "write": acting(post={"as": "reply", "text": "hello"}),
    "draft": Door(200, 200, 403, 404, post={"text": "hel"}),
    "preview": Door(200, 200, 403, 404, post={"text": "hel"}),
    "cards": Door(200, 200, 403, 404),
    "claim": acting(),
    "assign": acting(post={"to": ""}),
    "snooze": acting(post={"until": "4"}),
    "wait": acting(),
    "resolve": acting(),
    "reopen": acting(),
    "refer": acting(post={"to": "OTHER", "share": "summary"}),
    "cancel-referral": acting(),
    "mask": acting(post={"words": "boss"}, more="entry"),
    "ask-export": acting(),
    "export": Door(200, 200, 403, 404, post={}, more="form"),
}
SignIn = Callable[[Membership | None], Client]


def names(patterns: list[Any]) -> set[str]:
    found: set[str] = set()
    for one in patterns:
        if isinstance(one, URLResolver):
            found |= names(one.url_patterns)
        elif isinstance(one, URLPattern):
            assert one.name, f"an address without a name: {one.pattern}"
            found.add(one.name)
    return found


def test_every_address_stands_in_the_table() -> None:
    assert names(urls.urlpatterns) == set(DOORS) | OPEN


@pytest.fixture
def case(people: People) -> Case:
    made: Case = make_case(people.owner.organisation, make_contact(), allows_export=True)
    return made


def address(name: str, door: Door, people: People, case: Case) -> str:
    north = people.owner.organisation
    arguments: list[Any] = [case.public_id] if door.of_case else []
    if door.more == "folder":
        arguments.append("open")
    elif door.more == "form":
        arguments.append("json")
    elif door.more == "entry":
        arguments.append(CaseEntry.objects.filter(case=case).latest("pk").pk)
    elif door.more == "member":
        arguments.append(people.colleague.pk)
    elif door.more == "canned":
        made = CannedReply.objects.create(organisation=north, language="en", title="a", text="b")
        arguments.append(made.pk)
    elif door.more == "invitation":
        made_invitation = Invitation.objects.create(
            organisation=north, token_hash="0" * 64, email="a@b.invalid", role="analyst",
            invited_by=people.coordinator, expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        arguments.append(made_invitation.pk)
    return reverse(name, args=arguments)


def ask(client: Client, where: str, door: Door, people: People) -> int:
    if door.post is None:
        return client.get(where).status_code
    fields = {
        key: str(people.outsider.organisation_id) if value == "OTHER" else value
        for key, value in door.post.items()
    }
    return client.post(where, fields).status_code


@pytest.mark.parametrize("name", sorted(DOORS))
@pytest.mark.parametrize("who", ["owner", "colleague", "coordinator", "analyst", "outsider"])
def test_a_door_opens_for_whom_it_should(
    sign_in: SignIn, people: People, case: Case, name: str, who: str
) -> None:
    door = DOORS[name]
    expected = getattr(door, "owner" if who == "colleague" else who)

    assert ask(sign_in(getattr(people, who)), address(name, door, people, case), door, people) == (
        expected
    )


@pytest.mark.parametrize("name", sorted(DOORS))
def test_without_sign_in_every_door_leads_to_the_sign_in(
    sign_in: SignIn, people: People, case: Case, name: str
) -> None:
    door = DOORS[name]
    client, where = sign_in(None), address(name, door, people, case)
    answer = client.get(where) if door.post is None else client.post(where, door.post)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/sign-in/")


@pytest.mark.parametrize("name", sorted(name for name in DOORS if DOORS[name].post is not None))
def test_an_action_is_never_done_by_a_mere_link(
    sign_in: SignIn, people: People, case: Case, name: str
) -> None:
    where = address(name, DOORS[name], people, case)

    assert sign_in(people.owner).get(where).status_code == 405


@pytest.mark.parametrize("who", ["analyst", "outsider"])
def test_what_is_refused_changes_nothing(
    sign_in: SignIn, people: People, case: Case, who: str
) -> None:
    client = sign_in(getattr(people, who))
    for name, door in DOORS.items():
        if door.of_case and door.post is not None:
            ask(client, address(name, door, people, case), door, people)

    case.refresh_from_db()
    assert (case.status, case.assignee_id) == (Status.OPEN, None)
    assert CaseEntry.objects.filter(case=case).count() == 1
