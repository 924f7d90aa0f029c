"""Telegram's updates: JSON in, `Incoming` or nothing out."""

from typing import Any

import pytest

from bot.channels.incoming import InboundKind, MalformedPayload
from bot.channels.telegram.inbound import read_update

CHAT = {"id": 7000000001, "type": "private"}
SENDER = {"id": 7000000001, "is_bot": False, "first_name": "A", "language_code": "ne-NP"}


def message(**content: Any) -> dict[str, Any]:
    body = {"message_id": 1, "date": 1, "chat": CHAT, "from": SENDER, **content}
    return {"update_id": 9, "message": body}


TAP = {
    "update_id": 9,
    "callback_query": {"id": "77", "from": SENDER, "message": {"chat": CHAT}, "data": "m7:1"},
}

EDITED = {"update_id": 9, "edited_message": message(text="x")["message"]}

KINDS: list[tuple[str, dict[str, Any], InboundKind | None]] = [
    ("text", message(text="hello"), InboundKind.TEXT),
    ("spaces", message(text="  "), InboundKind.EMPTY),
    ("voice", message(voice={"file_id": "x"}), InboundKind.VOICE),
    ("photo with a caption", message(photo=[], caption="look"), InboundKind.PHOTO),
    ("sticker", message(sticker={}), InboundKind.STICKER),
    ("location", message(location={"latitude": 3.1, "longitude": 101.6}), InboundKind.LOCATION),
    ("contact", message(contact={"phone_number": "1"}), InboundKind.PHONE_CARD),
    ("group", message(text="hi", chat={"id": -5, "type": "group"}), InboundKind.GROUP),
    ("tap", TAP, InboundKind.TAP),
    (
        "edited",
        {"update_id": 9, "edited_message": message(text="x")["message"]},
        InboundKind.EDITED,
    ),
    ("somebody joined", message(new_chat_members=[]), None),
    ("blocked us", {"update_id": 9, "my_chat_member": {}}, None),
    ("a kind of tomorrow", {"update_id": 9, "hologram": {}}, None),
]


@pytest.mark.parametrize(("update", "kind"), [c[1:] for c in KINDS], ids=[c[0] for c in KINDS])
def test_an_update_is_read(update: dict[str, Any], kind: InboundKind | None) -> None:
    incoming = read_update(update, "500100")

    assert (incoming.kind if incoming else None) == kind
    assert "3.1" not in repr(incoming)


def test_a_tap_keeps_its_token_and_what_waits_for_an_answer() -> None:
    incoming = read_update(TAP, "500100")

    assert incoming is not None
    assert (incoming.tap, incoming.acknowledge, incoming.address) == ("m7:1", "77", "7000000001")
    assert incoming.provider_id == "500100:9"


def test_the_text_of_a_group_is_never_kept() -> None:
    incoming = read_update(message(text="secret", chat={"id": -5, "type": "supergroup"}), "5")

    assert incoming is not None
    assert incoming.text == ""


@pytest.mark.parametrize(
    "update", [None, [], "x", {}, {"update_id": "9"}, {"update_id": 9, "message": {"text": "x"}}]
)
def test_what_is_no_update_is_malformed(update: Any) -> None:
    with pytest.raises(MalformedPayload):
        read_update(update, "500100")
