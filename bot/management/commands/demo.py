"""`haki demo`: start everything on this machine, in the foreground."""

from typing import Any

from django.core.management.base import BaseCommand

from bot.processes.demo import run_demo


class Command(BaseCommand):
    """Starts the demonstration; `make demo` does the same from a fresh clone."""

    help = "Start engines, web, worker, rasa and actions, and stop them with Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C; the exit status tells whether something went wrong."""
        raise SystemExit(run_demo())
