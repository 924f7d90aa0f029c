"""The control API: what the page, ``haki talk``, tests and benchmarks do with the phones."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.simulator import bodies
from bot.simulator.faults import BadFaultError, Faults
from bot.simulator.telegram.person import TelegramPhones
from bot.simulator.twilio.inbound import TwilioPhones
from bot.simulator.world import CHANNELS, LISTENER_BACKLOG, CannotSendError, Event, Phone, World

#: Longest `wait` of one request, in milliseconds.
LONGEST_WAIT_MS = 30_000
#: A comment line keeps the event stream open through proxies.
HEARTBEAT_SECONDS = 15.0
_ADDRESS = {
    "sms": re.compile(r"\+[1-9]\d{6,14}"),
    "whatsapp": re.compile(r"\+[1-9]\d{6,14}|[A-Z]{2}\.[A-Za-z0-9.]{1,128}"),
    "telegram": re.compile(r"-?[1-9]\d{0,18}"),
}

Body = dict[str, Any]
Work = Callable[[Request], Awaitable[Response]]


class RefusedError(Exception):
    """The request cannot be served; becomes ``{"error": …}``."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


class Control:
    """Routes below ``/api``."""

    def __init__(
        self, world: World, faults: Faults, twilio: TwilioPhones, telegram: TelegramPhones
    ) -> None:
        self._world, self._faults = world, faults
        self._senders: dict[str, TwilioPhones | TelegramPhones] = {
            "sms": twilio,
            "whatsapp": twilio,
            "telegram": telegram,
        }

    def routes(self) -> list[Route]:
        """Starlette routes; POST takes JSON only, which other web sites cannot forge."""
        phone = "/api/phones/{channel}/{address}"

        def route(path: str, method: str, work: Work) -> Route:
            return Route(path, _guarded(work), methods=[method])

        return [
            route(f"{phone}/send", "POST", self._send),
            route(f"{phone}/messages", "GET", self._messages),
            route(f"{phone}/events", "GET", self._events),
            route(phone, "GET", self._profile),
            route(phone, "POST", self._change),
            route("/api/phones", "GET", self._phones),
            route("/api/log", "GET", self._log),
            route("/api/log", "DELETE", self._clear_log),
            route("/api/faults", "GET", self._list_faults),
            route("/api/faults", "POST", self._add_fault),
            route("/api/faults", "DELETE", self._clear_faults),
            route("/api/state", "DELETE", self._forget),
            route("/api/settings", "GET", self._settings),
        ]

    def _phone(self, request: Request) -> Phone:
        channel, address = request.path_params["channel"], request.path_params["address"]
        if channel not in CHANNELS:
            raise RefusedError(f"No channel {channel!r}; there are {', '.join(CHANNELS)}.", 404)
        if not _ADDRESS[channel].fullmatch(address):
            raise RefusedError(f"{address!r} is not an address of a {channel} phone.")
        phone = self._world.phone(channel, address)
        if address.startswith("-") and phone.chat_type == "private":
            phone.chat_type = "group"
        return phone

    async def _send(self, request: Request) -> Response:
        wish = bodies.json_object(await bodies.read(request))
        phone = self._phone(request)
        _apply_profile(phone, wish.pop("profile", None) or {})
        try:
            result = self._senders[phone.channel].send(phone, wish)
        except (KeyError, TypeError) as error:
            raise RefusedError(f"The {wish.get('kind')} lacks a value: {error}.") from error
        task = result.pop("task", None)
        if wish.get("wait") and task is not None:
            await task
        return JSONResponse(result)

    async def _messages(self, request: Request) -> Response:
        """``after``, ``by`` (haki, person, provider), ``wait`` (ms), ``count`` to wait for."""
        phone = self._phone(request)
        query = request.query_params
        after, by = _number(query, "after"), query.get("by", "")
        wanted = max(_number(query, "count"), 1)
        deadline = time.monotonic() + min(_number(query, "wait"), LONGEST_WAIT_MS) / 1000
        while len(found := phone.messages(after, by)) < wanted:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            await _woken(phone.changed, left)
        return JSONResponse({"messages": [_shown(b) for b in found], "last": phone.count})

    async def _events(self, request: Request) -> Response:
        phone = self._phone(request)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(phone), media_type="text/event-stream", headers=headers)

    async def _profile(self, request: Request) -> Response:
        return JSONResponse(self._phone(request).profile())

    async def _change(self, request: Request) -> Response:
        phone = self._phone(request)
        _apply_profile(phone, bodies.json_object(await bodies.read(request)))
        phone.tell({"event": "profile", "profile": phone.profile()})
        return JSONResponse(phone.profile())

    async def _phones(self, _: Request) -> Response:
        return JSONResponse({"phones": [phone.profile() for phone in self._world.phones()]})

    async def _log(self, request: Request) -> Response:
        """``after``, ``kind`` (api, inbound, callback), ``limit``, ``wait`` (ms)."""
        query, record = request.query_params, self._world.record
        after, limit = _number(query, "after"), _number(query, "limit") or 1000
        entries = record.since(after, kind=query.get("kind", ""), limit=limit)
        if not entries and query.get("wait"):
            await record.wait(min(_number(query, "wait"), LONGEST_WAIT_MS) / 1000)
            entries = record.since(after, kind=query.get("kind", ""), limit=limit)
        return JSONResponse({"entries": entries, "last": record.last})

    async def _clear_log(self, _: Request) -> Response:
        self._world.record.clear()
        return JSONResponse({"last": self._world.record.last})

    async def _list_faults(self, _: Request) -> Response:
        return JSONResponse({"faults": self._faults.listed()})

    async def _add_fault(self, request: Request) -> Response:
        fault = self._faults.add(bodies.json_object(await bodies.read(request)))
        return JSONResponse({"id": fault.id}, status_code=201)

    async def _clear_faults(self, _: Request) -> Response:
        self._faults.clear()
        return JSONResponse({"faults": []})

    async def _forget(self, _: Request) -> Response:
        self._world.forget()
        self._faults.clear()
        return JSONResponse({"phones": []})

    async def _settings(self, _: Request) -> Response:
        settings = self._world.settings
        return JSONResponse(
            {
                "sms_numbers": settings.sms_numbers,
                "whatsapp_number": settings.whatsapp_number,
                "telegram_bot": settings.telegram_bot_name,
            }
        )


def _guarded(work: Work) -> Work:
    """Turn refusals into answers, and keep other web sites out of a browser's demo."""

    async def endpoint(request: Request) -> Response:
        try:
            _same_site(request)
            return await work(request)
        except RefusedError as error:
            return JSONResponse({"error": str(error)}, status_code=error.status)
        except (CannotSendError, BadFaultError, bodies.BadBodyError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint


def _same_site(request: Request) -> None:
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin", "")
    foreign = origin and urlsplit(origin).netloc != request.headers.get("host", "")
    if site not in {"none", "same-origin"} or foreign:
        raise RefusedError("Only the simulator's own page may do this.", 403)
    if request.method == "POST":
        kind = request.headers.get("content-type", "")
        if not kind.startswith("application/json"):
            raise RefusedError("Send JSON (Content-Type: application/json).", 415)


def _apply_profile(phone: Phone, values: Body) -> None:
    for name in ("name", "language", "username"):
        if name in values:
            setattr(phone, name, str(values[name])[:200])
    for name in ("blocked", "online", "started"):
        if name in values:
            setattr(phone, name, bool(values[name]))
    if "last_inbound_hours_ago" in values:
        phone.last_inbound = time.time() - float(values["last_inbound_hours_ago"]) * 3600


def _number(query: Any, name: str) -> int:
    text = query.get(name, "") or "0"
    if not text.isdecimal():
        raise RefusedError(f"{name} must be a whole number.")
    return int(text)


def _shown(bubble: Body) -> Body:
    return {key: value for key, value in bubble.items() if key != "message"}


async def _woken(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        return False
    return True


async def _stream(phone: Phone) -> AsyncIterator[str]:
    """A snapshot, then every change, as server-sent events; ends when the reader lags."""
    queue: asyncio.Queue[Event] = asyncio.Queue(LISTENER_BACKLOG)
    phone.listeners.add(queue)
    try:
        messages = [_shown(b) for b in phone.messages()]
        yield _line({"event": "snapshot", "messages": messages, "profile": phone.profile()})
        while queue in phone.listeners:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except asyncio.TimeoutError:
                yield ": still here\n\n"
                continue
            yield _line(event)
    finally:
        phone.listeners.discard(queue)


def _line(event: Event) -> str:
    if "message" in event:
        event = {**event, "message": _shown(event["message"])}
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
