"""`haki content`: what editors do with the library, as functions over arguments and a stream.

Each function prints for people, or JSON with `--json`, and returns the exit status: 0 when all is
well, 1 when something is to be mended. Nothing here needs a running service.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TextIO

from bot.library import coverage, coverage_report, export, picture, sheet, stamp, treaty_report
from bot.library.changes import Change, as_lines, cards_at, changes, changes_since_version
from bot.library.edition import Edition, read_edition
from bot.library.errors import ContentError, UnknownTextError
from bot.library.history import Archive, HistoryError, find_text
from bot.library.lint import check
from bot.library.model import Card
from bot.library.serving import GRACE, serving

DEFAULT_CONTENT = Path(__file__).resolve().parents[2] / "content"


class UsageError(Exception):
    """The arguments name something that is not there; the message says what."""


@dataclass(frozen=True)
class Request:
    """One run of a command: its arguments, where to print, and what day it is."""

    options: argparse.Namespace
    out: TextIO
    today: date

    def say(self, line: str = "") -> None:
        """Print one line."""
        self.out.write(line + "\n")

    def say_json(self, value: object) -> None:
        """Print a value as JSON, letters of all scripts as they are."""
        self.say(json.dumps(value, ensure_ascii=False, indent=2))

    @property
    def root(self) -> Path:
        """The content folder."""
        return Path(self.options.content)

    def edition(self) -> Edition:
        """The edition; raises ContentError when it has mistakes of form."""
        mistakes: list[Any] = []
        edition = read_edition(self.root, mistakes)
        if mistakes:
            raise ContentError(mistakes)
        return edition

    def archive(self) -> Archive | None:
        """The archive that the arguments name."""
        return Archive(Path(self.options.archive)) if self.options.archive else None

    def card(self, edition: Edition) -> Card:
        """The card that the arguments name."""
        try:
            return edition.cards[self.options.card]
        except KeyError:
            raise UsageError(f"there is no card {self.options.card}") from None


def add_arguments(parser: argparse.ArgumentParser) -> argparse._SubParsersAction[Any]:
    """Add the commands to `parser`; returns the group, so that a caller can add its own."""
    parser.add_argument("--content", default=str(DEFAULT_CONTENT), help="the content folder")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (function, text, arguments) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        for flags, settings in arguments:
            command.add_argument(*flags, **settings)
        command.set_defaults(function=function)
    return commands


def run(options: argparse.Namespace, out: TextIO, errors: TextIO, today: date) -> int:
    """Run the command in `options`; what goes wrong becomes a sentence on `errors` and status 1."""
    try:
        return int(options.function(Request(options, out, today)))
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        return 0
    except (UsageError, HistoryError, UnknownTextError, ContentError, OSError) as error:
        errors.write(f"{error}\n")
        return 1


def main(arguments: list[str] | None = None) -> int:
    """Entry point of `python -m bot.library`, for editors without the rest of Haki."""
    parser = argparse.ArgumentParser(prog="haki content", description=__doc__)
    add_arguments(parser)
    today = datetime.now(tz=timezone.utc).date()
    return run(parser.parse_args(arguments), sys.stdout, sys.stderr, today)


def _check(request: Request) -> int:
    mistakes = check(request.root, request.today)
    if request.options.only:
        mistakes = [m for m in mistakes if m.file.startswith(request.options.only)]
    if request.options.json:
        request.say_json([asdict(mistake) for mistake in mistakes])
        return int(bool(mistakes))
    for mistake in mistakes:
        request.say(str(mistake))
    if mistakes:
        counts = Counter(mistake.rule for mistake in mistakes).most_common()
        request.say(f"{len(mistakes)} mistakes: " + ", ".join(f"{rule} {n}" for rule, n in counts))
        return 1
    edition = read_edition(request.root, [])
    texts = sum(len(card.texts) for card in edition.cards.values())
    contacts = sum(len(shelf) for shelf in edition.contacts.values())
    request.say(f"{len(edition.cards)} cards, {texts} texts, {contacts} contacts: no mistake")
    return 0


def _coverage(request: Request) -> int:
    edition = request.edition()
    if request.options.picture:
        Path(request.options.picture).write_text(picture.svg(edition), encoding="utf-8")
    if request.options.json:
        request.say_json(coverage.as_json(edition))
    else:
        for line in coverage_report.lines(edition, request.options.country):
            request.say(line)
    missing = [gap for gap in coverage.gaps(edition) if gap.required and not gap.missing]
    return int(any(not gap.fallback for gap in missing))


def _stale(request: Request) -> int:
    edition = request.edition()
    horizon = request.today + timedelta(days=request.options.days)
    due = sorted(
        (card for card in edition.cards.values() if card.review.due <= horizon),
        key=lambda card: (card.review.due, card.id),
    )
    old = [
        (card, text)
        for card in edition.cards.values()
        for text in card.texts.values()
        if text.stale
    ]
    if request.options.json:
        request.say_json(
            {
                "due": [
                    {"card": card.id, "due": str(card.review.due), "state": _state(card, request)}
                    for card in due
                ],
                "translations": [
                    {"card": card.id, "language": text.language} for card, text in old
                ],
            }
        )
        return 0
    for card in due:
        request.say(f"{card.review.due}  {_state(card, request):9}  {card.id}")
    for card, text in old:
        request.say(f"translation older than its English: {card.id} {text.language}")
    request.say(
        f"{len(due)} cards fall due by {horizon}, {len(old)} translations are behind their English"
    )
    return 0


def _state(card: Card, request: Request) -> str:
    state = serving(card, request.today)
    if state.withheld == "overdue":
        return "withdrawn"
    if state.overdue:
        return f"warned until {card.review.due + GRACE}"
    return "served"


def _diff(request: Request) -> int:
    edition = request.edition()
    found = _changes(request, edition)
    if request.options.json:
        request.say_json([asdict(change) for change in found])
        return 0
    for change in found:
        for line in as_lines(change):
            request.say(line)
    cards = len({change.card_id for change in found})
    request.say(f"{len(found)} changes for readers in {cards} cards since {request.options.since}")
    return 0


def _changes(request: Request, edition: Edition) -> list[Change]:
    """Since a git revision; since a text's version where one card is named and git knows none."""
    since, named = request.options.since, request.options.cards
    try:
        found = changes(cards_at(edition, since), edition.cards)
        return [change for change in found if not named or change.card_id in named]
    except HistoryError:
        if len(named) != 1 or not _VERSION.match(since) or named[0] not in edition.cards:
            raise
    card = edition.cards[named[0]]
    for language in card.texts:
        try:
            old = find_text(edition, card.id, language, since, request.archive())
        except UnknownTextError:
            continue
        return list(changes_since_version(card, old))
    raise UnknownTextError(f"{since} is no git revision and no version of a text of {card.id}")


def _treaties(request: Request) -> int:
    edition = request.edition()
    country = request.options.country.upper()
    if country not in edition.countries:
        raise UsageError(f"there is no country {country}")
    topics = [request.options.topic] if request.options.topic else list(edition.topics)
    if not set(topics) <= set(edition.topics):
        raise UsageError(f"there is no topic {topics[0]}")
    views = [edition.treaties.view(country, topic) for topic in topics]
    if request.options.json:
        request.say_json([asdict(view) for view in views])
        return 0
    for view in views:
        for line in treaty_report.lines(view):
            request.say(line)
    return 0


def _export(request: Request) -> int:
    text = json.dumps(export.as_json(request.edition()), ensure_ascii=False, indent=1)
    return _write(request, text + "\n", request.options.output)


def _show(request: Request) -> int:
    edition = request.edition()
    language = request.options.language
    if not request.options.at:
        card = request.card(edition)
        if language not in card.texts:
            raise UsageError(f"{card.id} has no text in {language}: {', '.join(card.texts)}")
    version = request.options.at or edition.cards[request.options.card].version_of(language)
    if request.options.card.partition("/")[0].upper() not in edition.countries:
        raise UsageError(f"there is no shelf for {request.options.card}")
    kept = find_text(edition, request.options.card, language, version, request.archive())
    if request.options.json:
        request.say_json(asdict(kept))
        return 0
    request.say(f"{kept.card_id} ({kept.language}), text {kept.version}, card {kept.card_version}")
    request.say(f"status: {kept.status}; found in {kept.where}")
    for name, part in (("title", kept.title), ("label", kept.label), ("sms", kept.sms)):
        request.say(f"{name}: {part}")
    request.say(f"\n{kept.body}")
    return 0


def _sheet(request: Request) -> int:
    edition = request.edition()
    page = sheet.html(edition, request.card(edition), request.today)
    return _write(request, page, request.options.output)


def _stamp(request: Request) -> int:
    folders = [request.root / "cards" / card for card in request.options.cards]
    for folder in folders:
        if not (folder / "en.md").exists():
            raise UsageError(f"there is no {folder / 'en.md'}")
        for path in stamp.stamp(folder):
            request.say(f"{path.parent.parent.name}/{path.parent.name} {path.stem}: stamped")
    return 0


def _keep(request: Request) -> int:
    added = Archive(Path(request.options.archive)).keep(request.edition())
    request.say(f"{added} texts added to {request.options.archive}")
    return 0


def _write(request: Request, text: str, output: str) -> int:
    if output:
        Path(output).write_text(text, encoding="utf-8")
        request.say(f"wrote {output}")
    else:
        request.out.write(text)
    return 0


_Arguments = list[tuple[tuple[str, ...], dict[str, Any]]]
_CARD: _Arguments = [(("card",), {"help": "a card's id, such as mys/passport-kept"})]
_JSON: _Arguments = [(("--json",), {"action": "store_true", "help": "print JSON"})]
_OUTPUT: _Arguments = [(("--output",), {"default": "", "help": "write to this file"})]
_ARCHIVE_HELP = "file of texts that were served (see `keep`)"
_ARCHIVE: tuple[tuple[str, ...], dict[str, Any]] = (
    ("--archive",),
    {"default": "", "help": _ARCHIVE_HELP},
)
_VERSION = re.compile(r"[0-9a-f]{12}$")

COMMANDS: dict[str, tuple[Callable[[Request], int], str, _Arguments]] = {
    "check": (
        _check,
        "Check every rule; list every mistake with file, place and reason.",
        [(("only",), {"nargs": "?", "default": "", "help": "only files that begin so"}), *_JSON],
    ),
    "coverage": (
        _coverage,
        "Show what is answered, by country, topic, stage and language, and the gaps.",
        [
            (("--country",), {"default": "", "help": "one country in detail, such as MYS"}),
            (("--picture",), {"default": "", "help": "write a picture (SVG) to this file"}),
            *_JSON,
        ],
    ),
    "stale": (
        _stale,
        "List cards whose review falls due, and translations behind their English.",
        [(("--days",), {"type": int, "default": 30, "help": "how far to look ahead"}), *_JSON],
    ),
    "diff": (
        _diff,
        "Show what changed for readers since a git revision, or since a card's version.",
        [
            (("since",), {"help": "a commit, a tag, HEAD~5; or the version of one card's text"}),
            (("cards",), {"nargs": "*", "help": "only these cards"}),
            _ARCHIVE,
            *_JSON,
        ],
    ),
    "treaties": (
        _treaties,
        "Show which treaties stand behind the rights in a country, with dates and confidence.",
        [
            (("country",), {"help": "such as MYS"}),
            (("topic",), {"nargs": "?", "default": "", "help": "one topic, such as wages"}),
            *_JSON,
        ],
    ),
    "export": (_export, "Write the whole edition as open JSON, with its licence.", _OUTPUT),
    "show": (
        _show,
        "Show a card's text, as it is or as it was sent.",
        [
            *_CARD,
            (("--at",), {"default": "", "help": "the version that was sent (12 hex digits)"}),
            (("--language",), {"default": "en"}),
            _ARCHIVE,
            *_JSON,
        ],
    ),
    "sheet": (
        _sheet,
        "Write a printable review sheet that a lawyer can sign without git.",
        [*_CARD, *_OUTPUT],
    ),
    "stamp": (
        _stamp,
        "Write into translations which English text they were made from.",
        [(("cards",), {"nargs": "+", "help": "ids of the cards whose translations are done"})],
    ),
    "keep": (
        _keep,
        "Add the texts of this edition to the archive of a deployment.",
        [(("archive",), {"help": _ARCHIVE_HELP})],
    ),
}
"""Name to function, description and arguments."""
