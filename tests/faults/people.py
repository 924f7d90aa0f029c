"""People who hold a conversation while parts of Haki are killed, and write again when told to."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.library.phrases import phrases
from bot.processes.state import PROJECT

# Seconds that a person waits for an answer before the test calls it lost.
PATIENCE = 150
_WAIT_MS = 15_000
# What is said once when the dialogue is away for more than a minute; the answer comes later.
HONEST_LINE = phrases(PROJECT / "content").get("fallback.away", "en", numbers="")


@dataclass
class Person:
    """One phone. `steps` are what they write; `heard` are Haki's answers, step by step."""

    channel: str
    address: str
    steps: tuple[str, ...]
    expected: tuple[int, ...] = ()
    heard: list[list[str]] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    disturbed: bool = False  # a webhook was not acknowledged, so they wrote twice
    silent: str = ""  # the step that got no answer


class Crowd:
    """All the phones of one stand-in provider."""

    def __init__(self, provider: str, seed: int) -> None:
        self._base = f"{provider}/api/phones"
        self._random = random.Random(seed)  # noqa: S311 - pauses, no secret

    async def converse(self, people: list[Person], pause: float) -> None:
        """Let everybody go through their steps, `pause` seconds apart on average."""
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        async with aiohttp.ClientSession(trust_env=False, connector=connector) as session:
            await asyncio.gather(*(self._one(session, person, pause) for person in people))

    async def _one(self, session: aiohttp.ClientSession, person: Person, pause: float) -> None:
        phone = f"{self._base}/{person.channel}/{quote(person.address)}"
        for number, text in enumerate(person.steps):
            await asyncio.sleep(self._random.uniform(0, 2 * pause))
            person.began.append(time.time())
            after = await self._write(session, phone, person, text)
            wanted = person.expected[number] if person.expected else 0
            texts = await self._listen(session, phone, after, wanted)
            person.heard.append(texts)
            if not texts:
                person.silent = text
                return

    async def _write(
        self, session: aiohttp.ClientSession, phone: str, person: Person, text: str
    ) -> int:
        """Write until a webhook was acknowledged; return what the phone had shown before."""
        before = int((await _get(session, f"{phone}/messages"))["last"])
        after = before
        while True:
            wish = {"kind": "text", "text": text, "wait": True}
            async with session.post(f"{phone}/send", json=wish) as sent:
                sent.raise_for_status()
                number = int((await sent.json())["n"])
            query: dict[str, str | int] = {"after": number - 1, "by": "person", "count": 1}
            (mine,) = (await _get(session, f"{phone}/messages", query))["messages"][:1]
            if mine.get("status") != "failed":
                return after
            person.disturbed = True
            await asyncio.sleep(1)

    async def _listen(
        self, session: aiohttp.ClientSession, phone: str, after: int, wanted: int
    ) -> list[str]:
        """Return the answers; without a number `wanted`, those of a calm second."""
        end = time.monotonic() + PATIENCE
        texts: list[str] = []
        honest_lines = 0
        while len(texts) < (wanted or 1) and time.monotonic() < end:
            count = (wanted or 1) + honest_lines
            texts, honest_lines = await _heard(session, phone, after, count, _WAIT_MS)
        if not wanted:
            await asyncio.sleep(1.5)
            texts, _ = await _heard(session, phone, after, 1, 0)
        return texts


async def _heard(
    session: aiohttp.ClientSession, phone: str, after: int, count: int, wait: int
) -> tuple[list[str], int]:
    """Return the answers, and how often the person was told that it takes longer."""
    query: dict[str, str | int] = {"after": after, "by": "haki", "count": count, "wait": wait}
    messages = (await _get(session, f"{phone}/messages", query))["messages"]
    texts = [str(message["text"]) for message in messages]
    answers = [text for text in texts if not text.startswith(HONEST_LINE)]
    return answers, len(texts) - len(answers)


async def _get(
    session: aiohttp.ClientSession, url: str, query: dict[str, str | int] | None = None
) -> Any:
    async with session.get(url, params=query or {}) as answer:
        answer.raise_for_status()
        return await answer.json()
