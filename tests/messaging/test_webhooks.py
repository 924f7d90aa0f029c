"""The webhooks: authenticated, stored once, acknowledged; everything else refused in words."""

import json
from typing import Any

import pytest
from django.test import Client

from bot.messaging.models import Message
from bot.settings.environment import environment
from tests.messaging.conftest import SignedPost, sms_fields

pytestmark = pytest.mark.django_db

TWILIO, STATUS, TELEGRAM = (
    "/webhooks/twilio/",
    "/webhooks/twilio/status/",
    "/webhooks/telegram/",
)
UPDATE = {
    "update_id": 9,
    "message": {
        "message_id": 1,
        "date": 1,
        "text": "hello",
        "chat": {"id": 7001, "type": "private"},
        "from": {"id": 7001, "is_bot": False, "first_name": "A"},
    },
}


def telegram_post(client: Client, body: Any, secret: str | None = None) -> Any:
    right = environment().telegram.secret
    return client.post(
        TELEGRAM,
        body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers={"X-Telegram-Bot-Api-Secret-Token": right if secret is None else secret},
    )


def test_a_signed_sms_is_stored_and_acknowledged_with_empty_twiml(signed_post: SignedPost) -> None:
    answer = signed_post(TWILIO, sms_fields())

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    assert b"<Response></Response>" in answer.content
    assert Message.objects.get().text == "boss took my passport"


def test_the_same_delivery_twice_is_stored_once(signed_post: SignedPost) -> None:
    first, second = (signed_post(TWILIO, sms_fields()) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("signature", ["", "forged", "é"])
def test_a_forged_signature_is_refused_and_nothing_stored(client: Client, signature: str) -> None:
    answer = client.post(
        TWILIO, sms_fields(), headers={"X-Twilio-Signature": signature.encode().decode("latin-1")}
    )

    assert answer.status_code == 403
    assert not Message.objects.exists()


def test_a_signature_for_another_address_is_refused(
    client: Client, signed_post: SignedPost
) -> None:
    fields = sms_fields()
    from bot.channels.twilio.signature import sign

    signature = sign(environment().twilio.auth_token, "http://evil.example/", fields.items())

    answer = client.post(TWILIO, fields, headers={"X-Twilio-Signature": signature})

    assert answer.status_code == 403


def test_behind_a_proxy_the_public_address_counts_not_the_host(client: Client) -> None:
    from urllib.parse import urlencode

    from bot.channels.twilio.signature import sign

    fields = sms_fields()
    address = environment().public_url + TWILIO
    answer = client.post(
        TWILIO,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={
            "X-Twilio-Signature": sign(environment().twilio.auth_token, address, fields.items()),
            "Host": "localhost",
            "X-Forwarded-Host": "inner.example",
            "X-Forwarded-Proto": "https",
        },
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("path", [TWILIO, STATUS, TELEGRAM])
def test_a_body_of_a_megabyte_is_refused(client: Client, path: str) -> None:
    answer = client.post(
        path,
        b"x" * 1_000_000,
        content_type="application/octet-stream",
        headers={"X-Telegram-Bot-Api-Secret-Token": environment().telegram.secret},
    )

    assert answer.status_code == 413


@pytest.mark.parametrize("path", [TWILIO, STATUS, TELEGRAM])
def test_invalid_utf8_is_refused(client: Client, path: str) -> None:
    answer = client.post(
        path,
        b"\xff\xfe\x00",
        content_type="application/x-www-form-urlencoded",
        headers={"X-Telegram-Bot-Api-Secret-Token": environment().telegram.secret},
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("path", [TWILIO, STATUS, TELEGRAM])
def test_only_post_is_taken(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405


def test_a_signed_form_without_a_message_is_refused_in_words(signed_post: SignedPost) -> None:
    answer = signed_post(TWILIO, sms_fields(MessageSid=""))

    assert answer.status_code == 400
    assert b"MessageSid" in answer.content


@pytest.mark.parametrize("body", ["", "\x00nul"])
def test_an_empty_or_strange_text_is_stored(signed_post: SignedPost, body: str) -> None:
    assert signed_post(TWILIO, sms_fields(Body=body)).status_code == 200
    assert Message.objects.get().text == body.replace("\x00", "")


def test_telegram_with_its_secret_is_stored(client: Client) -> None:
    assert telegram_post(client, UPDATE).status_code == 200
    assert Message.objects.get().text == "hello"


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
def test_telegram_without_its_secret_is_refused(client: Client, secret: str) -> None:
    answer = telegram_post(client, UPDATE, secret.encode().decode("latin-1"))

    assert answer.status_code == 403
    assert not Message.objects.exists()


def test_a_repeated_update_is_stored_once(client: Client) -> None:
    assert [telegram_post(client, UPDATE).status_code for _ in range(2)] == [200, 200]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("kind", ["channel_post", "poll", "hologram"])
def test_an_unknown_kind_of_update_is_acknowledged_and_left(client: Client, kind: str) -> None:
    assert telegram_post(client, {"update_id": 9, kind: {}}).status_code == 200
    assert not Message.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"update_id": "x"}'])
def test_what_is_no_update_is_refused(client: Client, body: bytes) -> None:
    assert telegram_post(client, body).status_code == 400


def test_a_status_for_nobody_is_acknowledged(signed_post: SignedPost) -> None:
    fields = {"MessageSid": "SM" + "b" * 32, "MessageStatus": "sent"}

    assert signed_post(STATUS + "?m=1", fields).status_code == 204


def test_a_refusal_is_logged_without_what_was_sent(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.post(TWILIO, sms_fields(Body="my secret"), headers={"X-Twilio-Signature": "x"})

    assert "403" in caplog.text
    assert "my secret" not in caplog.text
    assert "60100000301" not in caplog.text
