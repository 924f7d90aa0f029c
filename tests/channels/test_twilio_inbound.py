"""Twilio's payloads: form in, `Incoming` out."""

from typing import Any

import pytest

from bot.channels.incoming import InboundKind, MalformedPayload
from bot.channels.names import Channel
from bot.channels.twilio.inbound import read_message, read_status

ACCOUNT = "AC" + "0" * 32
SMS = {
    "AccountSid": ACCOUNT,
    "MessageSid": "SM" + "a" * 32,
    "From": "+60100000001",
    "To": "+15005550006",
    "Body": "boss took my passport",
    "NumMedia": "0",
}
WHATSAPP = {**SMS, "From": "whatsapp:+60100000001", "To": "whatsapp:+15005550007"}

CASES: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("sms text", SMS, {"channel": Channel.SMS, "kind": InboundKind.TEXT}),
    ("a field that Twilio adds tomorrow", {**SMS, "New": "x"}, {"kind": InboundKind.TEXT}),
    ("whatsapp text", WHATSAPP, {"channel": Channel.WHATSAPP, "kind": InboundKind.TEXT}),
    (
        "whatsapp user without a number",
        {**WHATSAPP, "From": "whatsapp:MY.Ab12"},
        {"address": "whatsapp:MY.Ab12"},
    ),
    (
        "whatsapp business id of a group of firms",
        {**WHATSAPP, "From": "whatsapp:MY.ENT.Ab12"},
        {"address": "whatsapp:MY.ENT.Ab12"},
    ),
    ("empty body", {**SMS, "Body": ""}, {"kind": InboundKind.EMPTY}),
    ("only spaces", {**SMS, "Body": "  "}, {"kind": InboundKind.EMPTY}),
    (
        "button",
        {**WHATSAPP, "Body": "More", "ButtonPayload": "m7:0", "ButtonText": "More"},
        {"kind": InboundKind.TAP, "tap": "m7:0"},
    ),
    (
        "list row",
        {**WHATSAPP, "Body": "x", "ListId": "m7:3", "ListTitle": "Brazil"},
        {"kind": InboundKind.TAP, "tap": "m7:3", "text": "Brazil"},
    ),
    (
        "voice note",
        {**WHATSAPP, "Body": "", "MediaContentType0": "audio/ogg"},
        {"kind": InboundKind.VOICE},
    ),
    ("photo", {**WHATSAPP, "MediaContentType0": "image/jpeg"}, {"kind": InboundKind.PHOTO}),
    ("sticker", {**WHATSAPP, "MediaContentType0": "image/webp"}, {"kind": InboundKind.STICKER}),
    ("video", {**WHATSAPP, "MediaContentType0": "video/mp4"}, {"kind": InboundKind.VIDEO}),
    ("file", {**WHATSAPP, "MediaContentType0": "application/pdf"}, {"kind": InboundKind.FILE}),
    (
        "contact card",
        {**WHATSAPP, "MediaContentType0": "text/vcard"},
        {"kind": InboundKind.PHONE_CARD},
    ),
    (
        "location, its coordinates thrown away",
        {**WHATSAPP, "Body": "", "Latitude": "3.1", "Longitude": "101.6"},
        {"kind": InboundKind.LOCATION, "text": ""},
    ),
    ("stop that Twilio answered", {**SMS, "Body": "STOP", "OptOutType": "STOP"}, {"opted": "STOP"}),
]


@pytest.mark.parametrize(("fields", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_payload_is_read(fields: dict[str, str], expected: dict[str, Any]) -> None:
    incoming = read_message(fields, ACCOUNT)

    assert {name: getattr(incoming, name) for name in expected} == expected
    assert "3.1" not in repr(incoming)


@pytest.mark.parametrize(
    "change",
    [
        {"AccountSid": "AC" + "1" * 32},
        {"MessageSid": ""},
        {"MessageSid": "SM1"},
        {"From": ""},
        {"From": "whatsapp:nobody"},
        {"From": "+60<script>"},
        {"To": ""},
    ],
)
def test_a_malformed_payload_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(MalformedPayload):
        read_message({**SMS, **change}, ACCOUNT)


def test_a_status_is_read() -> None:
    status = read_status({"MessageSid": SMS["MessageSid"], "MessageStatus": "delivered"})

    assert (status.status, status.error_code) == ("delivered", "")


@pytest.mark.parametrize("fields", [{}, {"MessageSid": "x", "MessageStatus": "sent"}])
def test_a_status_without_a_sid_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(MalformedPayload):
        read_status(fields)
