"""Options as an outgoing row keeps them, and read back."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.outgoing import Option


def to_store(options: Sequence[Option]) -> list[dict[str, str]]:
    """Return `options` as plain values for a row's details."""
    return [{"title": o.title, "payload": o.payload, "short": o.short} for o in options]


def stored_options(details: Mapping[str, Any]) -> list[Option]:
    """Return the options that stand in a row's details."""
    return read_options(details["options"])


def read_options(stored: Sequence[Mapping[str, str]]) -> list[Option]:
    """Return options that `to_store` made storable."""
    return [Option(o["title"], o["payload"], o["short"]) for o in stored]
