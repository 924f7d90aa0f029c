"""Figures for operators: from the database, without a person in them, not for everybody."""

import pytest
from django.test import Client

from bot.channels.outgoing import Reply
from bot.messaging import incidents, metrics, outbox
from bot.messaging.incidents import Kind
from bot.settings.environment import environment
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_page", metrics._Page())


def test_messages_jobs_and_incidents_are_counted(client: Client, write: Write) -> None:
    first, second = write("hello"), write("boss took my passport")
    outbox.store_answer(first, [Reply("welcome", "Hello.", "en")])
    incidents.note(Kind.ACCOUNT_REFUSED, "20003", "sms", "+15005550006")

    text = client.get("/metrics").content.decode()

    assert (
        'haki_messages{channel="telegram",direction="in",kind="text",state="answered"} 1.0' in text
    )
    assert 'haki_waiting_messages{direction="in"} 1.0' in text
    assert 'haki_jobs{status="todo"} 2.0' in text
    assert 'kind="account_refused"' in text
    assert second.contact.address not in text


def test_in_production_only_the_token_opens_the_figures(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_token = type(environment())(**{**vars(environment()), "metrics_token": "t" * 32})
    monkeypatch.setattr(metrics, "environment", lambda: with_token)

    assert client.get("/metrics").status_code == 403
    shown = client.get("/metrics", headers={"Authorization": "Bearer " + "t" * 32})
    assert shown.status_code == 200


def test_another_machine_reads_nothing(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


def test_open_incidents_stand_in_the_health_page_without_failing_it(client: Client) -> None:
    incidents.note(Kind.PROVIDER_AWAY, "20503", "sms", "+15005550006")
    incidents.note(Kind.PROVIDER_AWAY, "30001", "sms", "+15005550006")

    (one,) = client.get("/healthz").json()["incidents"]

    assert (one["kind"], one["code"], one["count"]) == ("provider_away", "30001", 2)


def test_an_incident_ends_when_it_works_again_and_a_new_one_is_another() -> None:
    incidents.note(Kind.PROVIDER_AWAY, "20503", "sms", "+15005550006")
    incidents.over(Kind.PROVIDER_AWAY, "sms", "+15005550006")
    assert incidents.open_incidents() == []

    incidents.note(Kind.PROVIDER_AWAY, "20503", "sms", "+15005550006")

    assert incidents.Incident.objects.count() == 2


def test_what_may_be_chance_counts_from_the_third_in_a_row() -> None:
    for _ in range(2):
        incidents.note_in_a_row(3, Kind.DIALOGUE_AWAY, "timeout", "chance")
    assert incidents.open_incidents() == []
    incidents.note_in_a_row(3, Kind.DIALOGUE_AWAY, "timeout", "chance")

    assert len(incidents.open_incidents()) == 1
