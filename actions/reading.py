"""Reading on in a card: more, who can help, was it useful."""

from typing import Any

from rasa_sdk import Tracker

from actions import card_replies
from actions.base import HakiAction
from actions.commands import command
from actions.directory import who_can_help
from actions.menus import topics_menu
from actions.phrasebook import option, reply
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.channels.outgoing import Option
from bot.library import Card


def _current(tracker: Tracker) -> Card | None:
    return library().cards.get(str(tracker.get_slot("card") or ""))


class More(HakiAction):
    """Gives the next part of the card that was answered last."""

    action_name = "action_more"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        card = _current(tracker)
        number = int(tracker.get_slot("part") or 0) + 1
        next_part = card_replies.part(turn, card, number) if card else None
        if next_part is None:
            speaker.say(topics_menu(turn, "menu.end" if card else "menu.text"))
            return {"asked": None}
        speaker.say(next_part)
        return {"part": number, "asked": None}


class WhoCanHelp(HakiAction):
    """Names who can help, for the last card or for the country in general."""

    action_name = "action_who_can_help"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        card = _current(tracker)
        if card is not None and library().contacts(card):
            speaker.say(card_replies.helpers(turn, card))
        else:
            speaker.say(who_can_help(turn, "directory", ()))
        return {"asked": None}


class AskUseful(HakiAction):
    """Asks whether the answer was useful, or takes the answer to that."""

    action_name = "action_feedback"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        card = _current(tracker)
        useful = turn.parameters.get("useful", "")
        if card is None:
            speaker.say(topics_menu(turn, "menu.text"))
            return {"asked": None}
        if useful not in ("yes", "no"):
            speaker.say(reply(turn, "feedback", "feedback.ask", _yes_no(turn)))
            return {"asked": "useful"}
        take_feedback(turn, card, useful == "yes", speaker)
        return {"asked": None}


def _yes_no(turn: Turn) -> list[Option]:
    return [
        option(turn, "yes", command("feedback", useful="yes")),
        option(turn, "no", command("feedback", useful="no")),
    ]


def take_feedback(turn: Turn, card: Card, useful: bool, speaker: Speaker) -> None:
    """Record whether `card` was useful, and say thanks or what else there is."""
    language, _ = card.text_for(card_replies.languages_of(turn))
    speaker.effect(
        "feedback",
        card=card.id,
        version=card.version_of(language),
        language=language,
        useful=useful,
    )
    key = "feedback.thanks" if useful else "feedback.sorry"
    options = [option(turn, "menu", command("menu")), option(turn, "person", command("human"))]
    speaker.say(reply(turn, "feedback", key, options))
