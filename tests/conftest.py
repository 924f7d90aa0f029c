"""Fixtures for every test: embedded engines, and a whole running stack for those that need it."""

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.processes.engines import Engines, temporary_engines
from bot.processes.ports import find_free
from bot.processes.postgres import Passwords
from bot.processes.stack import Stack
from bot.processes.state import PROJECT
from tests import own_environment

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """PostgreSQL and Valkey of this test run, at the addresses in HAKI_DATABASE_URL/REDIS_URL."""
    with temporary_engines(
        passwords=Passwords("superuser-of-tests", own_environment.POSTGRESQL_PASSWORD),
        valkey_password=own_environment.VALKEY_PASSWORD,
        ports=(own_environment.POSTGRESQL_PORT, own_environment.VALKEY_PORT),
    ) as running:
        yield running


@pytest.fixture(scope="session")
def django_db_modify_db_settings(engines: Engines) -> None:
    """Start the engines before pytest-django makes its database in them."""


@pytest.fixture
def open_folder() -> Path:
    """A folder that PostgreSQL's account can reach when root runs the tests; tmp_path is closed."""
    folder = Path(tempfile.mkdtemp(dir=own_environment.FOLDER))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """All real processes, in a folder and on ports of their own, with the stand-in providers."""
    with make_stack() as running:
        yield running


def make_stack(**extra_environment: str) -> Stack:
    """Return a stack that is not started yet, which inherits no HAKI_* setting.

    Trained models are shared with the demonstration's, so that nothing is trained twice.
    """
    folder = Path(tempfile.mkdtemp(prefix="stack-", dir=own_environment.FOLDER))
    folder.chmod(0o711)
    return Stack(
        folder,
        port=find_free(1)[0],
        base_environment={
            name: value for name, value in os.environ.items() if not name.startswith("HAKI_")
        },
        extra_environment=extra_environment,
        models=PROJECT / ".haki" / "models",
        volatile=True,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, one for the whole run."""
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the browser for the end: its event loop stays, and no other can run beside it."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With BROWSER_TESTS=required (.ci/run) a browser test that is skipped fails."""
    report = yield
    required = os.environ.get("BROWSER_TESTS") == "required"
    if required and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but a browser is required here: {report.longrepr}"
    return report
