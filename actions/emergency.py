"""Danger: the local emergency contacts and one safe next step, before any question."""

from typing import Any

from actions import contacts
from actions.commands import command
from actions.phrasebook import option, text
from actions.places import ELSEWHERE, country_for_answer, country_of_prefix, name_of
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.channels.outgoing import Reply
from bot.library import Contact

EMERGENCY_CONTACTS = 3
# Which contacts fit which danger, as topics of the directory.
TOPICS = {
    "violence": ("violence",),
    "captivity": ("trafficking", "violence"),
    "trafficking": ("trafficking", "violence"),
    "arrest": ("detention", "deportation"),
    "medical": ("health",),
    "self_harm": ("health", "violence"),
    "missing_child": ("family", "violence"),
}


def respond(turn: Turn, speaker: Speaker) -> dict[str, Any]:
    """Say whom to call now and one safe step, then offer a person."""
    country = country_for_answer(turn) or country_of_prefix(turn) or ELSEWHERE
    topics = TOPICS.get(turn.danger, ("violence",))
    chosen = _whom_to_call(country, topics, turn.language)
    local = [] if any(c.kind == "emergency" for c in chosen) else [text(turn, "emergency.local")]
    heading = text(turn, "emergency.call", country=name_of(country, turn.language))
    step = text(turn, f"emergency.step.{turn.danger if turn.danger in TOPICS else 'violence'}")
    card = library().emergency_card(country)
    language, _ = card.text_for([turn.language])
    options = [
        option(turn, "person", command("human")),
        option(turn, "more", command("choose_card", card=card.id)),
    ]
    if country == ELSEWHERE:
        options.append(option(turn, "country", command("change_country")))
    speaker.say(
        Reply(
            kind="emergency",
            text="\n".join([heading, *local, *contacts.lines(turn, chosen, False), step]),
            sms="\n".join([heading, *local, *contacts.lines(turn, chosen, True), step]),
            language=turn.language,
            options=tuple(options),
            card=card.id,
            card_version=card.version_of(language),
        )
    )
    return {"card": card.id, "part": 0, "topic": card.topic, "asked": None}


def _whom_to_call(country: str, topics: tuple[str, ...], language: str) -> list[Contact]:
    """Return emergency numbers first, then who fits the danger and can be reached."""
    fitting = library().directory(country, topics=topics, language=language)
    first = [contact for contact in fitting if contact.kind == "emergency"]
    others = contacts.reachable([c for c in fitting if c.kind != "emergency"])
    return [*first, *others][:EMERGENCY_CONTACTS]
