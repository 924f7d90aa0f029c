"""`haki channels setup|check`: the channels at Twilio and Telegram, set up and looked at."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bot.messaging.channel_checks import check
from bot.messaging.channel_setup import setup

_WORK = {"setup": setup, "check": check}


class Command(BaseCommand):
    """Prints one line for each thing; ends with status 1 when something has to be mended."""

    help = "Set up webhooks, templates and commands at the providers, or say what is wrong there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=sorted(_WORK))

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for line in _WORK[options["what"]]():
            wrong += not line.fine
            self.stdout.write(f"{'ok   ' if line.fine else 'WRONG'} {line.sentence}")
        if wrong:
            raise CommandError(f"{wrong} of these have to be mended.")
