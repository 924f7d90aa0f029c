"""Answering a question on a topic: the place first if it is needed, then the card."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker

from actions import card_replies, places
from actions.base import HakiAction
from actions.menus import ask_country, ask_stage, titles_menu, topics_menu, topics_page
from actions.phrasebook import reply
from actions.shelf import library
from actions.speaker import Speaker
from actions.turn import Turn
from bot.library import Card, Found
from bot.understanding.cards import LEAST_TOPIC

# A second card this close to the first is offered beside it.
NEARLY_AS_GOOD = 0.35
MOST_ALSO = 2
# A second topic at least this likely is a second question of the message. Below it, a grave topic
# does not go before a likelier one.
SECOND_TOPIC = 0.25
GRAVE = ("violence", "trafficking")
# Of a topic that was picked without words, so many titles are offered.
MOST_TITLES = 8


class Answer(HakiAction):
    """Answers a message that is about one of the topics."""

    action_name = "action_answer"

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        return answer_topic(turn, main_topic(turn), turn.text, speaker)


class ChooseTopic(HakiAction):
    """Answers a topic that was picked from a menu."""

    action_name = "action_choose_topic"
    reads_words = False

    def respond(self, turn: Turn, tracker: Tracker, speaker: Speaker) -> dict[str, Any]:
        return answer_topic(turn, turn.parameters.get("topic", ""), "", speaker)


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


def answer_topic(turn: Turn, topic: str, words: str, speaker: Speaker) -> dict[str, Any]:
    """Say the best card on `topic`, or ask for what the answer depends on."""
    if topic not in library().topics:
        speaker.say(topics_menu(turn, "menu.text"))
        return {"asked": None}
    country = places.country_for_answer(turn)
    shares = likely_topics(turn) if words else {}
    waiting = {"topic": topic}
    if not country:
        speaker.say(ask_country(turn))
        return {**waiting, "asked": "country"}
    found = library().find(
        topic={**shares, topic: max(shares.values())} if shares else topic,
        country=country,
        origin=turn.origin or _home(turn, country),
        stage=turn.stage or None,
        text=words or None,
        language=turn.language,
        limit=MOST_TITLES,
    )
    if not found:
        speaker.say(topics_menu(turn, "menu.nothing"))
        return {**waiting, "asked": None}
    if _stage_decides(turn, country, found):
        speaker.say(ask_stage(turn))
        return {**waiting, "asked": "stage", "country": country}
    ordered = _here_first(found)
    local = [item.card for item in ordered if item.card.country == country]
    if not words and len(local) > 1:
        speaker.say(titles_menu(turn, local))
        return {**waiting, "asked": None}
    second = [name for name, share in shares.items() if name != topic and share >= SECOND_TOPIC]
    return {**waiting, **_say_card(turn, country, ordered, topic, second, speaker)}


def main_topic(turn: Turn) -> str:
    """Return the topic to answer first: the likeliest, or a graver one that is nearly as likely."""
    shares = likely_topics(turn)
    if turn.intent in shares:
        shares[turn.intent] = max(shares.values())
    graver = [name for name in GRAVE if shares.get(name, 0.0) >= SECOND_TOPIC]
    return graver[0] if graver else max(shares, key=lambda name: shares[name], default="")


def likely_topics(turn: Turn) -> dict[str, float]:
    """Return the topics that the words of `turn` may be about; their shares add up to about 1."""
    known = library().topics
    shares = {name: share for name, share in turn.ranking if name in known}
    total = sum(shares.values()) or 1.0
    return {n: s / total for n, s in shares.items() if s / total >= LEAST_TOPIC}


def _say_card(
    turn: Turn,
    country: str,
    found: Sequence[Found],
    topic: str,
    second: Sequence[str],
    speaker: Speaker,
) -> dict[str, Any]:
    found = _calm_first(found)
    card = found[0].card
    if country == places.ELSEWHERE and turn.country not in ("", places.ELSEWHERE):
        speaker.say(reply(turn, "notice", "country.no_shelf"))
    also = _also(found, topic, second, anywhere=country == places.ELSEWHERE)
    speaker.say(card_replies.first_answer(turn, card, also))
    return {
        "card": card.id,
        "part": 0,
        "topic": card.topic,
        "asked": None,
        **({"country": country} if not turn.country else {}),
    }


def _here_first(found: Sequence[Found]) -> Sequence[Found]:
    """Put cards of the country of origin behind what holds where the person is.

    What the law at home says to foreigners there does not answer someone who left it.
    """
    return [
        *(item for item in found if item.why != "origin"),
        *(item for item in found if item.why == "origin"),
    ]


def _calm_first(found: Sequence[Found]) -> Sequence[Found]:
    """Put the emergency card behind the others of its shelf: who asks calmly wants the rule."""
    first = found[0]
    calm = [item for item in found if item.why == first.why and not item.card.emergency]
    if not first.card.emergency or not calm:
        return found
    return [calm[0], *(item for item in found if item is not calm[0])]


def _also(found: Sequence[Found], topic: str, second: Sequence[str], anywhere: bool) -> list[Card]:
    """Return what to offer beside the first card: the best one on a `second` topic of the same
    message, the other end of a corridor, the international card on `topic` where the first one is
    about another, and nearly as good ones.

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
        if item.why == "international" and item.card.topic == topic != best.card.topic
    ]
    asked_too = [
        item.card
        for item in others
        if item.why != "origin"
        and item.card.topic in second
        and not set(second) & set(best.card.topics)
    ]
    offered = {card.id: card for card in (*asked_too[:1], *home[:1], *own[:1], *near)}
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
