"""STOP, START and DELETE said in a sentence, and the confirmation of DELETE."""

from typing import Any

from rasa_sdk import Tracker

from actions.base import HakiAction
from actions.commands import command
from actions.menus import topics_menu
from actions.phrasebook import option, reply
from actions.speaker import Speaker
from actions.turn import Turn


class ExplainStop(HakiAction):
    """Says which word stops us; a sentence alone never opts a person out."""

    action_name = "action_explain_stop"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(reply(turn, "help", "reserved.how_to_stop"))
        return {}


class AskDelete(HakiAction):
    """Asks once before everything about the person is erased."""

    action_name = "action_delete_data"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        answer = turn.parameters.get("confirmed", "")
        if answer == "yes":
            speaker.say(reply(turn, "deleted", "delete.done"))
            speaker.effect("erase")
            return {"welcomed": False, "card": None, "topic": None, "asked": None}
        if answer == "no":
            speaker.say(topics_menu(turn, "delete.kept"))
            return {"asked": None}
        options = [
            option(turn, "delete_yes", command("delete_data", confirmed="yes")),
            option(turn, "delete_no", command("delete_data", confirmed="no")),
        ]
        speaker.say(reply(turn, "clarify", "delete.ask", options))
        return {"asked": "delete"}
