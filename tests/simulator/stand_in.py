"""A running stand-in with a stub of Haki's webhooks beside it, on a free port of this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator.app import create_app
from bot.simulator.settings import FAST, SimulatorSettings

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "simulator-test-token"
TELEGRAM_TOKEN = "500100:test-token_for-the-stand-in"
SECRET = "telegram-secret"
PERSON = "+60100000001"
SMS_NUMBERS = ("+15005550006", "+15005550009")


@dataclass
class Received:
    """One post that the stub of Haki got."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class StubHaki:
    """Answers webhooks as told and remembers them."""

    received: list[Received] = field(default_factory=list)
    #: (status, body, content type) of the next answers; then 200 and empty TwiML.
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    delay: float = 0.0

    async def endpoint(self, request: Request) -> Response:
        body = await request.body()
        self.received.append(
            Received(request.url.path, request.url.query, dict(request.headers), body)
        )
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.answers:
            status, text, kind = self.answers.pop(0)
            return Response(text, status_code=status, media_type=kind or None)
        return Response("<Response></Response>", media_type="text/xml")

    def at(self, path: str) -> list[Received]:
        return [r for r in self.received if r.path == path]

    def wait(self, path: str, count: int = 1, seconds: float = 5.0) -> list[Received]:
        deadline = time.monotonic() + seconds
        while len(self.at(path)) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        found = self.at(path)
        assert len(found) >= count, f"{len(found)} of {count} posts to {path}"
        return found


@dataclass
class StandIn:
    """Addresses and a client for one running stand-in."""

    base: str
    settings: SimulatorSettings
    haki: StubHaki
    http: httpx.Client

    def send(self, channel: str, address: str, **wish: Any) -> dict[str, Any]:
        answer = self.http.post(f"/simulator/api/phones/{channel}/{address}/send", json=wish)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def messages(
        self, channel: str, address: str, *, count: int = 0, by: str = "", after: int = 0
    ) -> list[dict[str, Any]]:
        query = {"count": count, "wait": 5000 if count else 0, "by": by, "after": after}
        path = f"/simulator/api/phones/{channel}/{address}/messages"
        return list(self.http.get(path, params=query).json()["messages"])

    def fault(self, **values: Any) -> None:
        answer = self.http.post("/simulator/api/faults", json=values)
        assert answer.status_code == 201, answer.text

    def log(self, kind: str = "") -> list[dict[str, Any]]:
        return list(self.http.get("/simulator/api/log", params={"kind": kind}).json()["entries"])

    def twilio(self, **fields: Any) -> httpx.Response:
        path = f"/simulator/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        return self.http.post(path, data=fields, auth=(ACCOUNT, TOKEN))

    def telegram(self, method: str, **params: Any) -> dict[str, Any]:
        path = f"/simulator/telegram/bot{TELEGRAM_TOKEN}/{method}"
        return dict(self.http.post(path, json=params).json())


def settings_for(port: int, **changes: Any) -> SimulatorSettings:
    base = f"http://127.0.0.1:{port}"
    settings = SimulatorSettings(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        telegram_token=TELEGRAM_TOKEN,
        telegram_secret=SECRET,
        public_url="https://haki.example.org",
        web_url=base,
        own_url=f"{base}/simulator",
        twilio_webhook_url="https://haki.example.org/webhooks/twilio/#rc=3&rp=ct,rt,5xx",
        telegram_webhook_url="https://haki.example.org/webhooks/telegram/",
        sms_numbers=SMS_NUMBERS,
        pace=FAST,
    )
    return replace(settings, **changes)


def free_socket() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


@contextmanager
def running(**changes: Any) -> Iterator[StandIn]:
    """Serve a stand-in with a stub of Haki beside it until the block ends."""
    listener = free_socket()
    port = listener.getsockname()[1]
    settings = settings_for(port, **changes)
    haki = StubHaki()
    simulator = create_app(settings)
    webhooks = [
        Route(path, haki.endpoint, methods=["POST"])
        for path in ("/webhooks/twilio/", "/webhooks/telegram/", "/status")
    ]
    app = Starlette(
        routes=[*webhooks, *simulator.routes], lifespan=simulator.router.lifespan_context
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    base = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=base, timeout=10) as client:
        yield StandIn(base, settings, haki, client)
    server.should_exit = True
    thread.join(5)
    listener.close()
