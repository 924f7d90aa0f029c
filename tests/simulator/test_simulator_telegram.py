"""The stand-in for the Bot API, driven by python-telegram-bot and by plain calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter

from tests.simulator.stand_in import SECRET, TELEGRAM_TOKEN, StandIn

CHAT = "700100200300"
WEBHOOK = "/webhooks/telegram/"


@pytest.fixture
async def bot(stand_in: StandIn) -> AsyncIterator[Bot]:
    async with Bot(TELEGRAM_TOKEN, base_url=f"{stand_in.base}/simulator/telegram/bot") as bot:
        yield bot


def start(stand_in: StandIn) -> None:
    stand_in.send("telegram", CHAT, text="/start")
    stand_in.haki.wait(WEBHOOK)


def updates(stand_in: StandIn, count: int) -> list[Update]:
    posts = stand_in.haki.wait(WEBHOOK, count)
    return [update for post in posts if (update := Update.de_json(post.json(), None))]


async def test_message_arrives_with_secret_and_opens_in_ptb(stand_in: StandIn, bot: Bot) -> None:
    sent = stand_in.send(
        "telegram", CHAT, text="/start ne 😀 /help", profile={"name": "Sita", "language": "ne"}
    )
    update = updates(stand_in, 1)[0]
    assert stand_in.haki.at(WEBHOOK)[0].headers["x-telegram-bot-api-secret-token"] == SECRET
    assert update.update_id == sent["update_id"]
    assert update.message is not None
    assert update.message.text == "/start ne 😀 /help"
    assert str(update.message.message_id) == sent["id"]
    assert [e.offset for e in update.message.entities] == [0, 13]
    assert update.effective_user is not None
    assert (update.effective_user.first_name, update.effective_user.language_code) == ("Sita", "ne")
    assert bot.username == "haki_demo_bot"


async def test_ptb_sends_text_with_keyboard_and_options(stand_in: StandIn, bot: Bot) -> None:
    start(stand_in)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")]])
    message = await bot.send_message(
        int(CHAT),
        "<b>Passport</b> &amp; <i>you</i> 😀 <a href='https://example.org'>law</a>",
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    assert message.text == "Passport & you 😀 law"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("bold", 0, 8),
        ("italic", 11, 3),
        ("text_link", 18, 3),
    ]
    assert message.reply_markup == keyboard
    assert message.has_protected_content
    bubble = stand_in.messages("telegram", CHAT, by="haki")[0]
    assert bubble["markup"]["inline_keyboard"][0][0]["callback_data"] == "more:1"


async def test_tap_is_answered_and_the_keyboard_goes_away(stand_in: StandIn, bot: Bot) -> None:
    start(stand_in)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")]])
    message = await bot.send_message(int(CHAT), "Law", reply_markup=keyboard)
    stand_in.send("telegram", CHAT, kind="tap", message=message.message_id, payload="more:1")
    query = updates(stand_in, 2)[1].callback_query
    assert query is not None
    assert query.data == "more:1"
    assert query.message is not None
    assert query.message.message_id == message.message_id
    assert await bot.answer_callback_query(query.id)
    edited = await bot.edit_message_reply_markup(int(CHAT), message.message_id)
    assert not isinstance(edited, bool)
    assert edited.reply_markup is None
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(int(CHAT), message.message_id)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query("123")


async def test_edit_text_delete_and_typing(stand_in: StandIn, bot: Bot) -> None:
    start(stand_in)
    message = await bot.send_message(int(CHAT), "one")
    assert await bot.send_chat_action(int(CHAT), "typing")
    edited = await bot.edit_message_text("two", int(CHAT), message.message_id)
    assert not isinstance(edited, bool)
    assert edited.text == "two"
    assert await bot.delete_message(int(CHAT), message.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(int(CHAT), message.message_id)
    assert stand_in.messages("telegram", CHAT, by="haki") == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "  "}, "message text is empty"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<x>x</x>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b>x</i>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "x</b>", "parse_mode": "HTML"}, "can't parse entities"),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, "unallowed"),
        ({"text": "x", "chat_id": "999"}, "chat not found"),
    ],
)
def test_bad_message_is_refused_as_telegram_would(
    stand_in: StandIn, params: dict[str, Any], description: str
) -> None:
    start(stand_in)
    answer = stand_in.telegram("sendMessage", **{"chat_id": CHAT, **params})
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert description in answer["description"]


def test_longest_text_and_callback_data_pass(stand_in: StandIn) -> None:
    start(stand_in)
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 64}]]}
    for params in ({"text": "x" * 4096}, {"text": "a", "reply_markup": keyboard}):
        assert stand_in.telegram("sendMessage", chat_id=CHAT, **params)["ok"]


async def test_wrong_and_malformed_tokens(stand_in: StandIn) -> None:
    base = f"{stand_in.base}/simulator/telegram/bot"
    with pytest.raises(InvalidToken):
        await Bot("500100:another-token_entirely", base_url=base).get_me()
    assert stand_in.http.get("/simulator/telegram/botnonsense/getMe").status_code == 404
    unknown = stand_in.http.get(f"/simulator/telegram/bot{TELEGRAM_TOKEN}/getNothing")
    assert (unknown.status_code, unknown.json()["error_code"]) == (404, 404)


async def test_blocked_by_the_user_until_they_write_again(stand_in: StandIn, bot: Bot) -> None:
    start(stand_in)
    stand_in.send("telegram", CHAT, kind="block")
    change = updates(stand_in, 2)[1].my_chat_member
    assert change is not None
    assert change.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(int(CHAT), "hello")
    stand_in.send("telegram", CHAT, text="back")
    assert await bot.send_message(int(CHAT), "hello")


async def test_group_becomes_a_supergroup(stand_in: StandIn, bot: Bot) -> None:
    stand_in.send("telegram", "-4001", text="hello all")
    update = updates(stand_in, 1)[0]
    assert update.effective_chat is not None
    assert (update.effective_chat.type, update.effective_chat.id) == ("group", -4001)
    new = stand_in.send("telegram", "-4001", kind="migrate")["to"]
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message(-4001, "hello")
    assert str(raised.value.new_chat_id) == new
    assert await bot.send_message(int(new), "hello")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"kind": "voice"}, "voice"),
        ({"kind": "image", "text": "see"}, "photo"),
        ({"kind": "sticker"}, "sticker"),
        ({"kind": "location", "latitude": 27.7, "longitude": 85.3}, "location"),
        ({"kind": "contact", "phone_number": "9771"}, "contact"),
        ({"kind": "video"}, "video"),
        ({"kind": "document"}, "document"),
    ],
)
def test_each_attachment_opens_in_ptb(stand_in: StandIn, wish: dict[str, Any], field: str) -> None:
    stand_in.send("telegram", CHAT, **wish)
    message = updates(stand_in, 1)[0].message
    assert message is not None
    assert getattr(message, field)
    assert message.text is None


def test_edited_message_and_unknown_update(stand_in: StandIn) -> None:
    sent = stand_in.send("telegram", CHAT, text="my bos")
    stand_in.send("telegram", CHAT, kind="edit", message=sent["id"], text="my boss")
    stand_in.send("telegram", CHAT, kind="raw", update="brand_new_kind", value={"x": 1})
    found = updates(stand_in, 3)
    assert found[1].edited_message is not None
    assert found[1].edited_message.text == "my boss"
    assert found[2].api_kwargs == {"brand_new_kind": {"x": 1}}


def test_refused_update_is_redelivered_before_the_next_of_its_chat(stand_in: StandIn) -> None:
    stand_in.haki.answers = [(500, "", ""), (502, "", ""), (503, "", "")]
    stand_in.send("telegram", CHAT, text="first")
    stand_in.send("telegram", CHAT, text="second")
    texts = [u.message.text for u in updates(stand_in, 5) if u.message]
    assert texts == ["first"] * 4 + ["second"]
    info = stand_in.telegram("getWebhookInfo")["result"]
    assert "503" in info["last_error_message"]
    entries = stand_in.log("inbound")
    assert [e["acked"] for e in entries] == [True, True]


def test_other_chats_go_on_while_one_is_stuck(stand_in: StandIn) -> None:
    stand_in.haki.answers = [(500, "", "")] * 2
    stand_in.send("telegram", CHAT, text="stuck")
    stand_in.haki.wait(WEBHOOK, 2)
    stand_in.send("telegram", "42", text="other")
    assert stand_in.messages("telegram", "42")[0]["text"] == "other"
    texts = [str(u.message.text) for u in updates(stand_in, 4) if u.message]
    assert sorted(texts) == ["other", "stuck", "stuck", "stuck"]


async def test_polling_after_the_webhook_is_deleted(stand_in: StandIn, bot: Bot) -> None:
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook()
    stand_in.send("telegram", CHAT, text="one")
    stand_in.send("telegram", CHAT, text="two")
    first = await bot.get_updates(timeout=5)
    assert [u.message.text for u in first if u.message] == ["one", "two"]
    again = await bot.get_updates(timeout=5)
    assert [u.update_id for u in again] == [u.update_id for u in first]
    waiting = asyncio.create_task(bot.get_updates(offset=first[-1].update_id + 1, timeout=5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await asyncio.to_thread(stand_in.send, "telegram", CHAT, text="three")
    assert [u.message.text for u in await waiting if u.message] == ["three"]


async def test_second_poller_throws_out_the_first(stand_in: StandIn, bot: Bot) -> None:
    await bot.delete_webhook()
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    async with Bot(TELEGRAM_TOKEN, base_url=f"{stand_in.base}/simulator/telegram/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=1))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        assert await second == ()


async def test_webhook_commands_and_texts_are_set(stand_in: StandIn, bot: Bot) -> None:
    url = "https://haki.example.org/webhooks/telegram/"
    assert await bot.set_webhook(
        url, secret_token="abc", allowed_updates=["message", "callback_query"]
    )
    info = await bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == (url, ("message", "callback_query"))
    stand_in.send("telegram", CHAT, text="hi")
    post = stand_in.haki.wait(WEBHOOK)[0]
    assert post.headers["x-telegram-bot-api-secret-token"] == "abc"
    commands = [BotCommand("help", "Help")]
    assert await bot.set_my_commands(commands, language_code="ne")
    assert await bot.get_my_commands(language_code="ne") == tuple(commands)
    assert await bot.get_my_commands() == ()
    assert await bot.set_my_description("About Haki", language_code="fr")
    assert (await bot.get_my_description("fr")).description == "About Haki"
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)
    with pytest.raises(BadRequest, match="this computer only"):
        await bot.set_webhook("https://collector.example.net/")


async def test_too_many_requests_tells_how_long_to_wait(stand_in: StandIn, bot: Bot) -> None:
    start(stand_in)
    stand_in.fault(on="telegram.send", kind="error", status=429, retry_after=7)
    with pytest.raises(RetryAfter, match="7"):
        await bot.send_message(int(CHAT), "hello")
    assert stand_in.messages("telegram", CHAT, by="haki") == []
    assert await bot.send_message(int(CHAT), "hello")


def test_tap_on_a_button_that_is_gone_is_refused_by_the_phone(stand_in: StandIn) -> None:
    start(stand_in)
    answer = stand_in.http.post(
        f"/simulator/api/phones/telegram/{CHAT}/send",
        json={"kind": "tap", "message": "1", "payload": "x"},
    )
    assert answer.status_code == 400


def test_read_tick_follows_the_confirmation(stand_in: StandIn) -> None:
    start(stand_in)
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        status = stand_in.messages("telegram", CHAT)[0]["status"]
        if status == "read":
            break
        time.sleep(0.01)
    assert status == "read"
