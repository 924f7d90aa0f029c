"""Telegram: edits, groups, blocks, moves, commands, keyboards, "typing", waits."""

import time
from typing import Any

import httpx
import pytest
from django.utils import timezone

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.incoming import InboundKind, MalformedPayload
from bot.channels.names import Channel
from bot.channels.outgoing import Option, Reply
from bot.channels.telegram import client as telegram_client
from bot.channels.telegram.inbound import read_change, read_update
from bot.messaging import answering, bot_commands, chat_manners, outbox
from bot.messaging.chat_updates import take_update
from bot.messaging.models import Contact, Message, State
from bot.messaging.retrying import seconds_until_next_try
from bot.messaging.senders import telegram_sender
from bot.settings.environment import environment
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db

PERSON = {"id": 7001, "is_bot": False, "first_name": "Maya", "language_code": "ne"}
PRIVATE = {"id": 7001, "type": "private", "first_name": "Maya"}
GROUP = {"id": -4001, "type": "group", "title": "Workers"}
MENU = Reply("card", "Yes.", "en", options=(Option("More", "/more"), Option("Who", "/who")))
LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne")


def message(update_id: int, message_id: int, text: str, **more: Any) -> dict[str, Any]:
    body = {"message_id": message_id, "from": PERSON, "chat": PRIVATE, "date": 1, "text": text}
    return {"update_id": update_id, "message": {**body, **more}}


def edited(update_id: int, message_id: int, text: str) -> dict[str, Any]:
    change = message(update_id, message_id, text)
    return {"update_id": update_id, "edited_message": change["message"] | {"edit_date": 2}}


def member(status: str) -> dict[str, Any]:
    bot = {"id": 500100, "is_bot": True, "first_name": "Haki"}
    change = {"old_chat_member": {"user": bot, "status": "member"}}
    change["new_chat_member"] = {"user": bot, "status": status}
    return {"update_id": 90, "my_chat_member": {"chat": PRIVATE, "from": PERSON, **change}}


def kinds() -> list[tuple[str, str, str]]:
    return [(m.kind, m.text, m.state) for m in Message.objects.order_by("id")]


def test_an_edit_before_the_answer_mends_the_question_and_needs_none_of_its_own() -> None:
    take_update(message(1, 11, "bos tok my pasport"))
    take_update(edited(2, 11, "boss took my passport"))

    assert kinds() == [
        ("text", "boss took my passport", State.RECEIVED),
        ("edited", "boss took my passport", State.ANSWERED),
    ]


def test_an_edit_of_another_message_or_person_changes_nothing() -> None:
    take_update(message(1, 11, "first"))
    take_update(edited(2, 10, "changed"))

    assert kinds() == [("text", "first", State.RECEIVED), ("edited", "changed", State.RECEIVED)]


def test_an_edit_after_the_answer_is_acknowledged_once_a_day() -> None:
    take_update(message(1, 11, "first"))
    Message.objects.update(state=State.ANSWERED)
    take_update(edited(2, 11, "changed"))
    first = Message.objects.latest("id")
    answer = answering.answer(first)
    outbox.store_answer(first, answer.replies)
    take_update(edited(3, 11, "changed again"))

    assert [reply.kind for reply in answer.replies] == ["notice"]
    assert answer.replies[0].language == "ne"
    assert answering.answer(Message.objects.filter(kind="edited").latest("id")).replies == ()


def test_a_group_is_refused_once_and_then_left_alone() -> None:
    for number in (1, 2):
        take_update(message(number, number, "/help", chat=GROUP))
    first, second = Message.objects.order_by("id")
    answer = answering.answer(first)
    outbox.store_answer(first, answer.replies)

    assert [reply.kind for reply in answer.replies] == ["notice"]
    assert answering.answer(second).replies == ()
    assert first.text == ""


def test_an_edit_in_a_group_is_ignored() -> None:
    change = edited(1, 2, "x")
    change["edited_message"]["chat"] = GROUP

    assert read_update(change, "500100") is None


def test_a_person_who_blocks_us_is_unreachable_until_they_let_us_in(write: Write) -> None:
    write("hello")

    take_update(member("kicked"))
    assert Contact.objects.get().unreachable_at is not None
    take_update(member("member"))

    assert Contact.objects.get().unreachable_at is None


def test_a_block_by_somebody_unknown_makes_no_contact() -> None:
    take_update(member("kicked"))

    assert not Contact.objects.exists()


def test_a_group_that_moves_is_followed() -> None:
    take_update(message(1, 1, "/help", chat=GROUP))
    moved = {"message_id": 2, "chat": GROUP, "date": 1, "migrate_to_chat_id": -100777}

    take_update({"update_id": 2, "message": moved})
    take_update(message(3, 1, "/help", chat={"id": -100777, "type": "supergroup", "title": "W"}))

    assert Contact.objects.get().address == "-100777"


def test_a_send_to_a_group_that_moved_reaches_its_new_address(
    write: Write, stand_ins: httpx.Client
) -> None:
    stand_ins.post("/phones/telegram/-4001/send", json={"text": "hi"})
    stand_ins.post("/phones/telegram/-4001/send", json={"kind": "migrate", "to": -100888})
    inbound = write("", address="-4001", kind=InboundKind.GROUP)

    outbox.deliver_new(inbound.contact, outbox.store_replies(inbound, [MENU]))

    assert Message.objects.latest("id").state == State.SENT
    url = "/phones/telegram/-100888/messages"
    assert stand_ins.get(url, params={"by": "haki"}).json()["messages"][0]["text"] == "Yes."


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "my_chat_member": {}},
        {"update_id": 1, "message": {"migrate_to_chat_id": "x"}},
        "not an update",
    ],
)
def test_a_change_of_a_chat_that_lacks_its_fields_is_malformed(update: Any) -> None:
    with pytest.raises(MalformedPayload):
        read_change(update)


@pytest.mark.parametrize("name", list(bot_commands.COMMANDS))
@pytest.mark.parametrize("form", ["/{}", "/{}@haki_demo_bot", "/{} abc123", " /{} "])
def test_a_command_in_every_form_that_telegram_sends_is_a_reserved_word(
    name: str, form: str
) -> None:
    found = bot_commands.find(form.format(name))

    assert found is not None
    assert (found.act, found.language) == (bot_commands.COMMANDS[name], "")


@pytest.mark.parametrize("text", ["menu", "/menus", "//menu", "see /menu", "/unknown"])
def test_other_words_are_no_command(text: str) -> None:
    assert bot_commands.find(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_of_commands_is_within_telegrams_limits(language: str) -> None:
    for name, description in bot_commands.menu(language):
        assert 1 <= len(name) <= 32
        assert 1 <= len(description) <= 256


@pytest.mark.parametrize("text", ["2", "Who", "2."])
def test_a_typed_choice_takes_the_keyboard_away(
    write: Write, stand_ins: httpx.Client, text: str
) -> None:
    stand_ins.delete("/state")
    stand_ins.post("/phones/telegram/7001/send", json={"text": "hello"})
    inbound = write("hello")
    outbox.deliver_new(inbound.contact, outbox.store_replies(inbound, [MENU]))
    (shown,) = _ours(stand_ins)
    assert shown["markup"]

    chat_manners.used_keyboard_away(write(text))

    assert not _ours(stand_ins)[0]["markup"]


def test_other_words_leave_the_keyboard(write: Write, stand_ins: httpx.Client) -> None:
    stand_ins.delete("/state")
    stand_ins.post("/phones/telegram/7001/send", json={"text": "hello"})
    inbound = write("hello")
    outbox.deliver_new(inbound.contact, outbox.store_replies(inbound, [MENU]))

    chat_manners.used_keyboard_away(write("boss took my passport"))

    assert _ours(stand_ins)[0]["markup"]


def test_typing_is_shown_while_an_answer_takes_long(
    write: Write, stand_ins: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_client, "TYPING_AFTER", 0.02)
    stand_ins.post("/phones/telegram/7001/send", json={"text": "hello"})
    inbound = write("hello")
    before = _actions(stand_ins)

    with chat_manners.typing(inbound):
        deadline = time.monotonic() + 5
        while _actions(stand_ins) == before and time.monotonic() < deadline:
            time.sleep(0.02)

    assert _actions(stand_ins) == before + 1


def test_an_answer_that_is_there_at_once_shows_no_typing(
    write: Write, stand_ins: httpx.Client
) -> None:
    inbound = write("hello")
    before = _actions(stand_ins)

    with chat_manners.typing(inbound):
        pass
    time.sleep(0.5)

    assert _actions(stand_ins) == before


def test_no_typing_on_other_channels_or_after_stop(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise AssertionError("Telegram is asked")

    monkeypatch.setattr(chat_manners, "telegram_sender", never)
    with chat_manners.typing(write("hello", Channel.SMS)):
        pass
    stopped = write("hello")
    stopped.contact.opted_out_at = timezone.now()
    with chat_manners.typing(stopped):
        pass


def test_a_429_waits_as_long_as_telegram_says(write: Write, stand_ins: httpx.Client) -> None:
    stand_ins.post("/phones/telegram/7001/send", json={"text": "hello"})
    fault = {"on": "telegram.send", "kind": "error", "status": 429, "retry_after": 33}
    stand_ins.post("/faults", json=fault)
    inbound = write("hello")

    with pytest.raises(DeliveryError) as refused:
        outbox.deliver_new(inbound.contact, outbox.store_replies(inbound, [MENU]))

    assert (refused.value.outcome, refused.value.wait) == (Outcome.RETRY, 33)
    assert seconds_until_next_try(refused.value, attempts=0) >= 33
    assert Message.objects.latest("id").state == State.QUEUED


@pytest.mark.parametrize(("setting", "protected"), [("on", True), ("off", False)])
def test_content_protection_is_a_setting(
    write: Write,
    stand_ins: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    protected: bool,
) -> None:
    stand_ins.delete("/state")
    stand_ins.post("/phones/telegram/7001/send", json={"text": "hello"})
    monkeypatch.setenv("HAKI_TELEGRAM_PROTECT_CONTENT", setting)
    environment.cache_clear()
    telegram_sender.cache_clear()
    inbound = write("hello")

    outbox.deliver_new(inbound.contact, outbox.store_replies(inbound, [MENU]))

    assert _ours(stand_ins)[0]["protected"] is protected
    monkeypatch.undo()
    environment.cache_clear()
    telegram_sender.cache_clear()


def _ours(stand_ins: httpx.Client) -> list[dict[str, Any]]:
    found = stand_ins.get("/phones/telegram/7001/messages", params={"by": "haki"})
    return list(found.json()["messages"])


def _actions(stand_ins: httpx.Client) -> int:
    entries = stand_ins.get("/log", params={"kind": "api"}).json()["entries"]
    return sum("sendchataction" in entry["path"].lower() for entry in entries)
