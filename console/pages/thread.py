"""The lines of a case, made ready for the page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot.messaging.models import State
from console.cases.writing import BLOT
from console.models import CaseEntry, EntryKind, Sending
from console.pages import words
from console.pages.happenings import happening

_RUNS = re.compile(f"{BLOT}+|[^{BLOT}]+")
TICKS: Final = {State.SENT: "✓", State.DELIVERED: "✓✓", State.READ: "✓✓", State.FAILED: "✕"}
STATES: Final[dict[str, Promise]] = {
    State.QUEUED: gettext_lazy("on its way"),
    State.SENDING: gettext_lazy("on its way"),
    State.SENT: gettext_lazy("sent"),
    State.DELIVERED: gettext_lazy("delivered"),
    State.READ: gettext_lazy("read"),
    State.FAILED: gettext_lazy("not delivered"),
}


@dataclass(frozen=True)
class Piece:
    """A run of text, or of letters that were blotted out."""

    text: str
    masked: bool


@dataclass(frozen=True)
class Line:
    """One line of the thread."""

    pk: int
    at: datetime
    classes: str
    who: str = ""
    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    state: str = ""
    ticks: str = ""
    card: str = ""
    day: str = ""
    system: bool = False
    maskable: bool = False


@dataclass(frozen=True)
class Thread:
    """What the page folds (the bot's part before the case) and what follows."""

    bot_lines: list[Line]
    lines: list[Line]


def thread(entries: Iterable[CaseEntry], alias: str) -> Thread:
    """Return the lines of a case, oldest first, with a heading where a new day begins."""
    bot_lines: list[Line] = []
    lines: list[Line] = []
    last_day = None
    for entry in entries:
        if entry.kind == EntryKind.BOT:
            bot_lines.append(_line(entry, alias, ""))
            continue
        day = timezone.localdate(entry.created_at)
        heading = formats.date_format(day, "DATE_FORMAT") if day != last_day else ""
        last_day = day
        lines.append(_line(entry, alias, heading))
    return Thread(bot_lines, lines)


def _line(entry: CaseEntry, alias: str, day: str) -> Line:
    if entry.kind == EntryKind.SYSTEM:
        state, classes = _sending(entry)
        text = happening(entry)
        return Line(
            pk=entry.pk,
            at=entry.created_at,
            classes=f"system {classes}",
            text=f"{text} – {state}" if state and "not-sent" in classes else text,
            day=day,
            system=True,
        )
    state, classes = _sending(entry)
    ours = entry.kind == EntryKind.BOT and not entry.said_by_person
    return Line(
        pk=entry.pk,
        at=entry.created_at,
        classes=" ".join(filter(None, [entry.kind, classes, "ours" if ours else ""])),
        who=_who(entry, alias),
        pieces=pieces(entry.text),
        state=state,
        ticks=_ticks(entry),
        card=_("card %(name)s") % {"name": entry.card} if entry.card else "",
        day=day,
        maskable=entry.kind in {EntryKind.INBOUND, EntryKind.REPLY, EntryKind.NOTE, EntryKind.BOT},
    )


def pieces(text: str) -> list[Piece]:
    """Cut a text into what can be read and what was blotted out."""
    runs = _RUNS.findall(text)
    return [Piece(run, run.startswith(BLOT)) for run in runs]


def _ticks(entry: CaseEntry) -> str:
    if not _has_message(entry):
        return ""
    return TICKS.get(State(entry.message_state), "")  # type: ignore[attr-defined]


def _has_message(entry: CaseEntry) -> bool:
    state = getattr(entry, "message_state", None)
    return entry.sending == Sending.HANDED_OVER and state is not None


def _sending(entry: CaseEntry) -> tuple[str, str]:
    """Return where something of ours stands, in words, and the style that shows it."""
    if entry.sending == Sending.WAITING:
        return _("on its way"), ""
    if entry.sending == Sending.HELD:
        until = ""
        if entry.held_until:
            until = timezone.localtime(entry.held_until).strftime(" (%d.%m. %H:%M)")
        return _("Waits: ") + str(words.OBSTACLES.get(entry.reason, entry.reason)) + until, "held"
    if entry.sending == Sending.NOT_SENT:
        why = str(words.OBSTACLES.get(entry.reason, entry.reason))
        return _("Not sent: ") + why, "not-sent"
    if _has_message(entry):
        state = str(entry.message_state)  # type: ignore[attr-defined]
        failed = state == State.FAILED
        error = f" ({entry.message_error})" if failed else ""  # type: ignore[attr-defined]
        return f"{STATES.get(state, state)}{error}", "failed" if failed else ""
    return "", ""


def _who(entry: CaseEntry, alias: str) -> str:
    if entry.kind == EntryKind.NOTE:
        name = entry.author.name if entry.author else ""
        return _("Private note by %(name)s") % {"name": name}
    if entry.kind == EntryKind.INBOUND or entry.said_by_person:
        return alias
    return entry.author.name if entry.author else "Haki"
