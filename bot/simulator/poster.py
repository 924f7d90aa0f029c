"""Posts that the stand-in providers make to Haki, with the providers' own patience.

Twilio's connection overrides in the URL fragment: protocols.md 1.3 (`TW-OVR`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from yarl import URL

from bot.simulator.faults import Fault
from bot.simulator.settings import SimulatorSettings

#: How far behind a reordered post comes when the fault names no time.
REORDER_SECONDS = 0.4


@dataclass(frozen=True)
class Patience:
    """Milliseconds and retries of one webhook URL (defaults: protocols.md 1.3)."""

    connect: int = 5000
    read: int = 15000
    total: int = 15000
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})


_RANGES = {"ct": (100, 10000), "rt": (100, 15000), "tt": (100, 15000), "rc": (0, 5)}


def patience(url: str) -> Patience:
    """The overrides in `url`'s fragment; values out of range are brought into it."""
    given = dict(parse_qsl(urlsplit(url).fragment))
    numbers = {}
    for key, (low, high) in _RANGES.items():
        if given.get(key, "").isdecimal():
            numbers[key] = min(high, max(low, int(given[key])))
    kinds = frozenset(k.strip() for k in given.get("rp", "ct").split(",") if k.strip())
    if "all" in kinds:
        kinds = frozenset({"4xx", "5xx", "ct", "rt"})
    return Patience(
        connect=numbers.get("ct", 5000),
        read=numbers.get("rt", 15000),
        total=numbers.get("tt", 15000),
        retries=numbers.get("rc", 1),
        retry_on=kinds,
    )


@dataclass(frozen=True)
class Answer:
    """What came back. `outcome` is ok, 4xx, 5xx, ct (no connection), rt (no answer) or away."""

    outcome: str
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    retry_after: int = 0
    ms: float = 0.0


class Poster:
    """One connection pool for all webhooks, opened on first use."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, data: bytes, headers: dict[str, str], limits: Patience
    ) -> Answer:
        """Post once. Redirects are not followed; nothing is ever posted off this computer."""
        if not self._settings.is_local(url):
            return Answer("away")
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=200, keepalive_timeout=30)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        target = URL(self._settings.rebased(url).split("#", 1)[0], encoded=True)
        timeout = aiohttp.ClientTimeout(
            total=limits.total / 1000, connect=limits.connect / 1000, sock_read=limits.read / 1000
        )
        began = time.perf_counter()
        try:
            async with self._session.post(
                target, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                body = await response.content.read(65_536)
                answer = _judge(response, body)
        except (aiohttp.ServerTimeoutError, asyncio.TimeoutError):
            answer = Answer("rt")
        except aiohttp.ClientConnectorError:
            answer = Answer("ct")
        except aiohttp.ClientError:
            answer = Answer("rt")
        spent = round((time.perf_counter() - began) * 1000, 2)
        return Answer(**{**answer.__dict__, "ms": spent})

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()


def _judge(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    status = response.status
    outcome = "ok" if 200 <= status < 300 else "5xx" if status >= 500 else "4xx"
    wait = response.headers.get("Retry-After", "")
    return Answer(
        outcome,
        status,
        response.headers.get("Content-Type", "").split(";")[0].strip().lower(),
        body,
        int(wait) if wait.isdecimal() else 0,
    )


async def with_fault(
    fault: Fault | None, send: Callable[[], Awaitable[None]], spawn: Callable[..., object]
) -> None:
    """Run `send` as the fault wants: twice, late, never, or behind those that follow."""
    if fault is None:
        await send()
    elif fault.kind == "duplicate":
        await send()
        await send()
    elif fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
        await send()
    elif fault.kind == "reorder":

        async def later() -> None:
            await asyncio.sleep(fault.seconds or REORDER_SECONDS)
            await send()

        spawn(later())
