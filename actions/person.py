"""Asking for a person, and going on after a choice on the way to one."""

from typing import Any

from rasa_sdk import Tracker

from actions.base import HakiAction
from actions.handover import steps
from actions.handover.offer import offer
from actions.handover.state import from_command
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn


class Human(HakiAction):
    """Offers the partner that fits; without one says so and gives contacts."""

    action_name = "action_human"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        topic = str(tracker.get_slot("topic") or "")
        return offer(turn, topic, bool(turn.danger) or _was_in_danger(tracker), speaker)


class Handover(HakiAction):
    """Takes what was chosen on the way to a person; offers anew what cannot be read."""

    action_name = "action_handover"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        given = from_command(turn)
        if given is None or not steps.knows(given.step):
            return offer(turn, str(tracker.get_slot("topic") or ""), False, speaker)
        return steps.take_option(turn, given, speaker)


def _was_in_danger(tracker: Tracker) -> bool:
    """Tell whether the last answer was an emergency: whoever asks for a person then is urgent."""
    card = library().cards.get(str(tracker.get_slot("card") or ""))
    return card is not None and card.emergency
