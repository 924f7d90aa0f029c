"""`haki content`: the editors' commands, and a preview through the code that answers people.

Needs no engine and no setting but HAKI_CONTENT_DIR, so an editor can run it on any machine.
"""

import argparse
import os
import sys
from datetime import datetime, timezone
from pathlib import Path

from bot.channels.names import Channel
from bot.library import commandline


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the library's commands and `preview`."""
    commands = commandline.add_arguments(parser)
    content = os.environ.get("HAKI_CONTENT_DIR")
    if content:
        parser.set_defaults(content=content)
    text = "Show a card as each of the three phones does."
    preview = commands.add_parser("preview", help=text, description=text)
    preview.add_argument("card", help="a card's id, such as mys/passport-kept")
    preview.add_argument("--language", default="en")
    preview.add_argument("--channel", choices=[channel.value for channel in Channel])
    preview.add_argument("--html", default="", help="write a page to this file")
    preview.set_defaults(function=_preview)


def run(options: argparse.Namespace) -> int:
    """Run the command in `options`; returns its exit status."""
    today = datetime.now(tz=timezone.utc).date()
    return commandline.run(options, sys.stdout, sys.stderr, today)


def main(arguments: list[str]) -> int:
    """Run `haki content` with `arguments`, without Django."""
    parser = argparse.ArgumentParser(prog="haki content", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def _preview(request: commandline.Request) -> int:
    # The answering code reads its own edition when it is imported; that takes Rasa's SDK, which
    # the other commands do without.
    from actions.shelf import CONTENT
    from bot.management import card_preview

    if request.root.resolve() != CONTENT.resolve():
        raise commandline.UsageError("preview shows the edition in HAKI_CONTENT_DIR only")
    card = request.card(request.edition())
    language = request.options.language
    if request.options.html:
        page = card_preview.page(card, language)
        Path(request.options.html).write_text(page, encoding="utf-8")
        request.say(f"wrote {request.options.html}")
        return 0
    named = request.options.channel
    channels = [Channel(named)] if named else list(Channel)
    for line in card_preview.terminal(card, language, channels):
        request.say(line)
    return 0
