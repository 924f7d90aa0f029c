"""Debian's chromium on the real processes: who looks at the console, and whose phone it is."""

import secrets
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.processes.stack import Stack
from console.demonstration import email_of

PATIENCE = 25_000  # milliseconds that an answer may take on a loaded test machine
# Not the same in two runs: a demonstration that keeps its state may be tested again.
_numbers = count(secrets.randbelow(8000) + 1000)


class Phone:
    """One phone of the stand-in providers."""

    def __init__(self, stack: Stack, channel: str, address: str) -> None:
        self.address = address
        self._http = httpx.Client(timeout=60, trust_env=False)
        self._path = f"{stack.url}/simulator/api/phones/{channel}/{quote(address)}"

    def last(self) -> int:
        """Return the number of the last message that the phone shows."""
        return int(self._http.get(f"{self._path}/messages").json()["last"])

    def write(self, text: str) -> int:
        """Send `text`; return the number after which answers come."""
        seen = self.last()
        sent = self._http.post(f"{self._path}/send", json={"kind": "text", "text": text})
        assert sent.status_code == 200, sent.text
        return seen

    def hears(self, after: int, messages: int = 1) -> list[str]:
        """Return the next texts of Haki after message `after`, waiting for so many."""
        query: dict[str, str | int] = {
            "after": after, "by": "haki", "wait": PATIENCE, "count": messages,
        }  # fmt: skip
        shown = self._http.get(f"{self._path}/messages", params=query).json()["messages"]
        assert len(shown) >= messages, [one["text"] for one in shown]
        return [str(one["text"]) for one in shown]


class Console:
    """The running console, and pages of its people."""

    def __init__(self, stack: Stack, browser: Browser) -> None:
        self.stack = stack
        self.url = stack.url
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._states: dict[str, Any] = {}
        self.problems: list[str] = []

    def open_case(self, phone: Phone, **options: str) -> str:
        """Open a case for the phone's owner; return its public id."""
        given = [f"--{name}={value}" for name, value in options.items()]
        return self.stack.command("demo_case", phone.address, *given).split()[-1]

    def page(self, place: str = "north", role: str = "case_worker", **context: Any) -> Page:
        """Return a page of one of the people, signed in, at the list of open cases."""
        email = email_of(place, role)
        options = {"viewport": {"width": 1440, "height": 900}, **context}
        made = self._browser.new_context(storage_state=self._states.get(email), **options)
        self._contexts.append(made)
        page = made.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._note)
        page.goto(f"{self.url}/console/")
        if "/sign-in/" in page.url:
            page.get_by_label("Email").fill(email)
            page.locator("[name=password]").fill(self.stack.credentials.sign_in)
            page.locator("[name=password]").press("Enter")
            expect(page.locator("#folders")).to_be_attached()
            self._states[email] = made.storage_state()
        return page

    def _note(self, message: Any) -> None:
        # Tests ask for pages that must not be there.
        if message.type == "error" and "404 (Not Found)" not in message.text:
            self.problems.append(message.text)

    def close(self) -> None:
        """Close every page and forget what was noted."""
        for context in self._contexts:
            context.close()
        self._contexts = []


@pytest.fixture(scope="session")
def _console(stack: Stack, browser: Browser) -> Console:
    stack.command("demo_people", HAKI_DEMO_PASSWORD=stack.credentials.sign_in)
    return Console(stack, browser)


@pytest.fixture
def console(_console: Console) -> Iterator[Console]:
    """The console; what its scripts complain about fails the test."""
    _console.problems.clear()
    yield _console
    _console.close()
    assert _console.problems == []


@pytest.fixture
def phone(stack: Stack) -> Callable[..., Phone]:
    """Return a function that gives the phone of somebody who never wrote before."""

    def make(channel: str = "sms", prefix: str = "+1500555") -> Phone:
        return Phone(stack, channel, f"{prefix}{next(_numbers):04d}")

    return make
