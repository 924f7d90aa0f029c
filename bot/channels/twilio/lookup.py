"""Asking Twilio what it has already taken, before a send whose fate is unknown is tried again."""

from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.twilio.errors import outcome
from bot.settings.environment import Twilio

TIMEOUT = 10.0
# Messages to one person in the minutes that matter; newest first
# (https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources).
PAGE_SIZE = 50


@dataclass(frozen=True)
class Taken:
    """One message that Twilio has made for us."""

    sid: str
    body: str
    created: datetime


def taken_since(account: Twilio, sender: str, recipient: str, since: datetime) -> list[Taken]:
    """Return what our API calls made from `sender` to `recipient` since then, oldest first.

    `DateSent` is no filter here: a message that still waits at Twilio has none. Raises
    DeliveryError when Twilio cannot be asked.
    """
    url = f"{account.api_url}/2010-04-01/Accounts/{account.account_sid}/Messages.json"
    query: dict[str, str | int] = {"To": recipient, "From": sender, "PageSize": PAGE_SIZE}
    try:
        answer = httpx.get(
            url,
            params=query,
            auth=(account.account_sid, account.auth_token),
            timeout=TIMEOUT,
            trust_env=account.api_url.startswith("https://"),
        )
    except httpx.HTTPError as error:
        raise DeliveryError(Outcome.RETRY, "lookup") from error
    if answer.status_code != 200:
        raise DeliveryError(outcome("", answer.status_code), f"lookup HTTP {answer.status_code}")
    found = [_read(resource) for resource in answer.json()["messages"] if _ours(resource)]
    return sorted((one for one in found if one.created >= since), key=lambda one: one.created)


def _ours(resource: dict[str, Any]) -> bool:
    """Leave out what Twilio said itself, such as its answer to STOP."""
    return str(resource.get("direction")) == "outbound-api"


def _read(resource: dict[str, Any]) -> Taken:
    created = parsedate_to_datetime(str(resource["date_created"]))
    if created.tzinfo is None:
        created = created.replace(tzinfo=timezone.utc)
    return Taken(str(resource["sid"]), str(resource.get("body") or ""), created)
