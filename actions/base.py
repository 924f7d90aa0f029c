"""What every action does around its own part: danger first, the welcome, remembering."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import emergency, welcome
from actions.handover import steps
from actions.handover.state import from_question
from actions.places import place_changes
from actions.shelf import phrases
from actions.speaker import Speaker
from actions.turn import SHELL, SLOTS, Turn, read_turn
from actions.unsure import clarify, is_unsure


class HakiAction(Action):
    """An action that answers one turn.

    Subclasses set `action_name` and implement `respond`, which says its replies and returns
    slot changes as a dict.
    """

    action_name = ""
    # Commands that the person chose from a menu are not read for danger or places.
    reads_words = True

    def name(self) -> str:
        """Return the name under which the domain lists the action."""
        return self.action_name or "action_without_a_name"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer the turn in `tracker`."""
        turn = read_turn(tracker, phrases().languages)
        speaker = Speaker(dispatcher, in_shell=turn.channel == SHELL)
        slots: dict[str, Any] = {}
        if self.reads_words:
            turn, changes = place_changes(turn)
            slots.update(changes)
        if turn.danger and self.reads_words:
            slots.update(emergency.respond(turn, speaker))
        elif (taken := _to_a_person(turn, speaker)) is not None:
            slots.update(taken)
        elif self.reads_words and is_unsure(turn):
            slots.update(clarify(turn, tracker, speaker))
        else:
            slots.update(self.respond(turn, tracker, speaker))
        self._first_contact(turn, slots, speaker)
        if turn.other_language in phrases().languages:
            speaker.offer(welcome.language_option(turn.other_language))
        self._remember(turn, slots, speaker)
        speaker.flush()
        return [SlotSet(name, value) for name, value in slots.items()]

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        """Say the answer to `turn`; return the slots that change."""
        raise TypeError(f"{type(self).__name__} does not say how it responds")

    def _first_contact(self, turn: Turn, slots: dict[str, Any], speaker: Speaker) -> None:
        """Say once who we are. In danger the contacts come first and the welcome after them."""
        if turn.welcomed or "welcome" in speaker.kinds:
            return
        language = str(slots.get("language") or turn.language)
        hello = welcome.reply(turn.with_profile(language=language), alone=False)
        if "emergency" in speaker.kinds:
            return
        speaker.say_first(hello)
        speaker.effect("welcomed")
        slots["welcomed"] = True
        slots.setdefault("language", language)

    def _remember(self, turn: Turn, slots: dict[str, Any], speaker: Speaker) -> None:
        if turn.detected and not turn.language_known:
            slots.setdefault("language", turn.language)
        profile = {name: slots[name] for name in SLOTS if name in slots}
        if profile:
            speaker.effect("profile", **profile)


def _to_a_person(turn: Turn, speaker: Speaker) -> dict[str, Any] | None:
    """Take the words of `turn` as the answer to a question on the way to a person.

    None for commands, and for words that do not answer it.
    """
    asked = from_question(turn.pending)
    if asked is None or turn.text.startswith("/"):
        return None
    return steps.take_words(turn, asked, speaker)
