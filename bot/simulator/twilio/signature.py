"""X-Twilio-Signature, from the sending side (protocols.md 1.2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlsplit, urlunsplit


def signed_url(url: str) -> str:
    """The URL that is signed: without user, password and override fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def signature(auth_token: str, url: str, fields: list[tuple[str, str]]) -> str:
    """Signature of a form post to `url`: names in byte order, value after name, HMAC-SHA1."""
    joined = "".join(name + value for name, value in sorted(fields))
    mac = hmac.new(auth_token.encode(), (signed_url(url) + joined).encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()
