"""Secrets that a demonstration makes for itself, once for each state folder."""

import secrets
from collections.abc import Callable

from cryptography.fernet import Fernet

from bot.processes.postgres import Passwords
from bot.processes.state import State, read_private, write_private
from bot.settings.environment import DEMO_MARK

# Senders that no person owns (Twilio's test numbers).
SMS_NUMBER = "+15005550006"
WHATSAPP_NUMBER = "whatsapp:+15005550007"

_SETTINGS: dict[str, Callable[[], str]] = {
    "HAKI_SECRET_KEY": lambda: DEMO_MARK + secrets.token_urlsafe(48),
    "HAKI_SEALING_KEYS": lambda: DEMO_MARK + Fernet.generate_key().decode("ascii"),
    "HAKI_LOOKUP_KEY": lambda: DEMO_MARK + secrets.token_urlsafe(48),
    "HAKI_RASA_TOKEN": lambda: DEMO_MARK + secrets.token_urlsafe(32),
    # The shapes of Twilio's and Telegram's own values, so that format checks hold here too.
    "HAKI_TWILIO_ACCOUNT_SID": lambda: "AC" + secrets.token_hex(16),
    "HAKI_TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
    "HAKI_TELEGRAM_TOKEN": lambda: f"{10**9 + secrets.randbelow(10**9)}:{secrets.token_hex(17)}a",
    "HAKI_TELEGRAM_SECRET": lambda: DEMO_MARK + secrets.token_urlsafe(32),
}
_OWN: dict[str, Callable[[], str]] = {
    "postgresql_superuser": lambda: secrets.token_hex(24),
    "postgresql_role": lambda: secrets.token_hex(24),
    "valkey": lambda: secrets.token_hex(24),
    "sign_in": lambda: "-".join(secrets.token_hex(3) for _ in range(3)),
}


class Credentials:
    """The secrets of one state folder."""

    def __init__(self, state: State) -> None:
        """Read them, and make those that are missing. Raises StartError."""
        values = read_private(state.secrets)
        made = {
            name: make() for name, make in {**_SETTINGS, **_OWN}.items() if not values.get(name)
        }
        if made:
            values.update(made)
            write_private(state.secrets, values)
        self._values = values

    @property
    def settings(self) -> dict[str, str]:
        """The HAKI_* values among them."""
        return {name: self._values[name] for name in _SETTINGS}

    @property
    def postgresql(self) -> Passwords:
        """The embedded database's passwords."""
        return Passwords(self._values["postgresql_superuser"], self._values["postgresql_role"])

    @property
    def valkey(self) -> str:
        """The embedded Valkey's password."""
        return self._values["valkey"]

    @property
    def sign_in(self) -> str:
        """The password of the demonstration's people in the console."""
        return self._values["sign_in"]
