"""Asking for a person: the wish is recorded, and what works today is given at once."""

from typing import Any

from rasa_sdk import Tracker

from actions import places
from actions.base import HakiAction
from actions.commands import command
from actions.phrasebook import option, text
from actions.reading import general_helpers
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
            urgent=bool(turn.danger),
        )
        return {"asked": None}
