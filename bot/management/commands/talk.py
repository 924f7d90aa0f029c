"""`haki talk`, found by `haki help` too; see bot.talk.main."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from bot.talk.main import main


class Command(BaseCommand):
    """A phone in the terminal."""

    help = "Talk to Haki as a phone would: interactive, or --script a JSONL of turns."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(main([]))
