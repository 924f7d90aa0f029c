"""Polling: in order, confirmed only after it was stored."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.telegram.polling import Poller
from bot.messaging.management.commands.telegram_poll import take
from bot.messaging.models import Message
from bot.processes.ports import find_free
from bot.settings.environment import Telegram, environment
from bot.simulator.app import create_app
from bot.simulator.settings import FAST, SimulatorSettings


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    (port,) = find_free(1)
    settings = SimulatorSettings(
        account_sid="AC" + "0" * 32,
        auth_token="x" * 32,
        telegram_token=environment().telegram.token,
        pace=FAST,
    )
    config = uvicorn.Config(create_app(settings), port=port, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/simulator"
    server.should_exit = True
    thread.join()


def poller(provider: str, token: str | None = None) -> Poller:
    account = Telegram(
        token or environment().telegram.token, f"{provider}/telegram/bot", "", "polling"
    )
    return Poller(account, wait=1)


def write(provider: str, chat: str, text: str) -> None:
    body = {"kind": "text", "text": text}
    url = f"{provider}/api/phones/telegram/{chat}/send"
    assert httpx.post(url, json=body, trust_env=False).status_code == 200


@pytest.mark.django_db
def test_updates_are_stored_once_and_in_order(provider: str) -> None:
    mine = poller(provider)
    mine.start()
    for text in ("one", "two", "three"):
        write(provider, "7101", text)

    taken = mine.poll(take)
    again = mine.poll(take)

    assert (taken, again) == (3, 0)
    texts = [message.text for message in Message.objects.order_by("id")]
    assert texts == ["one", "two", "three"]


def test_an_update_whose_storing_failed_comes_again(provider: str) -> None:
    mine, seen = poller(provider), []
    write(provider, "7102", "hello")

    def fail(update: Any) -> None:
        seen.append(update)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        mine.poll(fail)
    mine.poll(seen.append)

    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_wrong_token_is_a_matter_of_configuration(provider: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        poller(provider, "1:wrong").start()

    assert refused.value.outcome is Outcome.CONFIGURATION


def test_when_telegram_is_away_it_is_tried_again() -> None:
    with pytest.raises(DeliveryError) as refused:
        poller("http://127.0.0.1:9").start()

    assert refused.value.outcome is Outcome.RETRY


def test_a_strange_update_is_left_behind() -> None:
    take({"update_id": "x"})
