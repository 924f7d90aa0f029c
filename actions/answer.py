"""Answering a question on a topic: the place first if it is needed, then the card."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker

from actions import card_replies, places
from actions.base import HakiAction
from actions.menus import ask_country, ask_stage, titles_menu, topics_menu, topics_page
from actions.phrasebook import reply
from actions.question import Question, asked_in, taken_up
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.library import Card, Found

# A second card this close to the first is offered beside it.
NEARLY_AS_GOOD = 0.35
MOST_ALSO = 2
# Who answers our question about the place asks another one only with so sure a topic.
SURELY_ASKED = 0.5
# Of a topic that was picked without words, so many titles are offered.
MOST_TITLES = 8


class Answer(HakiAction):
    """Answers a message that is about one of the topics."""

    action_name = "action_answer"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        return answer(turn, _waiting(turn, tracker) or asked_in(turn), speaker)


class ChooseTopic(HakiAction):
    """Answers a topic that was picked from a menu."""

    action_name = "action_choose_topic"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        return answer(turn, Question(turn.parameters.get("topic", "")), speaker)


class ChooseCard(HakiAction):
    """Gives a card that was picked from a menu."""

    action_name = "action_choose_card"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        card = library().cards.get(turn.parameters.get("card", ""))
        if card is None or not library().serving(card).served:
            speaker.say(topics_menu(turn, "menu.gone"))
            return {"asked": None}
        speaker.say(card_replies.first_answer(turn, card))
        return {"card": card.id, "part": 0, "topic": card.topic, "asked": None}


def _waiting(turn: Turn, tracker: Tracker) -> Question | None:
    """Return the question that waited for what these words tell, unless they surely ask another.

    "Me, I keep a stall in Daloa" answers "Which country?", though it also sounds like a question
    about a stall.
    """
    told = {"country": turn.here, "stage": turn.heard_stage}.get(tracker.get_slot("asked"), "")
    topic = str(tracker.get_slot("topic") or "")
    if not told or not topic or turn.confidence >= SURELY_ASKED:
        return None
    return taken_up(topic, turn.question, tracker.get_slot("asked_about"))


def answer(turn: Turn, question: Question, speaker: Speaker) -> dict[str, Any]:
    """Say the best card for `question`, or ask for what the answer depends on."""
    if question.topic not in library().topics:
        speaker.say(topics_menu(turn, "menu.text"))
        return {"asked": None}
    country = places.country_for_answer(turn)
    waiting = {"topic": question.topic, "asked_about": question.kept()}
    if not country:
        speaker.say(ask_country(turn))
        return {**waiting, "asked": "country"}
    found = _find(turn, country, question.topics, question.main_words)
    if not found:
        speaker.say(topics_menu(turn, "menu.nothing"))
        return {**waiting, "asked": None}
    if _stage_decides(turn, country, found):
        speaker.say(ask_stage(turn))
        return {**waiting, "asked": "stage", "country": country}
    ordered = found if country == places.ELSEWHERE else _here_first(found)
    local = [item.card for item in ordered if item.card.country == country]
    if not question.words and len(local) > 1:
        speaker.say(titles_menu(turn, local))
        return {**waiting, "asked": None}
    return {**waiting, **_say_card(turn, country, ordered, question, speaker)}


def _find(
    turn: Turn, country: str, topics: str | Mapping[str, float], words: str
) -> Sequence[Found]:
    return library().find(
        topic=topics,
        country=country,
        origin=turn.origin or _home(turn, country),
        stage=turn.stage or None,
        text=words or None,
        language=turn.language,
        limit=MOST_TITLES,
    )


def _say_card(
    turn: Turn, country: str, found: Sequence[Found], question: Question, speaker: Speaker
) -> dict[str, Any]:
    """Say the first of `found`; behind it the answer to a second question, which then has the
    menu, with the way back to the first."""
    card = found[0].card
    if country == places.ELSEWHERE and turn.country not in ("", places.ELSEWHERE):
        speaker.say(reply(turn, "notice", "country.no_shelf"))
    second = _second_card(turn, country, question)
    if second is not None and question.apart and second.id != card.id:
        speaker.say(replace(card_replies.first_answer(turn, card), options=()))
        speaker.say(card_replies.first_answer(turn, second, [card]))
        card = second
    else:
        also = _also(found, question, second, anywhere=country == places.ELSEWHERE)
        speaker.say(card_replies.first_answer(turn, card, also))
    return {
        "card": card.id,
        "part": 0,
        "topic": card.topic,
        "asked": None,
        **({"country": country} if not turn.country else {}),
    }


def _second_card(turn: Turn, country: str, question: Question) -> Card | None:
    """Return the best card for the second question of the same message, if it has one."""
    second = question.second
    if second is None or second.topic == question.topic:
        return None
    found = _find(turn, country, {second.topic: 1.0}, second.words_in(question.words))
    here = [item for item in _here_first(found) if second.topic in item.card.topics]
    return here[0].card if here else None


def _here_first(found: Sequence[Found]) -> Sequence[Found]:
    """Put cards of the country of origin behind what holds where the person is.

    What the law at home says to foreigners there does not answer someone who left it. Where the
    person is anywhere without a shelf, home often has the better answer, and words decide.
    """
    return [
        *(item for item in found if item.why != "origin"),
        *(item for item in found if item.why == "origin"),
    ]


def _also(
    found: Sequence[Found], question: Question, second: Card | None, anywhere: bool
) -> list[Card]:
    """Return what to offer beside the first card: the one for a `second` question, the other
    end of a corridor, the international card on the topic where the first one is about another,
    and nearly as good ones.

    Of the cards of the country of origin only one that the first card names: the editors join
    the two ends of a corridor by hand. Where the person is `anywhere` without a shelf, the best.
    """
    best, *others = found
    home = [
        item.card
        for item in others
        if item.why == "origin" and (anywhere or item.card.id in best.card.related)
    ]
    near = [
        item.card
        for item in others
        if item.why == best.why and best.score - item.score < NEARLY_AS_GOOD
    ]
    own = [
        item.card
        for item in others
        if item.why == "international" and item.card.topic == question.topic != best.card.topic
    ]
    asked_too = [second] if second is not None else []
    if not asked_too and not set(question.also) & set(best.card.topics):
        asked_too = [
            item.card
            for item in others
            if item.why != "origin" and item.card.topic in question.also
        ]
    offered = {card.id: card for card in (*asked_too[:1], *home[:1], *own[:1], *near)}
    offered.pop(best.card.id, None)
    return list(offered.values())[:MOST_ALSO]


def _home(turn: Turn, country: str) -> str | None:
    """Suppose the origin from the phone's prefix, so that a corridor's two ends are joined."""
    supposed = places.country_of_prefix(turn)
    return supposed if supposed and supposed != country else None


def _stage_decides(turn: Turn, country: str, found: Sequence[Found]) -> bool:
    """Tell whether the cards that fit differ by stage and nobody said which it is.

    In a country of destination a person is taken to be there; at home it makes a difference
    whether they have not left yet or have come back.
    """
    if turn.stage or "destination" in library().countries[country].roles:
        return False
    local = [item for item in found if item.card.country == country][:2]
    if len(local) < 2 or local[0].score - local[1].score > NEARLY_AS_GOOD:
        return False
    return not set(local[0].card.stages) & set(local[1].card.stages)


class Menu(HakiAction):
    """Shows the topics."""

    action_name = "action_menu"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        page = turn.parameters.get("page", "0")
        number = int(page) if page.isdigit() and int(page) < len(library().topics) else 0
        speaker.say(topics_page(turn, "menu.text", number))
        return {"asked": None}
