"""X-Twilio-Signature (https://www.twilio.com/docs/usage/security): made and checked.

The signature covers the public URL byte for byte and every form field; it proves origin, not
freshness, so repeated deliveries are told apart by MessageSid (bot.messaging.inbox).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl

from bot.channels.incoming import MalformedPayload

# The longest form that Twilio documents is far below this (bytes).
MAX_BODY = 64 * 1024
# A bound on the number of fields, against hash-flooding forms.
MAX_FIELDS = 200


def sign(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """Return the signature of a request to `url` with form `fields` under `token`."""
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode("utf-8"), text.encode("utf-8"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


def is_genuine(
    token: str, url: str, fields: Iterable[tuple[str, str]], signature: str | None
) -> bool:
    """Tell in constant time whether `signature` is Twilio's for this request."""
    if not token or not signature or not signature.isascii():
        return False
    return hmac.compare_digest(sign(token, url, fields), signature)


def read_form(body: bytes) -> list[tuple[str, str]]:
    """Return the form's fields in order, blank ones kept (they are signed too).

    Raises MalformedPayload when the body is not an UTF-8 form, or has too many fields.
    """
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:
        raise MalformedPayload(
            f"The body is not a UTF-8 form of at most {MAX_FIELDS} fields."
        ) from error
