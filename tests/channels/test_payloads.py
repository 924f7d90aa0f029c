"""Each kind of message that a provider can deliver, as it documents it, and what goes out for it.

`payloads/*.json`: `payload` is what arrives (a form's fields, or a Telegram update), `before` what
arrived earlier from the same person, `requests` exactly what providers are asked for it, in order.
`{account}`, `{bot}`, `{message}` and `{token:N}` stand for our account, our bot, the number of our
row and the token of option N of our latest menu. The dialogue is a stub with one fixed answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from bot.channels.twilio.signature import sign
from bot.messaging import answering
from bot.messaging.handling import handle
from bot.messaging.models import Direction, Message, State
from bot.messaging.senders import telegram_sender, twilio_sender
from bot.settings.environment import environment
from tests.channels import provider_stub

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "payloads"
FILES = sorted(FOLDER.glob("*.json"))
# Every kind of every channel in the documentation (research/protocols.md 1.1 and 5) has its file.
KINDS = {
    "sms": {"text", "menu_number", "menu_word", "wrong_number", "stop", "stop_nepali", "start",
            "help", "advanced_opt_out", "picture", "after_stop"},
    "whatsapp": {"text", "button", "list", "typed", "voice", "photo", "video", "document",
                 "location", "contact", "sticker", "hidden_number", "advert", "reply_to"},
    "telegram": {"text", "start", "menu_command", "tap", "typed", "old_tap", "voice", "photo",
                 "video", "document", "location", "contact", "sticker", "edited", "group",
                 "blocked", "reaction", "poll"},
}  # fmt: skip


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[provider_stub.Stub]:
    """The providers and the dialogue of this test."""
    caches = (environment, twilio_sender, telegram_sender, answering.rasa)
    with provider_stub.running() as running:
        monkeypatch.setenv("HAKI_TWILIO_API_URL", f"{running.base}/twilio")
        monkeypatch.setenv("HAKI_TWILIO_CONTENT_URL", f"{running.base}/content")
        monkeypatch.setenv("HAKI_TELEGRAM_API_URL", f"{running.base}/telegram/bot")
        monkeypatch.setenv("HAKI_RASA_URL", f"{running.base}/rasa")
        for cache in caches:
            cache.cache_clear()
        yield running
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


def deliver(client: Client, channel: str, payload: dict[str, Any]) -> None:
    """Post `payload` as its provider does, and let the worker's code do what it does."""
    payload = json.loads(filled(json.dumps(payload)))
    before = set(Message.objects.values_list("pk", flat=True))
    if channel == "telegram":
        answer = client.post(
            "/webhooks/telegram/",
            json.dumps(payload),
            content_type="application/json",
            headers={"X-Telegram-Bot-Api-Secret-Token": environment().telegram.secret},
        )
    else:
        path = "/webhooks/twilio/"
        signature = sign(
            environment().twilio.auth_token, environment().public_url + path, payload.items()
        )
        answer = client.post(
            path,
            urlencode(payload),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )
    assert answer.status_code == 200, answer.content
    for message in Message.objects.exclude(pk__in=before).filter(direction=Direction.INBOUND):
        handle(message.pk)


def filled(text: str) -> str:
    """Put our own account, bot and tokens into a recorded payload."""
    menus = Message.objects.filter(direction=Direction.OUTBOUND).order_by("-id")
    menu = next((row.pk for row in menus if row.details["options"]), 0)
    text = text.replace("{account}", environment().twilio.account_sid)
    text = text.replace('"{bot}"', environment().telegram.token.partition(":")[0])
    return re.sub(r"\{token:(\d+)\}", rf"m{menu}:\1", text)


def seen(stub: provider_stub.Stub) -> list[dict[str, Any]]:
    """Return the requests with what differs from run to run replaced by its name."""
    text = json.dumps(stub.requests, ensure_ascii=False)
    text = text.replace(environment().twilio.account_sid, "{account}")
    text = text.replace(environment().telegram.token, "{token}")
    text = text.replace(environment().public_url, "https://haki.example.org")
    text = re.sub(r"\?m=\d+", "?m={message}", text)
    text = re.sub(r'"m\d+:(\d+)"', r'"{token:\1}"', text)
    return list(json.loads(text))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_payload_gives_exactly_these_requests(
    client: Client, stub: provider_stub.Stub, file: Path
) -> None:
    recorded = json.loads(file.read_text("utf-8"))
    for earlier in recorded.get("before", ()):
        deliver(client, recorded["channel"], earlier)
    stub.requests.clear()

    deliver(client, recorded["channel"], recorded["payload"])

    assert seen(stub) == recorded["requests"]
    assert not Message.objects.filter(
        state__in=[State.RECEIVED, State.QUEUED, State.SENDING, State.FAILED]
    ).exists()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_same_payload_delivered_twice_gives_nothing_more(
    client: Client, stub: provider_stub.Stub, file: Path
) -> None:
    recorded = json.loads(file.read_text("utf-8"))
    for earlier in (*recorded.get("before", ()), recorded["payload"]):
        deliver(client, recorded["channel"], earlier)
    stub.requests.clear()

    deliver(client, recorded["channel"], recorded["payload"])

    assert stub.requests == []


def test_every_documented_kind_is_recorded() -> None:
    recorded = {file.stem for file in FILES}

    assert recorded == {f"{channel}_{kind}" for channel, kinds in KINDS.items() for kind in kinds}


def test_recorded_people_have_reserved_numbers_only() -> None:
    for file in FILES:
        text = file.read_text("utf-8")
        numbers = re.findall(r"\+\d{7,15}", text)
        assert all(n.startswith(("+1500555", "+60100000")) for n in numbers), file.name


def test_no_coordinate_is_kept_of_a_location(client: Client, stub: provider_stub.Stub) -> None:
    for name in ("whatsapp_location", "telegram_location"):
        recorded = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        deliver(client, recorded["channel"], recorded["payload"])

    for message in Message.objects.all():
        kept = f"{message.text} {json.dumps(message.details)}"
        assert "3.139" not in kept
        assert "101.68" not in kept
