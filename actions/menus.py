"""The questions and menus that several actions say."""

from collections.abc import Sequence

from actions import places
from actions.commands import command
from actions.phrasebook import option, reply, text
from actions.shelf import library
from actions.turn import Turn
from bot.channels.outgoing import Option, Reply
from bot.library import Card

# WhatsApp lists hold ten rows: nine countries and "another country", or eight topics, the next
# page and a person.
MOST_COUNTRIES = 9
PAGE = 8


def ask_country(turn: Turn) -> Reply:
    """Ask which country it is about, the likely ones first; any name can be typed too."""
    options = [
        Option(places.name_of(code, turn.language)[:24], command("set_country", country=code))
        for code in places.suggestions(turn)[:MOST_COUNTRIES]
    ]
    elsewhere = option(turn, "elsewhere", command("set_country", country=places.ELSEWHERE))
    return reply(turn, "ask_country", "ask.country", [*options, elsewhere])


def ask_stage(turn: Turn) -> Reply:
    """Ask where in the journey the person is."""
    options = [
        option(turn, f"stage.{stage}", command("set_stage", stage=stage))
        for stage in ("before_departure", "in_transit", "at_destination", "return")
    ]
    return reply(turn, "ask_stage", "ask.stage", options)


def titles_menu(turn: Turn, cards: Sequence[Card]) -> Reply:
    """Offer several cards by their short titles, for a topic that was picked without words."""
    options = []
    for card in cards:
        _, words = card.text_for([turn.language])
        options.append(Option(words.label, command("choose_card", card=card.id)))
    options.append(option(turn, "other_topics", command("menu")))
    return Reply(
        kind="menu",
        text=text(turn, "menu.which"),
        language=turn.language,
        options=tuple(options),
    )


def topics_menu(turn: Turn, key: str) -> Reply:
    """Return the topics as a menu: the most asked first, the rest behind `more topics`."""
    return topics_page(turn, key, 0)


def topics_page(turn: Turn, key: str, page: int) -> Reply:
    """Return one page of the topics, with the way to the next and to a person."""
    topics = list(library().topics.values())
    shown = topics[page * PAGE : (page + 1) * PAGE]
    options = [
        Option(topic.label_in(turn.language), command("choose_topic", topic=topic.id))
        for topic in shown
    ]
    if (page + 1) * PAGE < len(topics):
        options.append(option(turn, "more_topics", command("menu_page", page=str(page + 1))))
    options.append(option(turn, "person", command("human")))
    return Reply(kind="menu", text=text(turn, key), language=turn.language, options=tuple(options))
