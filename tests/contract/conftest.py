"""A recorder in Twilio's place: keeps each request as it was on the wire, answers as described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.settings.environment import Twilio
from tests.contract.description import Request, judge
from tests.local_server import Asked, serving

ACCOUNT = "AC" + "0123456789abcdef" * 2


@dataclass
class Recorder:
    """The requests so far, and an account whose addresses lead here."""

    base: str
    requests: list[Request] = field(default_factory=list)

    @property
    def account(self) -> Twilio:
        return Twilio(
            account_sid=ACCOUNT,
            auth_token="contract-test-token",
            api_url=f"{self.base}/api.twilio.com",
            content_url=f"{self.base}/content.twilio.com",
            sms_numbers=("+15005550006",),
            whatsapp_number="whatsapp:+15005550007",
        )

    def last(self) -> Request:
        return self.requests[-1]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder("")

    def answer(asked: Asked) -> tuple[int, Any]:
        host, _, rest = asked.path.lstrip("/").partition("/")
        request = Request(
            method=asked.method,
            host=host,
            target=f"/{rest}",
            content_type=asked.content_type,
            authorized=asked.authorization.startswith("Basic "),
            body=asked.body,
        )
        recorder.requests.append(request)
        if judge(request).operation_id(request):
            return judge(request).example(request)
        return 404, {"code": 20404, "status": 404, "message": "not described"}

    with serving(answer) as recorder.base:
        yield recorder
