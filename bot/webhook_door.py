"""The short way of a provider's webhook: from the socket to its view, past the console's layers.

A webhook has no session, cookie, form token or page, so none of Django's middleware has anything
to do for it, and its small answer needs no stream between threads: with both it cost three times
as much (docs/decisions/0013-cpu-per-answer.md). The views are those of `bot.urls`; they verify
the signature themselves.
"""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Executor
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from bot.channels.twilio.signature import MAX_BODY

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
View = Callable[[HttpRequest], HttpResponse]


def door(
    views: Mapping[str, View], threads: Executor, site: Application
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return an application that answers POSTs to the paths in `views`; `site` gets all others.

    Views run in `threads`, which keep their database connections. One that fails is answered
    with 500, which every provider takes as "later again".
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        view = views.get(scope.get("path", ""))
        if view is None or scope["type"] != "http" or scope["method"] != "POST":
            await site(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(threads, _answer, view, scope, body)
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in answer.items()
        ]
        headers.append((b"content-length", str(len(answer.content)).encode("ascii")))
        await send(
            {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        )
        await send({"type": "http.response.body", "body": answer.content})

    return application


async def _body(receive: Receive) -> bytes | None:
    """Return the body, of one that is too long only its beginning; None if the sender left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > MAX_BODY:
            return bytes(body)


def _answer(view: View, scope: Scope, body: bytes) -> HttpResponse:
    """Call the view; once more if PostgreSQL had ended this thread's connection meanwhile.

    What a webhook stores is stored once however often it is tried (bot.messaging.inbox).
    """
    try:
        return view(_request(scope, body))
    except (DatabaseError, InterfaceError):
        connection.close()
    except Exception as error:  # noqa: BLE001 - whatever it is: the provider tries again
        return _failed(scope, error)
    try:
        return view(_request(scope, body))
    except Exception as error:  # noqa: BLE001 - as above
        connection.close()
        return _failed(scope, error)


def _failed(scope: Scope, error: Exception) -> HttpResponse:
    log.error("%s failed: %s", scope["path"], type(error).__name__)
    return HttpResponse("Try again later.", status=500, content_type="text/plain; charset=utf-8")


def _request(scope: Scope, body: bytes) -> HttpRequest:
    """Return the request as Django would see it (PEP 3333's names)."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"],
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": "webhook",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    # The body has been read: its own length counts, also where it came in chunks.
    environ["CONTENT_LENGTH"] = str(max(len(body), _declared(environ)))
    return WSGIRequest(environ)


def _declared(environ: Mapping[str, Any]) -> int:
    length = str(environ.get("CONTENT_LENGTH", ""))
    return int(length) if length.isdigit() and len(length) < 20 else 0
