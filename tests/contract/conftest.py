"""A recorder in Twilio's place: keeps each request as it was on the wire, answers as described."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.settings.environment import Twilio
from tests.contract.description import Request, judge

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

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            host, _, rest = self.path.lstrip("/").partition("/")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(
                method=self.command,
                host=host,
                target=f"/{rest}",
                content_type=self.headers.get("Content-Type") or "",
                authorized=(self.headers.get("Authorization") or "").startswith("Basic "),
                body=body,
            )
            recorder.requests.append(request)
            if judge(request).operation_id(request):
                status, answer = judge(request).example(request)
            else:
                status, answer = 404, {"code": 20404, "status": 404, "message": "not described"}
            payload = json.dumps(answer).encode("utf-8")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield recorder
    server.shutdown()
    server.server_close()
    thread.join()
