"""`haki demo_people`: the organisations and people of a demonstration."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bot.settings.environment import environment
from console.demonstration import make_demonstration


class Command(BaseCommand):
    """Makes two organisations with three people each; the password is in HAKI_DEMO_PASSWORD."""

    help = "Make the demonstration's two organisations and their people (never in production)."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Make what is missing and print the sign-ins."""
        if environment().mode == "production":
            raise CommandError("These people are made up: not in production.")
        password = os.environ.get("HAKI_DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set HAKI_DEMO_PASSWORD.")
        for email in make_demonstration(password):
            self.stdout.write(email)
