"""Saying which partner fits and why, and asking what it may see."""

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_datetime

from actions import places
from actions.commands import command
from actions.directory import who_can_help
from actions.handover.state import State
from actions.phrasebook import option, reply, text
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.channels.outgoing import Option, Reply
from bot.handover.routing import Choice, Need, Partner, choose

SHARES = ("conversation", "summary", "question")
# CLDR has no Haitian Creole; French words for the days are understood in Haiti.
_STAND_IN = {"ht": "fr"}


def offer(turn: Turn, topic: str, in_danger: bool, speaker: Speaker) -> dict[str, Any]:
    """Offer the partner that fits, or say honestly that there is none; return slot changes."""
    partners = [Partner.from_dict(told) for told in turn.partners]
    need = Need(
        country=places.country_for_answer(turn).replace(places.ELSEWHERE, ""),
        origin=turn.origin,
        topic=topic,
        language=turn.language,
        also_languages=(turn.second_language,) if turn.second_language else (),
        danger=in_danger,
    )
    choice = choose(need, partners, datetime.now(timezone.utc))
    if choice is None:
        speaker.say(nobody(turn, topic))
        speaker.effect(
            "unmet", topic=topic, country=need.country, language=turn.language, danger=in_danger
        )
        return {"asked": None}
    urgency = "danger" if in_danger else "high" if choice.sensitive else "normal"
    state = State(str(choice.partner.id), choice.partner.name, topic=topic, urgency=urgency)
    speaker.say(_question(turn, choice, state))
    return {"asked": "handover"}


def nobody(turn: Turn, topic: str) -> Reply:
    """Return the honest line that no group can answer, with whom to reach instead."""
    return with_contacts(turn, "offer_human", "human.nobody", topic)


def with_contacts(turn: Turn, kind: str, key: str, topic: str) -> Reply:
    """Return the phrase `key` followed by contacts of the directory."""
    contacts = who_can_help(turn, kind, (topic,) if topic else ())
    opening = text(turn, key)
    return Reply(
        kind=kind,
        text=f"{opening}\n\n{contacts.text}",
        sms=f"{opening}\n{contacts.sms}",
        language=turn.language,
        options=(option(turn, "menu", command("menu")),),
    )


def when(turn: Turn, choice: Choice) -> str:
    """Return whether the partner is there now, else from when, and what works until then."""
    if choice.open_now:
        return text(turn, "handover.open_now")
    if choice.next_open is None:
        return ""
    local = choice.next_open.astimezone(ZoneInfo(choice.partner.zone))
    shown = format_datetime(local, "EEEE HH:mm", locale=_locale(turn.language))
    numbers = _emergency_numbers(turn)
    then = [text(turn, "handover.open_next", time=shown)]
    if numbers:
        then.append(text(turn, "handover.until_then", numbers=numbers))
    return " ".join(then)


def _question(turn: Turn, choice: Choice, state: State) -> Reply:
    sentences = [
        text(turn, "handover.offer", partner=choice.partner.name),
        *_why(turn, choice),
        when(turn, choice),
        text(turn, "handover.share"),
    ]
    return Reply(
        kind="offer_human",
        text=" ".join(sentence for sentence in sentences if sentence),
        language=turn.language,
        options=(*_shares(turn, state), option(turn, "share.none", state.option("share", "none"))),
    )


def _shares(turn: Turn, state: State) -> Sequence[Option]:
    return [option(turn, f"share.{name}", state.option("share", name)) for name in SHARES]


def _why(turn: Turn, choice: Choice) -> list[str]:
    """Return the reasons as sentences; a country that has no name of ours is left out."""
    key, params = choice.reason.key, choice.reason.params
    said = []
    if key == "coordinating":
        said.append(text(turn, "handover.why.coordinating"))
    elif key in ("country", "origin"):
        code = params.get(key, "")
        if code in library().countries:
            phrase = "handover.why.stay" if key == "country" else "handover.why.origin"
            said.append(text(turn, phrase, country=places.name_of(code, turn.language)))
    if params.get("trained"):
        said.append(text(turn, "handover.why.sensitive"))
    return said


def _emergency_numbers(turn: Turn) -> str:
    country = places.country_for_answer(turn) or places.country_of_prefix(turn)
    if not country:
        return ""
    found = library().directory(country, kinds=("emergency",))
    return ", ".join(entry.phone for entry in found if entry.phone)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_STAND_IN.get(language, language))
    except UnknownLocaleError:
        return Locale("en")


def plain(turn: Turn, key: str, options: Sequence[Option], **values: object) -> Reply:
    """Return one question on the way to a person."""
    return reply(turn, "ask_consent", key, options, **values)
