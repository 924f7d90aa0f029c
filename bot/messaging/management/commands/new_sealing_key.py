"""`haki new_sealing_key`: prints a key for HAKI_SEALING_KEYS."""

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Makes one key; nothing is stored."""

    help = "Print a new key: put it first in HAKI_SEALING_KEYS, keep the old ones behind it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(Fernet.generate_key().decode("ascii"))
