"""Two organisations and their people, and clients that are signed in as them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from console.models import Membership, Organisation, Role

PASSWORD = "a sentence nobody guesses"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class People:
    """Three people of one organisation and one of another."""

    owner: Membership
    colleague: Membership
    coordinator: Membership
    analyst: Membership
    outsider: Membership


def make_member(organisation: Organisation, name: str, role: Role) -> Membership:
    email = f"{name}@{organisation.slug}.invalid"
    user = User.objects.create_user(email, email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return Membership.objects.create(
        user=user, organisation=organisation, name=name.title(), role=role,
        trained_for_sensitive=True,
    )  # fmt: skip


def make_organisation(slug: str, **more: object) -> Organisation:
    return Organisation.objects.create(name=slug.title(), slug=slug, languages=["en"], **more)


@pytest.fixture(autouse=True)
def _nobody_is_throttled(request: pytest.FixtureRequest) -> None:
    """Forget earlier tests' sign-ins; the counts live in Valkey."""
    if "engines" in request.fixturenames or "db" in request.fixturenames:
        cache.clear()


@pytest.fixture(autouse=True)
def _cheap_hashes(settings: Any) -> None:
    """A real password hash takes a fifth of a second; these tests make hundreds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def people(db: None) -> People:
    north = make_organisation("north", coordinating=True)
    south = make_organisation("south")
    return People(
        owner=make_member(north, "olu", Role.CASE_WORKER),
        colleague=make_member(north, "cyd", Role.CASE_WORKER),
        coordinator=make_member(north, "kim", Role.COORDINATOR),
        analyst=make_member(north, "ana", Role.ANALYST),
        outsider=make_member(south, "sol", Role.COORDINATOR),
    )


@pytest.fixture
def sign_in() -> Callable[[Membership | None], Client]:
    def signed_in(member: Membership | None) -> Client:
        client = Client()
        if member is not None:
            client.force_login(member.user, backend=BACKEND)
        return client

    return signed_in
