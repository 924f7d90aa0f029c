"""What codes are called on the pages, in the reader's language."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot.channels.names import Channel
from bot.library import Library
from bot.settings.environment import environment
from console.models import Role, Share, Status, Urgency

CHANNELS: Final = {Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp", Channel.TELEGRAM: "Telegram"}
STATUSES: Final[dict[str, Promise]] = {
    Status.OPEN: gettext_lazy("Open"),
    Status.PENDING: gettext_lazy("Waits for the person"),
    Status.SNOOZED: gettext_lazy("Snoozed"),
    Status.RESOLVED: gettext_lazy("Resolved"),
}
URGENCIES: Final[dict[int, Promise]] = {
    Urgency.DANGER: gettext_lazy("Danger"),
    Urgency.HIGH: gettext_lazy("Urgent"),
    Urgency.NORMAL: gettext_lazy("Normal"),
}
SHARES: Final[dict[str, Promise]] = {
    Share.CONVERSATION: gettext_lazy("The conversation"),
    Share.SUMMARY: gettext_lazy("A summary"),
    Share.QUESTION: gettext_lazy("Only the question"),
}
ROLES: Final[dict[str, Promise]] = {
    Role.COORDINATOR: gettext_lazy("Coordinator"),
    Role.CASE_WORKER: gettext_lazy("Case worker"),
    Role.ANALYST: gettext_lazy("Analyst (reads only)"),
}
STAGES: Final[dict[str, Promise]] = {
    "before_departure": gettext_lazy("Before leaving"),
    "in_transit": gettext_lazy("On the way"),
    "at_destination": gettext_lazy("At destination"),
    "return": gettext_lazy("Going back"),
}
OBSTACLES: Final[dict[str, Promise]] = {
    "safe_hours": gettext_lazy("Outside the hours that are safe for this person: a reply waits."),
    "quiet_hours": gettext_lazy("It is night where the person is: a reply waits until 7:00."),
    "hidden": gettext_lazy("The person said that somebody is looking: nothing goes out."),
    "neutral_first": gettext_lazy("First goes a neutral message; your reply waits for an answer."),
    "window": gettext_lazy("WhatsApp is closed: an invitation goes first, your reply waits."),
    "opted_out": gettext_lazy("The person stopped all messages: a reply cannot be sent."),
    "withdrawn": gettext_lazy("The person took the consent back: nothing can be sent."),
    "resolved": gettext_lazy("The case is resolved: reopen it to write."),
    "unreachable": gettext_lazy("The number or chat does not exist any more."),
}


@lru_cache(maxsize=1)
def library() -> Library:
    """Return this process's edition of content/."""
    return Library.load(environment().content_dir)


def reader() -> str:
    """Return the code of the language in which pages speak now."""
    return translation.get_language() or "en"


def topic(code: str) -> str:
    """Return what a topic is called."""
    known = library().topics.get(code)
    return known.label_in(reader()) if known else _("No topic")


def country(code: str) -> str:
    """Return a country's name; the code itself for one that we do not know."""
    known = library().countries.get(code)
    return known.name_in(reader()) if known else code


def language(code: str) -> str:
    """Return a language's name."""
    return _language_in(reader(), code) or code.upper() or _("unknown")


@lru_cache(maxsize=500)
def _language_in(reader_code: str, code: str) -> str | None:
    try:
        return Locale.parse(reader_code).languages.get(Locale.parse(code).language)
    except (UnknownLocaleError, ValueError):
        return None


def channel(code: str) -> str:
    """Return a channel's name."""
    return CHANNELS.get(Channel(code), code)


def stage(code: str) -> str:
    """Return what a stage of the journey is called, '' for none."""
    return str(STAGES.get(code, ""))


def span(length: timedelta) -> str:
    """Return a length of time in at most two units, such as `2 h 10 min`. Never negative."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    return _("%(minutes)s min") % {"minutes": rest}


def waits(since: datetime | None, now: datetime) -> str:
    """Return how long somebody waits, '' when nobody does."""
    return span(now - since) if since else ""
