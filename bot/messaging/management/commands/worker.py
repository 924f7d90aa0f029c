"""`haki worker`: answers and delivers stored messages until it is told to stop."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

# Threads of one worker; each may wait for Rasa or a provider.
CONCURRENCY = 8


class Command(BaseCommand):
    """Runs procrastinate on all our queues."""

    help = "Answer stored messages and deliver the answers, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=CONCURRENCY)

    def handle(self, *args: Any, **options: Any) -> None:
        connector = app.connector.get_worker_connector()
        with app.replace_connector(connector):
            asyncio.run(
                app.run_worker_async(
                    concurrency=options["concurrency"],
                    delete_jobs="successful",
                    fetch_job_polling_interval=2.0,
                    shutdown_graceful_timeout=15,
                )
            )
