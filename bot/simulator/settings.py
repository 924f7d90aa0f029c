"""What the stand-in providers need to know about the service that they serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

#: Written after ``#`` in the inbound URL, as ``haki channels setup`` does at the real Twilio:
#: without it a 5xx or a read timeout is not retried (protocols.md 1.3).
RETRY_OVERRIDES = "#rc=3&rp=ct,rt,5xx"

#: Magic test sender of Twilio's, used as Haki's SMS number in the demonstration.
DEMO_SMS_NUMBER = "+15005550006"
DEMO_WHATSAPP_NUMBER = "whatsapp:+15005550007"


@dataclass(frozen=True)
class Pace:
    """Seconds between a message being accepted and each of its status callbacks."""

    sent: float = 0.15
    delivered: float = 0.35
    read: float = 0.9
    #: Multiplies the pauses between two deliveries of a refused Telegram update.
    retry: float = 1.0


#: For benchmarks and tests: no waiting between the states of a message, short retry pauses.
FAST = Pace(sent=0.0, delivered=0.0, read=0.0, retry=0.05)


@dataclass(frozen=True)
class SimulatorSettings:
    """The account that both stand-in providers hold for Haki.

    ``public_url`` is the base that the providers believe in and sign; ``web_url`` is where
    connections really go (they differ when a proxy stands between). Webhooks are only ever
    posted to this computer or to the host of ``web_url``.
    """

    account_sid: str
    auth_token: str
    telegram_token: str
    telegram_secret: str = ""
    public_url: str = "http://127.0.0.1:8000"
    web_url: str = "http://127.0.0.1:8000"
    #: Where this application itself is reached, with its ``/simulator`` path.
    own_url: str = "http://127.0.0.1:8000/simulator"
    twilio_webhook_url: str = ""
    #: Empty: no webhook set at the start, updates wait for ``getUpdates``.
    telegram_webhook_url: str = ""
    telegram_bot_name: str = "haki_demo_bot"
    sms_numbers: tuple[str, ...] = (DEMO_SMS_NUMBER,)
    whatsapp_number: str = DEMO_WHATSAPP_NUMBER
    messaging_service_sid: str = ""
    #: Adds ``OptOutType`` to inbound STOP, START and HELP, on WhatsApp too (protocols.md 3.4).
    advanced_opt_out: bool = False
    pace: Pace = field(default_factory=Pace)

    def rebased(self, url: str) -> str:
        """The address to connect to for `url`: ``public_url`` replaced by ``web_url``."""
        rest = url.removeprefix(self.public_url)
        if rest == url or rest[:1] not in ("", "/", "?", "#"):
            return url
        return self.web_url + rest

    def is_local(self, url: str) -> bool:
        """Whether a post to `url` stays on this computer (or goes to ``web_url``'s host)."""
        host = urlsplit(self.rebased(url)).hostname or ""
        return host in {"127.0.0.1", "localhost", "::1", urlsplit(self.web_url).hostname}


class MissingSettingError(ValueError):
    """The environment lacks a value without which the stand-ins cannot answer."""


def from_environment(environ: Mapping[str, str]) -> SimulatorSettings:
    """Read the ``HAKI_*`` variables that Haki itself reads, so both sides agree.

    Raises `MissingSettingError` naming the variable.
    """

    def need(name: str) -> str:
        value = environ.get(name, "").strip()
        if not value:
            raise MissingSettingError(f"{name} is not set; the stand-in providers need it.")
        return value

    port = environ.get("HAKI_PORT", "") or "8000"
    web_url = environ.get("HAKI_WEB_URL", "").rstrip("/") or f"http://127.0.0.1:{port}"
    public_url = environ.get("HAKI_PUBLIC_URL", "").rstrip("/") or web_url
    numbers = [n.strip() for n in environ.get("HAKI_SMS_NUMBERS", "").split(",") if n.strip()]
    by_webhook = (environ.get("HAKI_TELEGRAM_MODE", "") or "webhook") == "webhook"
    api_url = environ.get("HAKI_TWILIO_API_URL", "").rstrip("/")
    settings = SimulatorSettings(
        account_sid=need("HAKI_TWILIO_ACCOUNT_SID"),
        auth_token=need("HAKI_TWILIO_AUTH_TOKEN"),
        telegram_token=need("HAKI_TELEGRAM_TOKEN"),
        telegram_secret=environ.get("HAKI_TELEGRAM_SECRET", ""),
        public_url=public_url,
        web_url=web_url,
        own_url=api_url.removesuffix("/twilio") or f"{web_url}/simulator",
        twilio_webhook_url=f"{public_url}/webhooks/twilio/{RETRY_OVERRIDES}",
        telegram_webhook_url=f"{public_url}/webhooks/telegram/" if by_webhook else "",
        sms_numbers=tuple(numbers) or (DEMO_SMS_NUMBER,),
        whatsapp_number=environ.get("HAKI_WHATSAPP_NUMBER", "") or DEMO_WHATSAPP_NUMBER,
    )
    if environ.get("HAKI_SIMULATOR_PACE") == "fast":
        settings = replace(settings, pace=FAST)
    return settings
