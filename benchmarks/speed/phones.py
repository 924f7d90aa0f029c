"""People with phones: they write to one system through its stand-in provider, and wait."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote

import aiohttp

# Milliseconds that one answer may take before the run is given up.
PATIENCE = 25_000
_LOG_PAGE = 1000


class NoAnswerError(Exception):
    """A person got no answer: the figures of this run would be worth nothing."""


@dataclass(frozen=True)
class Answer:
    """One message of a person and the first call to the provider that followed.

    `latency` in ms, from the webhook being posted to that call being received; `calls` to the
    provider until the person's next message.
    """

    address: str
    latency: float
    calls: int


class Phones:
    """SMS phones of one stand-in provider. Use it as an asynchronous context manager."""

    def __init__(self, base_url: str, people: Sequence[str], texts: Sequence[str]) -> None:
        """`base_url` ends in /simulator; `people` are numbers; `texts` are asked in turn."""
        self.people = tuple(people)
        self._base = base_url
        self._next_person = itertools.cycle(self.people)
        self._next_text = itertools.cycle(texts)
        self._logged = 0

    async def __aenter__(self) -> "Phones":
        self._session = aiohttp.ClientSession(
            trust_env=False, connector=aiohttp.TCPConnector(limit=0)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def ask(self, person: str, text: str) -> None:
        """Send `text` and return at the first answer. Raises NoAnswerError."""
        phone = f"{self._base}/api/phones/sms/{quote(person)}"
        async with self._session.post(f"{phone}/send", json={"text": text}) as sent:
            sent.raise_for_status()
            number = (await sent.json())["n"]
        query = {"after": number, "by": "haki", "count": 1, "wait": PATIENCE}
        async with self._session.get(f"{phone}/messages", params=query) as heard:
            heard.raise_for_status()
            if not (await heard.json())["messages"]:
                raise NoAnswerError(f"no answer in {PATIENCE / 1000:.0f} s to {text!r}")

    async def warm_up(self, rounds: int) -> None:
        """Let each person write `rounds` times, so that nobody is new. Forgets the answers."""
        for _ in range(rounds):
            await self.closed_loop(len(self.people), at_a_time=2)
        await self.answers()

    async def closed_loop(self, count: int, at_a_time: int) -> float:
        """Ask `count` questions with `at_a_time` always under way; return the seconds it took.

        The people take turns, so that each has read the answer before writing again.
        """
        left = iter(range(count))

        async def lane() -> None:
            for _ in left:
                await self.ask(next(self._next_person), next(self._next_text))

        started = time.monotonic()
        await asyncio.gather(*(lane() for _ in range(at_a_time)))
        return time.monotonic() - started

    async def open_loop(self, count: int, per_second: float) -> float:
        """Send `count` questions at this pace, whether or not the earlier ones are answered.

        Returns the seconds until all are.
        """
        started = time.monotonic()
        asked = []
        for number in range(count):
            await asyncio.sleep(started + number / per_second - time.monotonic())
            question = self.ask(next(self._next_person), next(self._next_text))
            asked.append(asyncio.create_task(question))
        await asyncio.gather(*asked)
        return time.monotonic() - started

    async def one_conversation(self, person: str, count: int, pause: float) -> float:
        """Let one person ask `count` questions, each `pause` seconds after the answer before.

        Returns the seconds it took.
        """
        started = time.monotonic()
        for _ in range(count):
            await self.ask(person, next(self._next_text))
            await asyncio.sleep(pause)
        return time.monotonic() - started

    async def answers(self) -> list[Answer]:
        """Return what was answered since the last call. Raises NoAnswerError if not all was."""
        entries: list[dict[str, Any]] = []
        while True:
            query = {"after": self._logged, "limit": _LOG_PAGE}
            async with self._session.get(f"{self._base}/api/log", params=query) as log:
                log.raise_for_status()
                page = (await log.json())["entries"]
            if not page:
                return paired(entries)
            entries += page
            self._logged = page[-1]["n"]


def paired(entries: Sequence[dict[str, Any]]) -> list[Answer]:
    """Match each inbound message of the stand-in's log with the sends that followed it.

    In the order of the messages; for each person, one at a time. Raises NoAnswerError.
    """
    sent: dict[str, list[float]] = {}
    inbound: list[tuple[str, float]] = []
    by_message: list[list[float]] = []
    for entry in entries:
        if entry["kind"] == "inbound":
            inbound.append((entry["address"], entry["t"]))
            by_message.append([])
            sent[entry["address"]] = by_message[-1]
        elif accepted_message(entry) and entry["address"] in sent:
            sent[entry["address"]].append(entry["t"])
    silent = sum(not times for times in by_message)
    if silent:
        raise NoAnswerError(f"{silent} of {len(inbound)} messages had no answer of their own")
    return [
        Answer(address, times[0] - posted, len(times))
        for (address, posted), times in zip(inbound, by_message, strict=True)
    ]


def accepted_message(entry: dict[str, Any]) -> bool:
    """Tell whether a log entry is a message that the provider took."""
    return (
        entry["kind"] == "api"
        and entry.get("status") == 201
        and entry["path"].endswith("/Messages.json")
    )
