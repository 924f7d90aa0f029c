"""Live updates for the console: server-sent events, from Redis to every open page.

One connection to Redis a process listens to `console:*`; each page gets what concerns its own
organisation only, and never a text: an event says which case to ask for again. Nothing is kept,
so after a break the page asks for everything that it shows once more (console.js).
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from time import time
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from console.accounts.memberships import memberships_of
from console.accounts.second_factor import has_second_factor
from console.accounts.sessions import is_over
from console.models import Membership

LOG = logging.getLogger(__name__)
CHANNEL = "console:"
HEARTBEAT = 15.0  # seconds; proxies cut a silent connection after 30 to 60
LOOK_AGAIN = 60.0  # seconds between two looks whether the session still holds
RECONNECT = 2000  # milliseconds after which a browser tries again
_QUEUE = 200  # events; a page that reads slower than this asks for everything anew
_RETRY = 1.0  # seconds

Queue = asyncio.Queue[str]


class Fan:
    """Listens once and hands each organisation's events to its open pages."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._pages: dict[int, set[Queue]] = {}
        self._listener: asyncio.Task[None] | None = None

    @contextmanager
    def page(self, organisation: int) -> Iterator[Queue]:
        """Receive the events of `organisation` while inside."""
        queue: Queue = asyncio.Queue(_QUEUE)
        self._pages.setdefault(organisation, set()).add(queue)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        try:
            yield queue
        finally:
            self._pages[organisation].discard(queue)

    async def _listen(self) -> None:
        while True:
            try:
                redis = Redis.from_url(self._redis_url)
                async with redis, redis.pubsub() as subscription:
                    await subscription.psubscribe(f"{CHANNEL}*")
                    self._tell_all("again")  # what was missed while nobody listened
                    async for message in subscription.listen():
                        if message["type"] == "pmessage":
                            self._hand_on(message)
            except (RedisError, OSError) as error:
                LOG.warning("live updates: Redis is away (%s)", type(error).__name__)
                await asyncio.sleep(_RETRY)

    def _hand_on(self, message: dict[str, Any]) -> None:
        try:
            organisation = int(message["channel"].decode().removeprefix(CHANNEL))
            case = str(json.loads(message["data"])["case"])
        except (ValueError, KeyError, TypeError):
            LOG.warning("live updates: a message that is none of ours")
            return
        for queue in self._pages.get(organisation, ()):
            _put(queue, case)

    def _tell_all(self, what: str) -> None:
        for pages in self._pages.values():
            for queue in pages:
                _put(queue, what)


def _put(queue: Queue, item: str) -> None:
    if queue.full():  # too slow: forget the details, ask for all
        while not queue.empty():
            queue.get_nowait()
        item = "again"
    queue.put_nowait(item)


_fan = Fan(settings.HAKI.redis_url)


async def live(request: Request) -> Response:
    """Stream the events of the organisation that a page shows (`in`: its membership)."""
    key = _session_key(request)
    wanted = request.query_params.get("in", "")
    member = await sync_to_async(_member, thread_sensitive=False)(key, wanted)
    if member is None:
        return PlainTextResponse("Sign in first.", status_code=403)
    return StreamingResponse(
        _events(member.organisation_id, key, wanted),
        media_type="text/event-stream",
        # X-Accel-Buffering: nginx would otherwise hold events back.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(organisation: int, key: str, wanted: str) -> AsyncIterator[str]:
    with _fan.page(organisation) as queue:
        yield f"retry: {RECONNECT}\n\n"
        checked = time()
        while True:
            if time() - checked > LOOK_AGAIN:
                checked = time()
                if await sync_to_async(_member, thread_sensitive=False)(key, wanted) is None:
                    return
            item = ""
            with suppress(asyncio.TimeoutError):
                item = await asyncio.wait_for(queue.get(), HEARTBEAT)
            if item == "again":
                yield _event("again") + _event("folders")
            elif item:
                yield _event(f"case-{item}") + _event("folders")
            else:
                yield ": still here\n\n"


def _event(name: str) -> str:
    return f"event: {name}\ndata: {{}}\n\n"


def _session_key(request: Request) -> str:
    cookies = SimpleCookie(request.headers.get("cookie", ""))
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def _member(session_key: str, wanted: str) -> Membership | None:
    """Return the membership that a session may listen for, as the middlewares would."""
    try:
        return _look(session_key, wanted)
    finally:
        connection.close()  # these threads come and go; their connections must not stay


def _look(session_key: str, wanted: str) -> Membership | None:
    asked = HttpRequest()
    asked.session = SessionStore(session_key)
    user = get_user(asked)
    if not user.is_authenticated or is_over(asked.session, time()):
        return None
    if settings.SECOND_FACTOR_REQUIRED and not has_second_factor(user):
        return None
    mine = memberships_of(user.pk)
    return next((one for one in mine if str(one.pk) == wanted), None)
