"""What set-up and checks ask of a Telegram bot (https://core.telegram.org/bots/api)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.telegram.inbound import ALLOWED_UPDATES
from bot.settings.environment import Telegram

TIMEOUT = 15.0
# Answers at once that Telegram may wait for; its default.
MAX_CONNECTIONS = 40


@dataclass(frozen=True)
class Webhook:
    """Where updates go ('' for polling), and how that fares. Times are Unix times, 0 for never."""

    url: str
    pending: int
    last_error: str
    last_error_at: int
    allowed_updates: tuple[str, ...]


class TelegramAccount:
    """Calls of one bot. Every method raises DeliveryError when Telegram refuses or is away."""

    def __init__(self, account: Telegram) -> None:
        self._account = account

    def name(self) -> str:
        """Return the bot's user name: the proof that the token holds."""
        return str(self._call("getMe")["username"])

    def webhook(self) -> Webhook:
        """Return where updates go now."""
        found = self._call("getWebhookInfo")
        return Webhook(
            url=str(found.get("url", "")),
            pending=int(found.get("pending_update_count", 0)),
            last_error=str(found.get("last_error_message", "")),
            last_error_at=int(found.get("last_error_date", 0)),
            allowed_updates=tuple(found.get("allowed_updates") or ()),
        )

    def set_webhook(self, url: str) -> None:
        """Let Telegram post updates to `url`, with our secret; what waits is kept."""
        self._call(
            "setWebhook",
            url=url,
            secret_token=self._account.secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=MAX_CONNECTIONS,
        )

    def delete_webhook(self) -> None:
        """Take the webhook away, for polling; what waits is kept."""
        self._call("deleteWebhook")

    def set_commands(self, commands: Sequence[tuple[str, str]], language: str = "") -> None:
        """Show (command, description) pairs to clients in `language`; '' is for all others."""
        shown = [{"command": name, "description": text} for name, text in commands]
        self._call("setMyCommands", commands=shown, **_code(language))

    def commands(self, language: str = "") -> list[tuple[str, str]]:
        """Return the (command, description) pairs that clients in `language` show."""
        found = self._call("getMyCommands", **_code(language))
        return [(row["command"], row["description"]) for row in found]

    def set_short_description(self, text: str, language: str = "") -> None:
        """Set what stands on the bot's profile and beside links to it (at most 120 characters)."""
        self._call("setMyShortDescription", short_description=text, **_code(language))

    def _call(self, method: str, **body: Any) -> Any:
        url = f"{self._account.api_url}{self._account.token}/{method}"
        try:
            response = httpx.post(
                url, json=body, timeout=TIMEOUT, trust_env=url.startswith("https://")
            )
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DeliveryError(Outcome.RETRY, type(error).__name__) from None
        if not answer.get("ok"):
            raise _refused(answer, response.status_code)
        return answer["result"]


def _refused(answer: Mapping[str, Any], status: int) -> DeliveryError:
    code = int(answer.get("error_code", status))
    outcome = Outcome.CONFIGURATION if 400 <= code < 500 and code != 429 else Outcome.RETRY
    wait = float((answer.get("parameters") or {}).get("retry_after", 0))
    return DeliveryError(outcome, str(code), wait)


def _code(language: str) -> dict[str, str]:
    return {"language_code": language} if language else {}
