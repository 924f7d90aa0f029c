"""Open pages are told once the transaction is through, and never a text."""

import json
from typing import Any

import pytest
import redis
from django.db import transaction
from procrastinate.contrib.django import app

from bot.channels.twilio.inbound import Status
from bot.messaging.models import Message, State
from bot.messaging.statuses import apply_status
from bot.settings.environment import environment
from console import walls
from console.cases import writing
from console.cases.events import publish
from tests.cases.conftest import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_world() -> World:
    return make_world()


def heard(listener: Any) -> list[dict[str, str]]:
    found = []
    while (message := listener.get_message(timeout=0.3)) is not None:
        if message["type"] == "pmessage":
            found.append({"channel": message["channel"].decode(), **json.loads(message["data"])})
    return found


def test_a_reply_is_told_after_the_commit_to_its_own_organisation(open_world: World) -> None:
    client = redis.Redis.from_url(environment().redis_url)
    listener: Any = client.pubsub()  # type: ignore[no-untyped-call]
    listener.psubscribe("console:*")
    heard(listener)

    with walls.within(open_world.worker):
        writing.reply(open_world.worker, open_world.case, "We can write to him.")
        assert heard(listener) == []

    told = heard(listener)
    assert told == [
        {
            "channel": f"console:{open_world.north.pk}",
            "case": open_world.case.public_id,
            "event": "reply",
        }
    ]


def test_what_was_undone_is_not_told(open_world: World) -> None:
    client = redis.Redis.from_url(environment().redis_url)
    listener: Any = client.pubsub()  # type: ignore[no-untyped-call]
    listener.psubscribe("console:*")
    heard(listener)

    with transaction.atomic():
        publish(open_world.north.pk, open_world.case.public_id, "changed")
        transaction.set_rollback(True)

    assert heard(listener) == []


def test_the_worker_knows_the_jobs_of_cases() -> None:
    app.perform_import_paths()
    assert {"haki.case_words", "haki.case_words_later", "haki.mind_cases"} <= set(app.tasks)


def test_ticks_are_told_when_the_provider_tells_us(open_world: World) -> None:
    client = redis.Redis.from_url(environment().redis_url)
    listener: Any = client.pubsub()  # type: ignore[no-untyped-call]
    listener.psubscribe("console:*")
    heard(listener)
    message = Message.objects.create(
        contact=open_world.contact,
        channel="sms",
        direction="out",
        kind="case_reply",
        text="hello",
        state=State.SENT,
        provider_id="SM" + "d" * 32,
    )
    open_world.case.entries.create(organisation=open_world.north, kind="reply", message=message)

    apply_status(None, Status(message.provider_id or "", "delivered", ""))

    assert [told["event"] for told in heard(listener)] == ["delivery"]
