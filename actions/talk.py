"""The rest of a conversation: greetings, who we are, help, yes and no, when unsure."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker

from actions import welcome
from actions.answer import answer
from actions.base import HakiAction
from actions.commands import command
from actions.menus import topics_menu
from actions.phrasebook import option, reply
from actions.profile import resume
from actions.question import asked_in
from actions.reading import take_feedback
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn


class Greet(HakiAction):
    """Says who we are; to someone who knows it, offers the topics."""

    action_name = "action_greet"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        if turn.welcomed:
            speaker.say(topics_menu(turn, "greet.again"))
            return {"asked": None}
        speaker.say(welcome.reply(turn, alone=True))
        speaker.effect("welcomed")
        return {"asked": None, "welcomed": True, "language": turn.language}


class WhoAreYou(HakiAction):
    """Says who answers, what it costs, what is kept."""

    action_name = "action_who_are_you"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        options = [option(turn, "menu", command("menu")), option(turn, "person", command("human"))]
        speaker.say(reply(turn, "help", "who.text", options))
        return {}


class Help(HakiAction):
    """Says what can be written, and shows the topics."""

    action_name = "action_help"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        options = [
            option(turn, "menu", command("menu")),
            option(turn, "language", command("language_change")),
            option(turn, "person", command("human")),
        ]
        speaker.say(reply(turn, "help", "help.text", options))
        return {"asked": None}


class Thanks(HakiAction):
    """Takes thanks."""

    action_name = "action_thanks"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(reply(turn, "goodbye", "thanks.text"))
        return {"asked": None}


class Bye(HakiAction):
    """Says goodbye."""

    action_name = "action_bye"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(reply(turn, "goodbye", "bye.text"))
        return {"asked": None}


class YesOrNo(HakiAction):
    """Takes a bare yes or no: it answers what was asked last, if anything was."""

    action_name = "action_yes_or_no"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        asked = tracker.get_slot("asked")
        card = library().cards.get(str(tracker.get_slot("card") or ""))
        if asked == "useful" and card is not None:
            take_feedback(turn, card, turn.intent == "affirm", speaker)
            return {"asked": None}
        if asked in ("country", "stage"):
            return resume(turn, tracker, speaker)
        speaker.say(topics_menu(turn, "menu.text"))
        return {"asked": None}


class OutOfScope(HakiAction):
    """Says what we do not answer, and what we do."""

    action_name = "action_out_of_scope"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(topics_menu(turn, "out_of_scope.text"))
        return {"asked": None}


class ReportDiscrimination(HakiAction):
    """Answers with what the law gives; there is no report form yet, and we say so."""

    action_name = "action_report_discrimination"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        speaker.say(reply(turn, "notice", "report.not_yet"))
        return answer(turn, replace(asked_in(turn), topic="discrimination"), speaker)
