"""A server on a free port of this machine whose every answer one function gives."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request as it was on the wire."""

    method: str
    path: str
    content_type: str
    authorization: str
    body: bytes


@contextmanager
def serving(answer: Callable[[Asked], tuple[int, Any]]) -> Iterator[str]:
    """Serve until the block ends; yields the address. `answer` returns status and JSON."""

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            asked = Asked(
                self.command,
                self.path,
                self.headers.get("Content-Type") or "",
                self.headers.get("Authorization") or "",
                self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            status, told = answer(asked)
            payload = json.dumps(told).encode("utf-8")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
