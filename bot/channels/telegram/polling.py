"""Fetching updates without a public address (https://core.telegram.org/bots/api#getupdates)."""

from collections.abc import Callable
from typing import Any

import httpx

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.telegram.inbound import ALLOWED_UPDATES
from bot.settings.environment import Telegram

# Seconds that Telegram holds a request open while there is nothing new.
LONG_POLL = 25


class Poller:
    """Asks Telegram for updates and confirms each only after it was taken."""

    def __init__(self, account: Telegram, wait: int = LONG_POLL) -> None:
        self._base = f"{account.api_url}{account.token}"
        self._wait = wait
        self._http = httpx.Client(timeout=wait + 10)
        self._offset = 0

    def start(self) -> None:
        """Take the webhook away: Telegram refuses polling beside one. Raises DeliveryError."""
        self._call("deleteWebhook", {})

    def poll(self, take: Callable[[Any], None]) -> int:
        """Hand each new update to `take`, in order; return how many there were.

        An update is confirmed with the next request only, so one whose `take` raised comes again.
        Raises DeliveryError when Telegram is away or refuses.
        """
        wish = {
            "offset": self._offset,
            "timeout": self._wait,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        updates = self._call("getUpdates", wish)
        for update in updates:
            take(update)
            self._offset = int(update["update_id"]) + 1
        return len(updates)

    def _call(self, method: str, body: dict[str, Any]) -> Any:
        try:
            response = self._http.post(f"{self._base}/{method}", json=body)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DeliveryError(Outcome.RETRY, type(error).__name__) from None
        if not answer.get("ok"):
            code = int(answer.get("error_code", response.status_code))
            outcome = Outcome.CONFIGURATION if code in (401, 404, 409) else Outcome.RETRY
            wait = float((answer.get("parameters") or {}).get("retry_after", 0))
            raise DeliveryError(outcome, str(code), wait)
        return answer["result"]
