"""`haki content`: check, read, compare, export and preview the rights library."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bot.management import content


class Command(BaseCommand):
    """The editors' commands; see `bot.management.content`."""

    help = "Check, read, compare, export and preview the rights library."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the commands of the library."""
        content.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; the exit status is that of the command."""
        raise SystemExit(content.run(argparse.Namespace(**options)))
