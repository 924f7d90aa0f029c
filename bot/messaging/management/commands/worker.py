"""`haki worker`: answers and delivers stored messages until it is told to stop."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from bot.messaging.worker import Worker

# Threads of one worker; each may wait for Rasa or a provider.
CONCURRENCY = 8
# Seconds that running jobs get to end after SIGTERM; a job cut off is taken over later.
GRACE = 15.0


class Command(BaseCommand):
    """Runs the jobs of all our queues."""

    help = "Answer stored messages and deliver the answers, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=CONCURRENCY)

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(app, options["concurrency"])

        def stop(_number: int, _frame: FrameType | None) -> None:
            worker.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        worker.run(GRACE)
