"""`haki worker`: answers and delivers stored messages until it is told to stop."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import App
from procrastinate.contrib.django import app

# Threads of one worker; each may wait for Rasa or a provider.
CONCURRENCY = 8
# Seconds that running jobs get to end after SIGTERM; a job cut off is taken over later.
GRACE = 15.0
# Seconds between looks for work. A new job wakes us at once; but the next message of a person whose
# answer is just being finished waits for a lock, and nothing tells us when that is free.
LOOK_EVERY = 0.2


class Command(BaseCommand):
    """Runs procrastinate on all our queues."""

    help = "Answer stored messages and deliver the answers, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=CONCURRENCY)

    def handle(self, *args: Any, **options: Any) -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            asyncio.run(_run(worker, options["concurrency"]))


async def _run(worker: App, concurrency: int) -> None:
    async with worker.open_async():
        await worker.run_worker_async(
            concurrency=concurrency,
            delete_jobs="successful",
            fetch_job_polling_interval=LOOK_EVERY,
            shutdown_graceful_timeout=GRACE,
        )
