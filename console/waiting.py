"""Who waits for a person, as the console shows it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.channels.names import Channel
from bot.library import Library
from bot.messaging.models import WishForPerson
from bot.settings.environment import environment
from console.aliases import alias

MOST = 200
CHANNELS = {Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp", Channel.TELEGRAM: "Telegram"}


@dataclass(frozen=True)
class WaitingPerson:
    """One row of the list. Nothing in it leads back to a phone number."""

    alias: str
    channel: str
    language: str
    topic: str
    country: str
    urgent: bool
    since: datetime


@lru_cache(maxsize=1)
def _library() -> Library:
    return Library.load(environment().content_dir)


def waiting_people() -> list[WaitingPerson]:
    """Return at most 200 people who asked for a person: urgent first, then longest waiting.

    A person who asked more than once stands there once, since the first time.
    """
    wishes = WishForPerson.objects.select_related("contact").order_by("-urgent", "created_at")
    seen: dict[str, WaitingPerson] = {}
    for wish in wishes.iterator():
        name = alias(wish.contact.pk)
        if name not in seen:
            seen[name] = _row(name, wish)
        if len(seen) == MOST:
            break
    return list(seen.values())


def _row(name: str, wish: WishForPerson) -> WaitingPerson:
    topics, countries = _library().topics, _library().countries
    return WaitingPerson(
        alias=name,
        channel=CHANNELS[Channel(wish.contact.channel)],
        language=wish.language,
        topic=topics[wish.topic].label_in("en") if wish.topic in topics else "",
        country=countries[wish.country].name_in("en") if wish.country in countries else "",
        urgent=wish.urgent,
        since=wish.created_at,
    )
