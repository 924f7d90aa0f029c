"""HTTP route of the Telegram stand-in: ``/telegram/bot<token>/<method>``."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator import bodies
from bot.simulator.faults import LOST_ANSWER_SECONDS, Fault, Faults
from bot.simulator.record import now_ms
from bot.simulator.telegram.errors import TelegramError, bad_request
from bot.simulator.telegram.methods import Methods
from bot.simulator.world import World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,}")
#: Parameters that are structures; in forms and queries they come as JSON texts.
_STRUCTURED = frozenset(
    {"reply_markup", "entities", "link_preview_options", "allowed_updates", "commands", "scope",
     "reply_parameters"}
)  # fmt: skip
_BOOLEANS = frozenset(
    {"protect_content", "disable_notification", "show_alert", "drop_pending_updates",
     "disable_web_page_preview"}
)  # fmt: skip

Params = dict[str, Any]


class TelegramApi:
    """Reads a call, applies faults, answers as api.telegram.org does."""

    def __init__(self, world: World, faults: Faults, methods: Methods) -> None:
        self._world, self._faults, self._methods = world, faults, methods
        self._token = world.settings.telegram_token

    def routes(self) -> list[Route]:
        """The one Starlette route."""
        path = "/telegram/bot{token}/{method}"
        return [Route(path, self._endpoint, methods=["GET", "POST"])]

    async def _endpoint(self, request: Request) -> Response:
        method = request.path_params["method"]
        entry = self._world.record.add(
            "api", provider="telegram", method=request.method, path=f"/{method}"
        )
        try:
            self._authenticate(request.path_params["token"])
            params = await _params(request)
            entry["fields"] = params
            entry["address"] = str(params.get("chat_id", ""))
            body: Params = {"ok": True, "result": await self._under_faults(method, params, entry)}
            status = 200
        except bodies.BadBodyError as error:
            status, body = 400, bad_request(str(error)).body()
        except TelegramError as error:
            status, body = error.status, error.body()
            entry["error"] = error.description
        entry["status"], entry["took_ms"] = status, round(now_ms() - entry["t"], 2)
        if status == 200 and isinstance(body["result"], dict) and "message_id" in body["result"]:
            entry["id"] = str(body["result"]["message_id"])
        return JSONResponse(body, status_code=status)

    def _authenticate(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise TelegramError(404, "Not Found")
        if not hmac.compare_digest(token, self._token):
            raise TelegramError(401, "Unauthorized")

    async def _under_faults(self, method: str, params: Params, entry: Params) -> Any:
        name = method.lower()
        sends = name == "sendmessage"
        places = ("telegram.send", "telegram.call") if sends else ("telegram.call",)
        fault = self._faults.take(*places, address=entry["address"])
        if fault is None:
            return await self._methods.call(name, params)
        entry["fault"] = fault.kind
        if fault.kind == "error":
            raise _ordered(fault)
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            return await self._methods.call(name, params)
        result = await self._methods.call(name, params)
        if isinstance(result, dict):
            entry["id"] = str(result.get("message_id", ""))
        if fault.kind == "timeout_after_accept":
            await asyncio.sleep(fault.seconds or LOST_ANSWER_SECONDS)
        raise _ordered(fault)


def _ordered(fault: Fault) -> TelegramError:
    if fault.status == 429:
        seconds = fault.retry_after or 1
        return TelegramError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    texts = {
        403: "Forbidden: bot was blocked by the user",
        401: "Unauthorized",
        400: "Bad Request: chat not found",
        502: "Bad Gateway",
    }
    default = texts.get(fault.status, "Internal Server Error")
    return TelegramError(fault.status, fault.message or default)


async def _params(request: Request) -> Params:
    params: Params = dict(bodies.pairs(request.scope["query_string"]))
    if request.method == "POST":
        raw = await bodies.read(request)
        kind = request.headers.get("content-type", "")
        if kind.startswith("application/json"):
            return params | bodies.json_object(raw)
        if kind.startswith("multipart/"):
            raise bodies.BadBodyError("this stand-in takes no file uploads")
        params |= dict(bodies.pairs(raw))
    for name in _STRUCTURED & params.keys():
        params[name] = _structure(name, params[name])
    for name in _BOOLEANS & params.keys():
        params[name] = str(params[name]).lower() in {"true", "1", "yes"}
    return params


def _structure(name: str, text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError as error:
        raise bad_request(f"can't parse {name} JSON object") from error
