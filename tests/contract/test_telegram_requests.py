"""Every request that Haki makes to Telegram is one of the Bot API, as python-telegram-bot has it.

What is sent through python-telegram-bot is checked by it; these are the calls that Haki writes
itself: set-up, checks and polling. Names and kinds of parameters are those of `telegram.Bot`.
"""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from telegram import Bot, BotCommand
from telegram.constants import BotCommandLimit, UpdateType

from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.polling import Poller
from bot.messaging import bot_commands
from bot.settings.environment import Telegram

TOKEN = "500100:contract-test-token-of-thirty-five-ch"
ANSWERS: dict[str, Any] = {
    "getMe": {"id": 500100, "is_bot": True, "first_name": "Haki", "username": "haki_bot"},
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyCommands": [{"command": "menu", "description": "All topics"}],
    "getUpdates": [],
}
# The Bot API's method and python-telegram-bot's name of it.
METHODS: dict[str, Callable[..., Any]] = {
    "getMe": Bot.get_me,
    "getWebhookInfo": Bot.get_webhook_info,
    "setWebhook": Bot.set_webhook,
    "deleteWebhook": Bot.delete_webhook,
    "setMyCommands": Bot.set_my_commands,
    "getMyCommands": Bot.get_my_commands,
    "setMyShortDescription": Bot.set_my_short_description,
    "getUpdates": Bot.get_updates,
}
Calls = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def telegram() -> Iterator[tuple[Telegram, Calls]]:
    """An account whose calls are recorded, and the calls."""
    calls: Calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            prefix, _, method = self.path.rpartition("/")
            assert prefix == f"/bot{TOKEN}"
            calls.append((method, json.loads(raw)))
            body = json.dumps({"ok": True, "result": ANSWERS.get(method, True)}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/bot"
    yield Telegram(TOKEN, base, "secret_-9", "webhook"), calls
    server.shutdown()
    server.server_close()


WORK: list[Callable[[Telegram], Any]] = [
    lambda account: TelegramAccount(account).name(),
    lambda account: TelegramAccount(account).webhook(),
    lambda account: TelegramAccount(account).set_webhook("https://haki.example.org/webhooks/t/"),
    lambda account: TelegramAccount(account).delete_webhook(),
    lambda account: TelegramAccount(account).set_commands(bot_commands.menu("ne"), "ne"),
    lambda account: TelegramAccount(account).commands(),
    lambda account: TelegramAccount(account).set_short_description("Rights.", "ht"),
    lambda account: Poller(account, wait=0).start(),
    lambda account: Poller(account, wait=0).poll(lambda update: None),
]


@pytest.mark.parametrize("work", WORK)
def test_a_call_names_a_method_and_parameters_of_the_bot_api(
    telegram: tuple[Telegram, Calls], work: Callable[[Telegram], Any]
) -> None:
    account, calls = telegram

    work(account)

    ((method, body),) = calls
    known = inspect.signature(METHODS[method]).parameters
    assert set(body) <= set(known)
    required = {
        name
        for name, parameter in known.items()
        if parameter.default is inspect.Parameter.empty and name != "self"
    }
    assert required <= set(body)


def test_the_kinds_of_updates_that_we_ask_for_exist(telegram: tuple[Telegram, Calls]) -> None:
    account, calls = telegram
    TelegramAccount(account).set_webhook("https://haki.example.org/webhooks/telegram/")

    ((_, body),) = calls
    assert set(body["allowed_updates"]) <= {str(kind.value) for kind in UpdateType}
    assert 1 <= body["max_connections"] <= 100
    assert body["secret_token"] == account.secret


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne"])
def test_commands_are_read_back_by_telegrams_own_type(
    telegram: tuple[Telegram, Calls], language: str
) -> None:
    account, calls = telegram
    TelegramAccount(account).set_commands(bot_commands.menu(language), language)

    ((_, body),) = calls
    for given in body["commands"]:
        command = BotCommand.de_json(given, None)
        assert not command.api_kwargs
        assert (
            BotCommandLimit.MIN_DESCRIPTION
            <= len(command.description)
            <= BotCommandLimit.MAX_DESCRIPTION
        )
