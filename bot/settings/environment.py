"""Everything that a deployment may choose, read once from the environment.

In a demonstration the values that are missing come from `<state dir>/run/environment.json`,
which the supervisor writes; so every `haki` command works beside a running demonstration.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.settings.sms_costs import NO_COSTS, SmsCosts, WrongCosts, read_costs

PROJECT = Path(__file__).resolve().parents[2]
MODES = ("demo", "test", "production")
REVIEW_LEVELS = ("draft", "checked", "reviewed")
TELEGRAM_MODES = ("webhook", "polling", "off")

# The providers' public addresses; stand-ins take their place in a demonstration.
TWILIO_API_URL = "https://api.twilio.com"
TWILIO_CONTENT_URL = "https://content.twilio.com"
TELEGRAM_API_URL = "https://api.telegram.org/bot"

# Marks every secret that the demonstration makes for itself (bot.processes), so that
# production can refuse one that was copied from there.
DEMO_MARK = "demo-"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


@dataclass(frozen=True)
class Twilio:
    """The account that carries SMS and WhatsApp. Without a SID both are switched off."""

    account_sid: str
    auth_token: str
    api_url: str
    content_url: str
    sms_numbers: tuple[str, ...]
    whatsapp_number: str


@dataclass(frozen=True)
class Telegram:
    """The bot account. `mode` says how updates reach us.

    With `protect_content` Telegram's clients neither forward nor save what we send.
    """

    token: str
    api_url: str
    secret: str
    mode: str
    protect_content: bool = False


@dataclass(frozen=True)
class Environment:
    """The values of one process. Secrets never appear in its `repr`."""

    mode: str
    state_dir: Path
    port: int
    public_url: str
    database_url: str
    redis_url: str
    secret_key: str
    sealing_keys: tuple[str, ...]
    lookup_key: str
    rasa_url: str
    rasa_token: str
    actions_url: str
    twilio: Twilio
    telegram: Telegram
    lowest_review: str
    content_dir: Path
    email_url: str = ""
    email_from: str = ""
    rate_limits: bool = True
    metrics_token: str = ""
    sms_costs: SmsCosts = NO_COSTS

    def __repr__(self) -> str:
        return f"Environment(mode={self.mode!r}, public_url={self.public_url!r})"


class _Reader:
    """Looks a name up in the environment, then in the demonstration's file."""

    def __init__(self, environ: Mapping[str, str], saved: Mapping[str, str]) -> None:
        self._environ = environ
        self._saved = saved

    def text(self, name: str, default: str = "") -> str:
        value = self._environ.get(name)
        return value.strip() if value else str(self._saved.get(name, default))

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SettingsError(
                f"{name} is not set. See .env.example; on a laptop, start `make demo` first."
            )
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
        return value

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def port(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit() or not 0 < int(value) < 65536:
            raise SettingsError(f"{name} is {value!r}; it must be a port number, 1 to 65535.")
        return int(value)

    def url(self, name: str, default: str = "") -> str:
        value = self.text(name, default)
        if value and not re.match(r"(https?|postgresql|redis|unix)://?\S+$", value):
            raise SettingsError(f"{name} is not an address such as https://haki.example.org.")
        return value.rstrip("/")

    def email_url(self, name: str) -> str:
        value = self.text(name)
        if value and not re.match(r"smtps?://\S+$", value):
            raise SettingsError(f"{name} is not an address such as smtps://user:word@host:465.")
        return value


def read(environ: Mapping[str, str]) -> Environment:
    """Return the typed settings that `environ` (and a demonstration's file) describe.

    Raises SettingsError for a missing or malformed value, and in production for a secret that
    is short or that was made by a demonstration.
    """
    first = _Reader(environ, {})
    mode = first.choice("HAKI_ENV", MODES, "demo")
    state_dir = Path(first.text("HAKI_STATE_DIR") or PROJECT / ".haki")
    values = _Reader(environ, _saved_by_demo(state_dir) if mode == "demo" else {})
    port = values.port("HAKI_PORT", 8000)
    environment = Environment(
        mode=mode,
        state_dir=state_dir,
        port=port,
        public_url=values.url("HAKI_PUBLIC_URL", f"http://127.0.0.1:{port}"),
        database_url=values.url("HAKI_DATABASE_URL") or values.required("HAKI_DATABASE_URL"),
        redis_url=values.url("HAKI_REDIS_URL") or values.required("HAKI_REDIS_URL"),
        secret_key=values.required("HAKI_SECRET_KEY"),
        sealing_keys=values.many("HAKI_SEALING_KEYS"),
        lookup_key=values.required("HAKI_LOOKUP_KEY"),
        rasa_url=values.url("HAKI_RASA_URL", "http://127.0.0.1:5005"),
        rasa_token=values.required("HAKI_RASA_TOKEN"),
        actions_url=values.url("HAKI_ACTIONS_URL", "http://127.0.0.1:5055"),
        twilio=_twilio(values),
        telegram=_telegram(values),
        lowest_review=values.choice("HAKI_LOWEST_REVIEW", REVIEW_LEVELS, "draft"),
        content_dir=Path(values.text("HAKI_CONTENT_DIR") or PROJECT / "content"),
        email_url=values.email_url("HAKI_EMAIL_URL"),
        email_from=values.text("HAKI_EMAIL_FROM"),
        sms_costs=_sms_costs(values),
        rate_limits=values.choice("HAKI_RATE_LIMITS", ("on", "off"), "on") == "on",
        metrics_token=values.text("HAKI_METRICS_TOKEN"),
    )
    _check_keys(environment)
    if mode == "production":
        _check_production(environment)
    return environment


def for_offline_commands(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what `environ` lacks for a command that needs no service, such as `haki content`.

    The values open nothing: no server listens at port 1, and the keys are of this process only.
    """
    try:
        read(environ)
    except SettingsError:
        nowhere = "127.0.0.1:1"
        values = {
            "HAKI_DATABASE_URL": f"postgresql://offline@{nowhere}/offline",
            "HAKI_REDIS_URL": f"redis://{nowhere}/0",
            "HAKI_SEALING_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            **{
                name: secrets.token_urlsafe(32)
                for name in ("HAKI_SECRET_KEY", "HAKI_LOOKUP_KEY", "HAKI_RASA_TOKEN")
            },
        }
        return {name: value for name, value in values.items() if not environ.get(name)}
    return {}


def _saved_by_demo(state_dir: Path) -> dict[str, str]:
    path = state_dir / "run" / "environment.json"
    if not path.exists():
        return {}
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SettingsError(f"{path.name} in the state folder is damaged: {error}.") from error
    return {str(name): str(value) for name, value in saved.items()}


def _twilio(values: _Reader) -> Twilio:
    sid = values.text("HAKI_TWILIO_ACCOUNT_SID")
    return Twilio(
        account_sid=sid,
        auth_token=values.required("HAKI_TWILIO_AUTH_TOKEN") if sid else "",
        api_url=values.url("HAKI_TWILIO_API_URL", TWILIO_API_URL),
        content_url=values.url("HAKI_TWILIO_CONTENT_URL", TWILIO_CONTENT_URL),
        sms_numbers=values.many("HAKI_SMS_NUMBERS"),
        whatsapp_number=values.text("HAKI_WHATSAPP_NUMBER"),
    )


def _sms_costs(values: _Reader) -> SmsCosts:
    try:
        return read_costs(values.text("HAKI_SMS_PRICES"), values.text("HAKI_MONTHLY_SMS_CEILING"))
    except WrongCosts as error:
        raise SettingsError(str(error)) from None


def _telegram(values: _Reader) -> Telegram:
    token = values.text("HAKI_TELEGRAM_TOKEN")
    mode = values.choice("HAKI_TELEGRAM_MODE", TELEGRAM_MODES, "webhook" if token else "off")
    return Telegram(
        token=values.required("HAKI_TELEGRAM_TOKEN") if mode != "off" else token,
        api_url=values.url("HAKI_TELEGRAM_API_URL", TELEGRAM_API_URL),
        secret=values.required("HAKI_TELEGRAM_SECRET") if mode == "webhook" else "",
        mode=mode,
        protect_content=values.choice("HAKI_TELEGRAM_PROTECT_CONTENT", ("on", "off"), "off")
        == "on",
    )


def _check_keys(environment: Environment) -> None:
    if not environment.sealing_keys:
        raise SettingsError(
            "HAKI_SEALING_KEYS is not set. Make a key with `haki new_sealing_key`; "
            "put a new one first to rotate, and keep the old ones behind it."
        )
    if len(environment.lookup_key) < 32:
        raise SettingsError("HAKI_LOOKUP_KEY must have at least 32 characters.")
    if environment.telegram.secret and not re.fullmatch(
        r"[A-Za-z0-9_-]{1,256}", environment.telegram.secret
    ):
        raise SettingsError("HAKI_TELEGRAM_SECRET may hold only A-Z a-z 0-9 _ - (1 to 256).")


def _check_production(environment: Environment) -> None:
    values = {
        "HAKI_SECRET_KEY": environment.secret_key,
        "HAKI_LOOKUP_KEY": environment.lookup_key,
        "HAKI_RASA_TOKEN": environment.rasa_token,
    }
    for name, value in values.items():
        if value.startswith(DEMO_MARK) or len(value) < 32:
            raise SettingsError(f"{name} is a demonstration's or too short: make one of your own.")
    if any(key.startswith(DEMO_MARK) for key in environment.sealing_keys):
        raise SettingsError(
            "HAKI_SEALING_KEYS holds a demonstration's key: make one with `haki new_sealing_key`."
        )
    if environment.telegram.secret.startswith(DEMO_MARK):
        raise SettingsError("HAKI_TELEGRAM_SECRET is a demonstration's: make one of your own.")
    if environment.email_url and "@" not in environment.email_from:
        raise SettingsError("HAKI_EMAIL_FROM must be the sender's address, with HAKI_EMAIL_URL.")
    if not environment.public_url.startswith("https://"):
        raise SettingsError("HAKI_PUBLIC_URL must start with https:// in production.")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return this process's settings; they are read at the first call only."""
    return read(os.environ)
