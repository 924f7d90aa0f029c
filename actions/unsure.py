"""When Haki is not sure what is meant: the best guesses, then the topics, then a person."""

from typing import Any

from rasa_sdk import Tracker

from actions.commands import command
from actions.menus import topics_menu
from actions.phrasebook import option, reply
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.channels.outgoing import Option

# Below this share of the best intent the guess is more often wrong than right
# (docs/decisions/0010-understanding.md).
UNSURE = 0.3
# How many guesses are offered.
GUESSES = 2


def is_unsure(turn: Turn) -> bool:
    """Tell whether the words of `turn` could mean several things. A place heard is no doubt."""
    return turn.confidence < UNSURE and not (turn.here or turn.heard_stage)


def clarify(turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
    """Offer the two best guesses; the second time in a row, the topics and a person."""
    if tracker.get_slot("asked") == "clarify":
        speaker.say(topics_menu(turn, "clarify.again"))
        return {"asked": "clarified"}
    topics = library().topics
    guesses = [topics[name] for name in turn.topics if name in topics][:GUESSES]
    options = [
        Option(topic.label_in(turn.language), command("choose_topic", topic=topic.id))
        for topic in guesses
    ]
    options.append(option(turn, "other_topics", command("menu")))
    speaker.say(reply(turn, "clarify", "clarify.text", options))
    return {"asked": "clarify"}
