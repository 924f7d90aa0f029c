"""Verified requests, and a person who writes, for the messaging tests."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from bot.channels.incoming import InboundKind, Incoming
from bot.channels.names import Channel
from bot.channels.twilio.signature import sign
from bot.messaging.inbox import receive
from bot.messaging.models import Message
from bot.settings.environment import environment

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


@pytest.fixture
def write() -> Write:
    """Return a function that stores a message of one person and returns its row."""
    numbers = iter(range(1, 1000))

    def store(text: str = "hello", channel: Channel = Channel.TELEGRAM, **more: str) -> Message:
        provider_id = f"test:{next(numbers)}"
        incoming = Incoming(
            channel=channel,
            provider_id=provider_id,
            our_address=OURS[channel],
            **{  # type: ignore[arg-type]
                "kind": InboundKind.TEXT,
                "text": text,
                "address": "7001" if channel is Channel.TELEGRAM else "+60100000301",
                **more,
            },
        )
        receive(incoming)
        return Message.objects.get(provider_id=provider_id)

    return store
