"""Sealing of addresses and texts, and the keyed hash that finds an address again.

Texts are sealed with Fernet (AES-128-CBC and HMAC-SHA256, https://github.com/fernet/spec) under
the first of the configured keys; any of the keys opens. Addresses are found by a keyed
BLAKE2b-256 (RFC 7693) over channel and address, so that nobody who holds only a dump can
enumerate phone numbers.
"""

import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings.environment import environment


class SealError(Exception):
    """A sealed value cannot be opened with any of HAKI_SEALING_KEYS."""


class Sealer:
    """Seals and opens texts; the first key seals, all keys open."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Raise SealError when a key is not 32 url-safe base64 bytes."""
        try:
            self._fernet = MultiFernet([Fernet(key.removeprefix("demo-")) for key in keys])
        except ValueError as error:
            raise SealError(
                "HAKI_SEALING_KEYS holds a key that is not a Fernet key; "
                "make one with `haki new_sealing_key`."
            ) from error

    def seal(self, text: str) -> bytes:
        """Return `text` sealed under the newest key."""
        return self._fernet.encrypt(text.encode("utf-8"))

    def open(self, token: bytes) -> str:
        """Return the text; raise SealError when no key fits or the token was changed."""
        try:
            return self._fernet.decrypt(token).decode("utf-8")
        except InvalidToken as error:
            raise SealError(
                "A stored text cannot be opened: is the key that sealed it "
                "still in HAKI_SEALING_KEYS?"
            ) from error

    def reseal(self, token: bytes) -> bytes:
        """Return the same text sealed under the newest key, its time stamp kept."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken as error:
            raise SealError("A stored text cannot be opened with any key.") from error


@lru_cache(maxsize=1)
def sealer() -> Sealer:
    """Return this process's sealer."""
    return Sealer(environment().sealing_keys)


def lookup_hash(channel: str, address: str, key: str) -> str:
    """Return 64 hex digits that stand for `address` on `channel` under `key`."""
    secret = hashlib.sha256(key.encode("utf-8")).digest()
    message = f"{channel}\x00{address}".encode()
    return hashlib.blake2b(message, digest_size=32, key=secret).hexdigest()
