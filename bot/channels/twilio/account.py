"""What set-up and checks ask of a Twilio account: its state, its numbers, its content templates.

https://www.twilio.com/docs/usage/api, https://www.twilio.com/docs/content/content-api-resources
"""

from dataclasses import dataclass
from typing import Any

import httpx

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.twilio.contents import INVITATION_CATEGORY
from bot.channels.twilio.errors import outcome
from bot.settings.environment import Twilio

TIMEOUT = 10.0
PAGE_SIZE = 100
# Pages of one list; an account has a handful of numbers and some dozens of templates of ours.
MOST_PAGES = 50
UNSUBMITTED = "unsubmitted"


@dataclass(frozen=True)
class Number:
    """A phone number that the account owns, and where Twilio delivers what people send to it."""

    sid: str
    number: str
    sms_url: str
    sms_method: str


class TwilioAccount:
    """Calls of one account. Every method raises DeliveryError when Twilio refuses or is away."""

    def __init__(self, account: Twilio) -> None:
        self._account = account
        self._base = f"{account.api_url}/2010-04-01/Accounts/{account.account_sid}"
        self._content = f"{account.content_url}/v1/Content"

    def status(self) -> str:
        """Return the account's state: active, suspended or closed."""
        return str(self._call("GET", f"{self._base}.json")["status"])

    def numbers(self) -> list[Number]:
        """Return the numbers that the account owns."""
        rows: list[dict[str, Any]] = []
        url = f"{self._base}/IncomingPhoneNumbers.json?PageSize={PAGE_SIZE}"
        for _ in range(MOST_PAGES):
            page = self._call("GET", url)
            rows.extend(page["incoming_phone_numbers"])
            if not page.get("next_page_uri"):
                break
            url = f"{self._account.api_url}{page['next_page_uri']}"
        return [
            Number(
                row["sid"], row["phone_number"], row.get("sms_url") or "", row.get("sms_method", "")
            )
            for row in rows
        ]

    def set_sms_url(self, sid: str, url: str) -> None:
        """Make Twilio deliver what people send to number `sid` to `url`, by POST."""
        self._call(
            "POST",
            f"{self._base}/IncomingPhoneNumbers/{sid}.json",
            data={"SmsUrl": url, "SmsMethod": "POST"},
        )

    def contents(self) -> dict[str, str]:
        """Return the SID of every content template by its friendly name; of two, the newer."""
        found: dict[str, str] = {}
        url = f"{self._content}?PageSize={PAGE_SIZE}"
        for _ in range(MOST_PAGES):
            page = self._call("GET", url)
            for row in sorted(page["contents"], key=lambda row: str(row.get("date_created"))):
                found[str(row.get("friendly_name") or "")] = str(row["sid"])
            url = page["meta"].get("next_page_url") or ""
            if not url:
                break
        return found

    def make_content(self, body: dict[str, Any]) -> str:
        """Make a content template and return its SID."""
        return str(self._call("POST", self._content, json=body)["sid"])

    def ask_approval(self, sid: str, name: str) -> None:
        """Submit template `sid` to WhatsApp under `name`; the answer takes minutes to a day."""
        wish = {"name": name, "category": INVITATION_CATEGORY}
        self._call("POST", f"{self._content}/{sid}/ApprovalRequests/whatsapp", json=wish)

    def approval(self, sid: str) -> str:
        """Return WhatsApp's word on `sid`: unsubmitted, received, pending, approved, rejected…"""
        answer = self._call("GET", f"{self._content}/{sid}/ApprovalRequests")
        return str((answer.get("whatsapp") or {}).get("status") or UNSUBMITTED)

    def _call(self, method: str, url: str, **body: Any) -> Any:
        try:
            answer = httpx.request(
                method,
                url,
                auth=(self._account.account_sid, self._account.auth_token),
                timeout=TIMEOUT,
                trust_env=url.startswith("https://"),
                **body,
            )
        except httpx.HTTPError as error:
            raise DeliveryError(Outcome.RETRY, "network") from error
        if answer.status_code not in (200, 201):
            code = _code(answer)
            raise DeliveryError(
                outcome(code, answer.status_code), code or f"HTTP {answer.status_code}"
            )
        return answer.json()


def _code(answer: httpx.Response) -> str:
    """Return Twilio's own error code from an error body, '' when there is none."""
    try:
        return str(answer.json().get("code") or "")
    except (ValueError, AttributeError):
        return ""
