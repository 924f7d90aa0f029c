"""Coming in: throttled, with a second factor, for so long and by invitation only."""

from collections.abc import Callable
from datetime import timedelta
from time import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from console import walls
from console.accounts import invitations
from console.accounts.sessions import BACKGROUND_HEADER, SEEN, SIGNED_IN
from console.models import Invitation, Membership, Role
from tests.console.conftest import PASSWORD, People

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def give_totp(member: Membership) -> str:
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(member.user, secret)
    return secret


def post_sign_in(client: Client, email: str, password: str):  # type: ignore[no-untyped-def]
    return client.post("/console/sign-in/", {"login": email, "password": password})


def test_without_sign_in_the_console_is_closed(client: Client) -> None:
    answer = client.get("/console/")

    assert answer.status_code == 302
    assert answer["Location"] == "/console/sign-in/?next=%2Fconsole%2F"


def test_an_htmx_request_without_a_session_leaves_the_page_for_the_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/console/cases/AB/"}
    answer = client.get("/console/folders/open/counts/", headers=headers)

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/console/sign-in/?next=%2Fconsole%2Fcases%2FAB%2F"


def test_email_and_password_bring_in_where_no_second_factor_is_set_up(
    client: Client, people: People
) -> None:
    answer = post_sign_in(client, people.owner.user.email, PASSWORD)

    assert answer.status_code == 302
    assert client.get("/console/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nobody(
    client: Client, people: People
) -> None:
    known = post_sign_in(client, people.owner.user.email, "wrong")
    unknown = post_sign_in(client, "nobody@north.invalid", "wrong")

    assert known.context["form"].errors == unknown.context["form"].errors != {}


def test_the_sixth_wrong_password_is_not_even_tried(client: Client, people: People) -> None:
    for _ in range(5):
        post_sign_in(client, people.owner.user.email, "wrong")

    right = post_sign_in(client, people.owner.user.email, PASSWORD)

    assert right.status_code == 200  # the form again, with the reason
    assert "_auth_user_id" not in client.session


def test_the_sign_in_wears_our_template_and_offers_no_sign_up(client: Client) -> None:
    page = client.get("/console/sign-in/").content.decode()

    assert "An account begins with an invitation" in page
    assert "sign-up" not in page


def test_nobody_signs_up(client: Client) -> None:
    fields = {"email": "x@north.invalid", "password1": PASSWORD}
    assert client.get("/console/sign-up/").status_code == 302
    assert client.post("/console/sign-up/", fields).status_code == 302
    assert not User.objects.filter(email="x@north.invalid").exists()


def test_with_an_authenticator_app_the_password_is_not_enough(
    client: Client, people: People
) -> None:
    secret = give_totp(people.owner)

    asked = post_sign_in(client, people.owner.user.email, PASSWORD)
    assert asked["Location"] == "/console/account/second-factor/authenticate/"
    assert client.get("/console/").status_code == 302

    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    client.post(asked["Location"], {"code": code})
    assert client.get("/console/").status_code == 200


def test_production_sends_people_without_a_second_factor_to_set_one_up(
    sign_in: SignIn, people: People, settings: pytest.FixtureRequest
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True  # type: ignore[attr-defined]
    client = sign_in(people.owner)

    assert client.get("/console/")["Location"] == "/console/account/second-factor/"
    page = client.get("/console/account/second-factor/")
    assert page.status_code == 200
    give_totp(people.owner)
    assert client.get("/console/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(
    sign_in: SignIn, people: People, settings: pytest.FixtureRequest
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True  # type: ignore[attr-defined]
    kind = Authenticator.Type.RECOVERY_CODES
    Authenticator.objects.create(user=people.owner.user, type=kind, data={})

    assert sign_in(people.owner).get("/console/").status_code == 302


@pytest.mark.parametrize(("mark", "seconds"), [(SEEN, 31 * 60), (SIGNED_IN, 8 * 3600 + 1)])
def test_a_session_ends_unused_after_half_an_hour_and_in_any_case_after_eight(
    sign_in: SignIn, people: People, mark: str, seconds: int
) -> None:
    client = sign_in(people.owner)
    assert client.get("/console/").status_code == 200
    session = client.session
    session[mark] = int(time()) - seconds
    session.save()

    assert client.get("/console/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_what_the_page_asks_by_itself_keeps_no_session_alive(
    sign_in: SignIn, people: People
) -> None:
    client = sign_in(people.owner)
    client.get("/console/")
    session = client.session
    session[SEEN] = before = int(time()) - 20 * 60
    session.save()

    client.get("/console/folders/open/counts/", headers={BACKGROUND_HEADER: "1"})
    assert client.session[SEEN] == before
    client.get("/console/folders/open/counts/")
    assert client.session[SEEN] > before


def invite(people: People, email: str = "new@north.invalid") -> str:
    with walls.within(people.coordinator):
        return invitations.invite(people.coordinator, email=email, role=Role.CASE_WORKER)


def test_an_invitation_makes_an_account_with_its_role_and_works_once(
    client: Client, people: People
) -> None:
    address = f"/console/invitation/{invite(people)}/"

    page = client.get(address)
    assert b"new@north.invalid" in page.content
    joined = client.post(address, {"name": "New", "password": PASSWORD})

    assert joined["Location"] == "/console/account/second-factor/"
    member = Membership.objects.get(name="New")
    assert (member.role, member.organisation) == (Role.CASE_WORKER, people.owner.organisation)
    assert Client().get(address).status_code == 410
    assert mail.outbox == []


def test_an_invitation_refuses_a_weak_password(client: Client, people: People) -> None:
    address = f"/console/invitation/{invite(people)}/"

    page = client.post(address, {"name": "New", "password": "password1"})

    assert page.context["form"].errors["password"]
    assert not Membership.objects.filter(name="New").exists()


def test_an_invitation_expires_and_ends_when_a_newer_one_is_made(
    client: Client, people: People
) -> None:
    old, new = invite(people), invite(people)
    assert client.get(f"/console/invitation/{old}/").status_code == 410
    assert client.get(f"/console/invitation/{new}/").status_code == 200

    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/console/invitation/{new}/").status_code == 410


def test_whoever_has_an_account_joins_a_second_organisation_with_its_password(
    client: Client, people: People
) -> None:
    token = invite(people, people.outsider.user.email)
    address = f"/console/invitation/{token}/"

    wrong = client.post(address, {"name": "Sol", "password": "not the password"})
    assert wrong.context["form"].errors["password"]
    right = client.post(address, {"name": "Sol", "password": PASSWORD})

    assert right["Location"] == "/console/sign-in/"
    assert Membership.objects.filter(user=people.outsider.user).count() == 2


def test_a_member_of_two_organisations_switches_and_of_none_is_told_so(
    sign_in: SignIn, people: People
) -> None:
    south = people.outsider.organisation
    second = Membership.objects.create(
        user=people.owner.user, organisation=south, name="Olu", role=Role.CASE_WORKER
    )
    client = sign_in(people.owner)
    assert b"Switch to South" in client.get("/console/").content

    client.post("/console/switch/", {"membership": second.pk})
    assert b"Switch to North" in client.get("/console/").content
    assert client.post("/console/switch/", {"membership": people.outsider.pk}).status_code == 404

    Membership.objects.filter(user=people.owner.user).update(active=False)
    assert client.get("/console/").status_code == 403


def test_a_password_forgotten_is_renewed_by_a_link_and_never_mailed(
    client: Client, people: People
) -> None:
    client.post("/console/account/password/forgotten/", {"email": people.owner.user.email})

    assert len(mail.outbox) == 1
    body = str(mail.outbox[0].body)
    assert "/console/account/password/new/" in body
    assert PASSWORD not in body


def test_the_chosen_language_stays_with_the_account(sign_in: SignIn, people: People) -> None:
    sign_in(people.owner).post("/console/language/", {"language": "ar", "next": "/console/"})

    elsewhere = Client()
    elsewhere.post("/console/sign-in/", {"login": people.owner.user.email, "password": PASSWORD})
    page = elsewhere.get("/console/").content.decode()

    assert '<html lang="ar" dir="rtl">' in page


def test_choosing_a_language_never_leads_to_another_site(client: Client) -> None:
    answer = client.post("/console/language/", {"language": "fr", "next": "https://example.org/"})
    assert answer["Location"] == "/console/"


def test_pages_run_no_inline_script_and_stay_out_of_caches(client: Client) -> None:
    answer = client.get("/console/sign-in/")

    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
