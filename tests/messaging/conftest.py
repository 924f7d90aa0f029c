"""Verified requests, and a person who writes, for the messaging tests."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from django.test import Client

from bot.channels.incoming import InboundKind, Incoming
from bot.channels.names import Channel
from bot.channels.twilio.signature import sign
from bot.messaging.inbox import receive
from bot.messaging.models import Message
from bot.messaging.senders import telegram_sender, twilio_sender
from bot.settings.environment import environment
from bot.simulator.app import create_app
from bot.simulator.settings import FAST, SimulatorSettings

OURS = {
    Channel.SMS: "+15005550006",
    Channel.WHATSAPP: "whatsapp:+15005550007",
    Channel.TELEGRAM: "500100",
}
SignedPost = Callable[..., Any]
Write = Callable[..., Message]


def sms_fields(**changes: str) -> dict[str, str]:
    """Return the fields of an SMS to us."""
    return {
        "AccountSid": environment().twilio.account_sid,
        "MessageSid": "SM" + "a" * 32,
        "From": "+60100000301",
        "To": "+15005550006",
        "Body": "boss took my passport",
        "NumMedia": "0",
        **changes,
    }


@pytest.fixture
def signed_post(client: Client) -> SignedPost:
    """Return a function that posts fields to a path as Twilio would."""

    def post(path: str, fields: dict[str, str]) -> Any:
        address = environment().public_url + path
        signature = sign(environment().twilio.auth_token, address, fields.items())
        return client.post(
            path,
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    return post


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[httpx.Client]:
    """The stand-in providers at the address that the tests' settings name; their control API."""
    haki = environment()
    settings = SimulatorSettings(
        account_sid=haki.twilio.account_sid,
        auth_token=haki.twilio.auth_token,
        telegram_token=haki.telegram.token,
        own_url=f"http://127.0.0.1:{haki.port}/simulator",
        pace=FAST,
    )
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), port=haki.port, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    base = f"http://127.0.0.1:{haki.port}/simulator/api"
    with httpx.Client(base_url=base, trust_env=False) as control:
        yield control
    server.should_exit = True
    thread.join()
    twilio_sender.cache_clear()
    telegram_sender.cache_clear()


@pytest.fixture
def write() -> Write:
    """Return a function that stores a message of one person and returns its row."""
    numbers = iter(range(1, 1000))

    def store(text: str = "hello", channel: Channel = Channel.TELEGRAM, **more: Any) -> Message:
        provider_id = f"test:{next(numbers)}"
        incoming = Incoming(
            channel=channel,
            provider_id=provider_id,
            our_address=OURS[channel],
            **{
                "kind": InboundKind.TEXT,
                "text": text,
                "address": "7001" if channel is Channel.TELEGRAM else "+60100000301",
                **more,
            },
        )
        receive(incoming)
        return Message.objects.get(provider_id=provider_id)

    return store
