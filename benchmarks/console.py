"""How long the console's pages take with 10,000 cases and 200,000 messages.

    .venv/bin/python -m benchmarks.console [--cases 10000] [--messages 200000] [--rounds 20]

Starts an embedded PostgreSQL and Valkey of its own, fills them (seeded, all made up), and asks
every page in this process through Django's whole stack, walls and row-level security included.
Takes about three minutes. Prints a table and writes benchmarks/results/console.md. Exit status 1
if a page's p95 is above 200 ms.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TARGET = 200.0  # milliseconds on the server, issue 6
RESULTS = Path(__file__).resolve().parent / "results"
WARM_UP = 2


@dataclass(frozen=True)
class Measured:
    """One page: milliseconds and queries."""

    name: str
    median: float
    p95: float
    queries: int


def say(line: str) -> None:
    """Tell the person at the terminal how far we are."""
    print(f"[{time.strftime('%H:%M:%S')}] {line}", file=sys.stderr, flush=True)


def measure(cases: int, messages: int, rounds: int) -> list[Measured]:
    """Fill the database that the environment names, and ask every page `rounds` times."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.console_seed import seed

    call_command("migrate", verbosity=0)
    say(f"filling in {cases} cases and {messages} messages")
    seeded = seed(cases, messages)
    return [
        _measure(name, where, post, seeded.client, rounds) for name, where, post in seeded.pages
    ]


def _measure(
    name: str, where: str, post: dict[str, str] | None, client: object, rounds: int
) -> Measured:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    assert isinstance(client, Client)
    ask: Callable[[], object] = (
        (lambda: client.get(where)) if post is None else (lambda: client.post(where, post))
    )
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    queries = len(captured)  # the next request empties the log
    status = getattr(answer, "status_code", 0)
    if status != 200:
        raise RuntimeError(f"{name} answered {status}")
    for _ in range(WARM_UP):
        ask()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(took, n=20)[-1]
    return Measured(name, statistics.median(took), p95, queries)


def report(found: list[Measured], cases: int, messages: int, rounds: int) -> str:
    """Return the results as a Markdown page."""
    rows = [
        f"| {one.name} | {one.median:.0f} | {one.p95:.0f} | {one.queries} |"
        + (" over 200 ms" if one.p95 > TARGET else "")
        for one in found
    ]
    about = (
        f"{cases:,} cases and {messages:,} messages of one organisation, {rounds} rounds a page, "
        "milliseconds on the server (Django's whole stack in one process, the walls and row-level "
        f"security included), {platform.machine()}, {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f} while measuring. Target: 200 ms at p95. "
        "Made by `python -m benchmarks.console`."
    )
    head = ["| page | median | p95 | queries |", "| --- | ---: | ---: | ---: |"]
    return "\n".join(["# The console with many cases", "", about, "", *head, *rows, ""])


def main() -> int:
    """Read the command line, start engines, measure, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    # The tests' own settings: secrets and ports of this run only, nothing of a demonstration.
    from tests import own_environment as own

    os.environ["DJANGO_SETTINGS_MODULE"] = "bot.settings.project"
    from bot.processes.engines import temporary_engines
    from bot.processes.postgres import Passwords

    with temporary_engines(
        passwords=Passwords("superuser-of-tests", own.POSTGRESQL_PASSWORD),
        valkey_password=own.VALKEY_PASSWORD,
        ports=(own.POSTGRESQL_PORT, own.VALKEY_PORT),
    ):
        found = measure(options.cases, options.messages, options.rounds)
    text = report(found, options.cases, options.messages, options.rounds)
    print(text)
    if (options.cases, options.messages) == (10_000, 200_000):
        (RESULTS / "console.md").write_text(text, encoding="utf-8")
    return int(any(one.p95 > TARGET for one in found))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.chdir(tempfile.gettempdir())
    raise SystemExit(main())
