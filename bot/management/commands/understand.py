"""`haki understand`, found by `haki help` too; see bot.understanding.command."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from bot.understanding.command import main


class Command(BaseCommand):
    """What Haki makes of messages."""

    help = "Show what Haki makes of messages: JSON lines in (text, country…), JSON lines out."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Take the arguments as they are."""
        sys.exit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer standard input, when called from code."""
        raise SystemExit(main([]))
