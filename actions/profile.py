"""Country, stage and language: asked when needed, changed at any time."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker

from actions import places, welcome
from actions.answer import answer
from actions.base import HakiAction
from actions.menus import ask_country, ask_stage, topics_menu
from actions.phrasebook import reply
from actions.question import taken_up
from actions.shelf import library, phrases
from actions.speaker import Speaker
from actions.turn import Turn
from bot.library import STAGES


def resume(turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
    """Answer the question that waited for a place or a stage, or ask what the question is.

    A new place makes the last question new as well: "no, I am in Jordan now".
    """
    topic = str(tracker.get_slot("topic") or "")
    moved = bool(turn.here) and turn.here != tracker.get_slot("country")
    if topic and (moved or tracker.get_slot("asked") in ("country", "stage")):
        waited = taken_up(topic, turn.question, tracker.get_slot("asked_about"))
        return answer(turn, waited, speaker)
    speaker.say(topics_menu(turn, "menu.text"))
    return {"asked": None}


class Inform(HakiAction):
    """Takes a bare answer: a country, a stage, or both; `places` has read it already."""

    action_name = "action_inform"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        heard = turn.here or turn.heard_stage or turn.heard_origin
        asked = tracker.get_slot("asked")
        if not heard and asked == "country":
            speaker.say(ask_country(turn))
            return {"asked": "country"}
        if not heard and asked == "stage":
            speaker.say(ask_stage(turn))
            return {"asked": "stage"}
        return resume(turn, tracker, speaker)


class SetCountry(HakiAction):
    """Takes a country that was picked from a menu."""

    action_name = "action_set_country"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        country = turn.parameters.get("country", "")
        if country not in library().countries:
            speaker.say(ask_country(turn))
            return {"asked": "country"}
        origin = places.country_of_prefix(turn)
        changes: dict[str, Any] = {"country": country}
        if origin and origin != country and not turn.origin:
            changes["origin"] = origin
        return {**changes, **resume(turn.with_profile(**changes), tracker, speaker)}


class ChangeCountry(HakiAction):
    """Asks for the country again."""

    action_name = "action_change_country"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(ask_country(turn))
        return {"asked": "country"}


class SetStage(HakiAction):
    """Takes a stage that was picked from a menu."""

    action_name = "action_set_stage"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        stage = turn.parameters.get("stage", "")
        if stage not in STAGES:
            speaker.say(ask_stage(turn))
            return {"asked": "stage"}
        return {"stage": stage, **resume(turn.with_profile(stage=stage), tracker, speaker)}


class SetLanguage(HakiAction):
    """Changes the language, and goes on in it."""

    action_name = "action_set_language"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        language = turn.parameters.get("language", "")
        if language not in phrases().languages:
            speaker.say(reply(turn, "clarify", "language.ask", welcome.language_options()))
            return {"asked": "language"}
        changed = turn.with_profile(language=language)
        if tracker.get_slot("asked") in ("country", "stage") and tracker.get_slot("topic"):
            speaker.say(reply(changed, "language_set", "language.set"))
            return {"language": language, **resume(changed, tracker, speaker)}
        menu = topics_menu(changed, "language.set_and_ask")
        speaker.say(replace(menu, kind="language_set"))
        return {"language": language}


class LanguageChange(HakiAction):
    """Shows the languages."""

    action_name = "action_language_change"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(reply(turn, "clarify", "language.ask", welcome.language_options()))
        return {"asked": "language"}
