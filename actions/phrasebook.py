"""Replies made of Haki's own sentences."""

from collections.abc import Sequence

from actions.shelf import phrases
from actions.turn import Turn
from bot.channels.outgoing import Option, Reply


def text(turn: Turn, key: str, **values: object) -> str:
    """Return the phrase `key` in the language of the turn."""
    return phrases().get(key, turn.language, **values)


def reply(
    turn: Turn, kind: str, key: str, options: Sequence[Option] = (), **values: object
) -> Reply:
    """Return a reply of `kind` that says the phrase `key`."""
    return Reply(
        kind=kind,
        text=text(turn, key, **values),
        language=turn.language,
        options=tuple(options),
    )


def option(turn: Turn, key: str, payload: str, optional: bool = False) -> Option:
    """Return the menu option `option.<key>`, with its short form for SMS."""
    return Option(
        title=text(turn, f"option.{key}"),
        payload=payload,
        short=text(turn, f"option.{key}.short"),
        optional=optional,
    )
