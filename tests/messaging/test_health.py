"""/healthz names each part; one that is away makes the whole unhealthy."""

import pytest
from django.test import Client

from bot.messaging import health


@pytest.mark.django_db
def test_parts_that_are_away_are_named(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == {
        "database": True,
        "redis": True,
        "rasa": False,
        "actions": False,
        "worker": False,
    }


def test_every_part_of_the_service_is_checked() -> None:
    assert set(health.CHECKS) == {"database", "redis", "rasa", "actions", "worker"}
