"""One pool of connections for the calls that are made for every answer.

twilio-python and requests cost four times urllib3's processor time for a create call; what is
sent is the same, as tests/contract shows.
"""

import base64
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.twilio.errors import outcome

# Seconds. Twilio answers a create call within a second; its own limit for us is 15.
TIMEOUT = 10.0
NETWORK = "network"
# One connection for each thread of a worker.
POOL = 16
# Errors after which nothing can have reached Twilio.
_NEVER_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


@dataclass(frozen=True)
class Caller:
    """Posts forms under an account's name. Safe to use from several threads."""

    http: urllib3.PoolManager
    headers: Mapping[str, str]

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """Return the resource that was made.

        Raises DeliveryError; `uncertain` says that Twilio may have made it all the same.
        """
        try:
            answer = self.http.request(
                "POST", url, body=urlencode(form).encode("ascii"), headers=self.headers
            )
        except _NEVER_SENT as error:
            raise DeliveryError(Outcome.RETRY, NETWORK) from error
        except urllib3.exceptions.HTTPError as error:
            raise DeliveryError(Outcome.RETRY, NETWORK, uncertain=True) from error
        body = _read(answer.data)
        if answer.status not in (200, 201):
            code = str(body.get("code") or "")
            raise DeliveryError(
                outcome(code, answer.status),
                code or f"HTTP {answer.status}",
                uncertain=answer.status >= 500,
            )
        if "sid" not in body:
            raise DeliveryError(Outcome.RETRY, "unreadable", uncertain=True)
        return body


def caller(base_url: str, account_sid: str, auth_token: str) -> Caller:
    """Return a caller for the account; through the environment's proxy, but for loopback."""
    login = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode("ascii")
    headers = {
        "Authorization": f"Basic {login}",
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "haki",
    }
    return Caller(_pool(base_url), headers)


def _pool(base_url: str) -> urllib3.PoolManager:
    parts = urlsplit(base_url)
    options: dict[str, Any] = {"maxsize": POOL, "timeout": TIMEOUT, "retries": False}
    if parts.scheme != "https":
        return urllib3.PoolManager(**options)
    # The machine's own certificates, and certifi's for a machine that has none.
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(certifi.where())
    options["ssl_context"] = trusted
    proxy = getproxies().get("https")
    if proxy and not proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy, **options)
    return urllib3.PoolManager(**options)


def _read(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
