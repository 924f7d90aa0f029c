"""Asking for a person: the wish is recorded, and what works today is given at once."""

from typing import Any

from rasa_sdk import Tracker

from actions import places
from actions.base import HakiAction
from actions.commands import command
from actions.phrasebook import option, text
from actions.reading import general_helpers
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.channels.outgoing import Reply


class Human(HakiAction):
    """Says honestly that no partner is connected yet, and whom to reach instead."""

    action_name = "action_human"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        topic = str(tracker.get_slot("topic") or "")
        contacts = general_helpers(turn, "offer_human", (topic,) if topic else ())
        opening = text(turn, "human.recorded")
        speaker.say(
            Reply(
                kind="offer_human",
                text=f"{opening}\n\n{contacts.text}",
                sms=f"{opening}\n{contacts.sms}",
                language=turn.language,
                options=(option(turn, "menu", command("menu")),),
            )
        )
        speaker.effect(
            "wish",
            topic=topic,
            country=places.country_for_answer(turn),
            language=turn.language,
            urgent=bool(turn.danger) or _was_in_danger(tracker),
        )
        return {"asked": None}


def _was_in_danger(tracker: Tracker) -> bool:
    """Tell whether the last answer was an emergency: whoever asks for a person then is urgent."""
    card = library().cards.get(str(tracker.get_slot("card") or ""))
    return card is not None and card.emergency
