"""HTTP routes of the Twilio stand-in: Basic auth, faults, log, JSON answers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator import bodies
from bot.simulator.faults import LOST_ANSWER_SECONDS, Fault, Faults
from bot.simulator.record import now_ms
from bot.simulator.twilio.content import ContentShelf
from bot.simulator.twilio.errors import MESSAGES, TwilioError, not_found
from bot.simulator.twilio.inbound import TwilioPhones
from bot.simulator.twilio.listing import page, public
from bot.simulator.twilio.outbound import Outbox, bare
from bot.simulator.world import World

Data = dict[str, Any]
#: (HTTP status, JSON body or None)
Result = tuple[int, Data | None]
Work = Callable[[Request, Data], Result]


class TwilioApi:
    """Everything below ``/twilio`` and ``/content``."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        outbox: Outbox,
        contents: ContentShelf,
        phones: TwilioPhones,
    ) -> None:
        self._world, self._faults = world, faults
        self._outbox, self._contents, self._phones = outbox, contents, phones
        settings = world.settings
        login = f"{settings.account_sid}:{settings.auth_token}".encode()
        self._login = b"Basic " + base64.b64encode(login)

    def routes(self) -> list[Route]:
        """Starlette routes, the most used first."""
        account = "/twilio/2010-04-01/Accounts/{account}"
        content = "/content/v1"

        def route(path: str, methods: str, work: Work) -> Route:
            return Route(path, self._endpoint(work), methods=methods.split())

        return [
            route(f"{account}/Messages.json", "GET POST", self._messages),
            route(f"{account}/Messages/{{sid}}.json", "GET POST DELETE", self._message),
            route(f"{account}/IncomingPhoneNumbers.json", "GET", self._numbers),
            route(f"{account}/IncomingPhoneNumbers/{{sid}}.json", "GET POST", self._number),
            route("/twilio/2010-04-01/Accounts/{account}.json", "GET", self._account),
            route(f"{content}/Content", "GET POST", self._content_list),
            route(f"{content}/ContentAndApprovals", "GET", self._content_list),
            route(f"{content}/Content/{{sid}}", "GET DELETE", self._content),
            route(f"{content}/Content/{{sid}}/ApprovalRequests", "GET", self._approval),
            route(f"{content}/Content/{{sid}}/ApprovalRequests/whatsapp", "POST", self._approval),
        ]

    def _endpoint(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            entry = self._world.record.add(
                "api", provider="twilio", method=request.method, path=request.scope["path"]
            )
            try:
                self._authenticate(request)
                fields = await _fields(request)
                entry["fields"] = fields
                entry["address"] = bare(fields.get("To", ""))[1]
                status, body = await self._under_faults(request, fields, work, entry)
            except bodies.BadBodyError as error:
                status, body = 400, TwilioError(20001, message=str(error)).body()
            except TwilioError as error:
                status, body = error.status, error.body()
            entry["status"], entry["took_ms"] = status, round(now_ms() - entry["t"], 2)
            if body is None:
                return Response(status_code=status)
            if "sid" in body:
                entry["id"] = body["sid"]
            elif "code" in body:
                entry["code"] = body["code"]
            return JSONResponse(body, status_code=status)

        return endpoint

    def _authenticate(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        account = request.path_params.get("account", self._world.settings.account_sid)
        right = hmac.compare_digest(given, self._login)
        if not right or account != self._world.settings.account_sid:
            raise TwilioError(20003, 401)

    async def _under_faults(
        self, request: Request, fields: Data, work: Work, entry: Data
    ) -> Result:
        sends = request.method == "POST" and request.scope["path"].endswith("/Messages.json")
        places = ("twilio.send", "twilio.call") if sends else ("twilio.call",)
        fault = self._faults.take(*places, address=entry["address"])
        if fault is None:
            return work(request, fields)
        entry["fault"] = fault.kind
        if fault.kind == "error":
            raise _ordered(fault)
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            return work(request, fields)
        _, made = work(request, fields)
        entry["id"] = (made or {}).get("sid")
        if fault.kind == "timeout_after_accept":
            await asyncio.sleep(fault.seconds or LOST_ANSWER_SECONDS)
        raise _ordered(fault)

    def _messages(self, request: Request, fields: Data) -> Result:
        if request.method == "POST":
            return 201, public(self._outbox.create(fields))
        path = request.scope["path"].removeprefix("/simulator/twilio")
        return 200, page(self._outbox.everything(), dict(request.query_params), path)

    def _message(self, request: Request, fields: Data) -> Result:
        sid = request.path_params["sid"]
        if request.method == "DELETE":
            self._outbox.delete(sid)
            return 204, None
        if request.method == "POST":
            return 200, public(self._outbox.redact(sid, fields))
        return 200, public(self._outbox.get(sid))

    def _account(self, _request: Request, _fields: Data) -> Result:
        sid = self._world.settings.account_sid
        return 200, {
            "sid": sid,
            "friendly_name": "Haki demonstration",
            "status": "active",
            "type": "Full",
            "uri": f"/2010-04-01/Accounts/{sid}.json",
        }

    def _numbers(self, request: Request, _: Data) -> Result:
        wanted = request.query_params.get("PhoneNumber", "")
        numbers = [n for n in self._world.settings.sms_numbers if wanted in n]
        path = request.scope["path"].removeprefix("/simulator/twilio")
        return 200, {
            "incoming_phone_numbers": [self._number_resource(n) for n in numbers],
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": max(0, len(numbers) - 1),
            "uri": path,
            "first_page_uri": path,
            "next_page_uri": None,
            "previous_page_uri": None,
        }

    def _number(self, request: Request, fields: Data) -> Result:
        sid = request.path_params["sid"]
        for number in self._world.settings.sms_numbers:
            if _number_sid(number) == sid:
                if fields.get("SmsUrl"):
                    self._phones.urls[number] = fields["SmsUrl"]
                return 200, self._number_resource(number)
        raise not_found(request.scope["path"])

    def _number_resource(self, number: str) -> Data:
        settings = self._world.settings
        sid = _number_sid(number)
        return {
            "sid": sid,
            "account_sid": settings.account_sid,
            "phone_number": number,
            "friendly_name": number,
            "sms_url": self._phones.urls.get(number, settings.twilio_webhook_url),
            "sms_method": "POST",
            "sms_fallback_url": "",
            "status_callback": "",
            "capabilities": {"sms": True, "mms": True, "voice": False, "fax": False},
            "api_version": "2010-04-01",
            "uri": f"/2010-04-01/Accounts/{settings.account_sid}/IncomingPhoneNumbers/{sid}.json",
        }

    def _content_list(self, request: Request, fields: Data) -> Result:
        if request.method == "POST":
            return 201, self._contents.create(fields)
        both = request.scope["path"].endswith("AndApprovals")
        return 200, self._contents.page(dict(request.query_params), approvals=both)

    def _content(self, request: Request, _: Data) -> Result:
        sid = request.path_params["sid"]
        if request.method == "DELETE":
            self._contents.delete(sid)
            return 204, None
        return 200, self._contents.get(sid)

    def _approval(self, request: Request, fields: Data) -> Result:
        sid = request.path_params["sid"]
        if request.method == "POST":
            return 201, self._contents.request_approval(sid, fields)
        return 200, self._contents.approvals_of(sid)


def _ordered(fault: Fault) -> TwilioError:
    usual = {429: 20429, 401: 20003, 404: 20404}.get(fault.status, 20500)
    code = fault.code or usual
    return TwilioError(code, fault.status, fault.message or MESSAGES.get(code, ""))


def _number_sid(number: str) -> str:
    return "PN" + hashlib.md5(number.encode(), usedforsecurity=False).hexdigest()


async def _fields(request: Request) -> Data:
    if request.method == "GET":
        return {}
    raw = await bodies.read(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        return bodies.json_object(raw)
    return dict(bodies.pairs(raw))
