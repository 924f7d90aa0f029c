"""`haki reseal`: seals everything stored under the newest of HAKI_SEALING_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from bot.messaging.resealing import reseal_everything


class Command(BaseCommand):
    """Run it after a new key was put first; then the old one may be removed."""

    help = "Seal all stored addresses and texts under the newest key of HAKI_SEALING_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for table, rows in reseal_everything():
            self.stdout.write(f"{table}: {rows} rows")
        self.stdout.write("Done. Keys behind the first are no longer needed.")
