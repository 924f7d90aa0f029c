"""A whole Haki with its stand-in providers apart, and the storm that goes over it."""

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.processes import waiting
from bot.processes.child import Child
from bot.processes.environment import stand_in_settings
from bot.processes.ports import LOOPBACK, find_free, is_free
from bot.processes.stack import Stack
from bot.processes.state import PROJECT
from tests.faults.people import Crowd, Person

# How often each part is killed; together more than thirty. Rasa takes longest to come back.
KILLS = {"worker": 11, "web": 6, "actions": 5, "valkey": 4, "postgresql": 4, "rasa": 2}
BETWEEN = (0.5, 3.5)  # seconds from one kill to the next
SMS, WHATSAPP, TELEGRAM = 200, 50, 50
PAUSE = 12.0  # seconds, on average, before a person writes again
STEPS = (
    "boss took my passport, i am in malaysia",
    "1",
    "my boss does not pay me",
    "1",
)


@dataclass
class Weather:
    """What was killed, and when."""

    kills: list[tuple[float, str]] = field(default_factory=list)

    def times(self, part: str) -> list[float]:
        """Return when `part` was killed."""
        return [when for when, name in self.kills if name == part]


@contextmanager
def with_providers_apart(make: Callable[..., Stack]) -> Iterator[tuple[Stack, str]]:
    """Run a stack whose providers live in a process of their own; gives it and their address.

    `make` is given the settings that point to them.
    """
    port = find_free(1)[0]
    provider = f"http://{LOOPBACK}:{port}/simulator"
    addresses = {
        "HAKI_TWILIO_API_URL": f"{provider}/twilio",
        "HAKI_TWILIO_CONTENT_URL": f"{provider}/content",
        "HAKI_TELEGRAM_API_URL": f"{provider}/telegram/bot",
    }
    stack = make(**addresses)
    stack.state.create()
    stand_in = Child(
        "stand-in",
        [sys.executable, "-m", "bot.simulator", "--port", str(port)],
        log=stack.state.folder / "stand-in.txt",
        folder=PROJECT,
        environment={
            **{name: value for name, value in os.environ.items() if not name.startswith("HAKI_")},
            **stack.credentials.settings,
            **stand_in_settings(stack.port),
            **addresses,
            "HAKI_PORT": str(stack.port),
            "HAKI_SIMULATOR_PACE": "fast",
        },
    )
    try:
        assert waiting.until(lambda: not is_free(port), 30), stand_in.last_words()
        with stack:
            yield stack, provider
    finally:
        stand_in.stop()


def crowd() -> list[Person]:
    """Return three hundred people, the first of each channel first."""
    sms = [Person("sms", f"+6010001{number:04d}", STEPS) for number in range(SMS)]
    whatsapp = [Person("whatsapp", f"+6010002{number:04d}", STEPS) for number in range(WHATSAPP)]
    telegram = [Person("telegram", f"8{number:08d}", STEPS) for number in range(1, TELEGRAM + 1)]
    return [*sms, *whatsapp, *telegram]


def calm_before(provider: str) -> dict[str, Person]:
    """Let one person of each channel speak in calm: what the others must hear too."""
    first = {
        "sms": Person("sms", "+60100009999", STEPS),
        "whatsapp": Person("whatsapp", "+60100009998", STEPS),
        "telegram": Person("telegram", "900000001", STEPS),
    }
    asyncio.run(Crowd(provider, 1).converse(list(first.values()), 0.1))
    return first


def storm(stack: Stack, provider: str, people: list[Person], seed: int) -> Weather:
    """Let the people speak while parts of `stack` are killed and started again at random."""
    with ThreadPoolExecutor(1) as pool:
        talk = pool.submit(asyncio.run, Crowd(provider, seed).converse(people, PAUSE))
        weather = _rage(stack, seed)
        talk.result()
    return weather


def _rage(stack: Stack, seed: int) -> Weather:
    weather = Weather()
    chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
    order = [name for name, count in KILLS.items() for _ in range(count)]
    chance.shuffle(order)
    time.sleep(3)
    for name in order:
        stack.kill(name)
        weather.kills.append((time.time(), name))
        stack.restart(name)
        time.sleep(chance.uniform(*BETWEEN))
    return weather
