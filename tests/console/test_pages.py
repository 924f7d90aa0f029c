"""The console: nobody without sign-in, no numbers, urgent first."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bot.messaging.models import Contact, WishForPerson
from console.aliases import alias
from console.waiting import waiting_people

pytestmark = pytest.mark.django_db

NUMBER = "+60100000901"


@pytest.fixture
def person() -> Contact:
    return Contact.objects.create(channel="sms", address_hash="a" * 64, address=NUMBER)


@pytest.fixture
def worker(client: Client) -> Client:
    client.force_login(User.objects.create_user("worker", password="a-long-password"))
    return client


def wish(contact: Contact, minutes: int = 0, **more: object) -> WishForPerson:
    since = timezone.now() - timedelta(minutes=minutes)
    return WishForPerson.objects.create(contact=contact, created_at=since, **more)


def test_without_sign_in_the_list_is_closed(client: Client) -> None:
    answer = client.get("/console/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/sign-in/")


def test_a_wrong_password_is_refused_in_words(client: Client) -> None:
    answer = client.post("/console/sign-in/", {"username": "x", "password": "y"})

    assert b"Name or password is wrong" in answer.content


def test_the_list_shows_an_alias_and_never_a_number(worker: Client, person: Contact) -> None:
    wish(person, topic="wages", country="MYS", language="ne")

    page = worker.get("/console/").content.decode()

    assert alias(person.pk) in page
    assert "Malaysia" in page
    assert "60100000901" not in page


def test_the_urgent_come_first_then_the_longest_waiting(person: Contact) -> None:
    others = [
        Contact.objects.create(channel="sms", address_hash=str(n) * 64, address=NUMBER)
        for n in range(2)
    ]
    wish(others[0], minutes=5)
    wish(others[1], minutes=50)
    wish(person, minutes=1, urgent=True)

    order = [row.alias for row in waiting_people()]

    assert order == [alias(person.pk), alias(others[1].pk), alias(others[0].pk)]


def test_a_person_who_asked_twice_stands_there_once(person: Contact) -> None:
    wish(person, minutes=9)
    wish(person)

    assert len(waiting_people()) == 1


def test_an_empty_list_says_so(worker: Client) -> None:
    assert b"Nobody has asked" in worker.get("/console/").content


def test_signing_out_needs_a_post_and_ends_the_session(worker: Client) -> None:
    assert worker.get("/console/sign-out/").status_code == 405
    assert worker.post("/console/sign-out/").status_code == 302
    assert worker.get("/console/").status_code == 302
