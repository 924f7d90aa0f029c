"""A card as the replies of a conversation: the short answer first, the rest in parts."""

from collections.abc import Sequence

from actions import contacts
from actions.commands import command
from actions.phrasebook import option, text
from actions.places import country_for_answer, name_of
from actions.shelf import library
from actions.turn import Turn
from bot.channels.layout import sms_segments
from bot.channels.outgoing import Option, Reply
from bot.channels.segments import reduce_to_gsm7, split_for_sms
from bot.library import INTERNATIONAL, Card, Text

# An SMS part of the rest of a card; each costs the reader's patience and our budget.
SMS_PART_SEGMENTS = 4
# Characters of a part on WhatsApp, whose messages with buttons hold 1,024.
RICH_PART = 950
# Treaties named behind a card; the first ones are those that fit its topic best.
MOST_TREATIES = 4
RICH_FIRST = ("law", "do")
RICH_REST = ("who", "help", "care")
SMS_REST = ("do", "law", "who", "care")


def languages_of(turn: Turn) -> list[str]:
    """Return the languages to show a card in, best first."""
    return [code for code in (turn.language, turn.second_language, "en") if code]


def first_answer(turn: Turn, card: Card, also: Sequence[Card] = ()) -> Reply:
    """Return the card's short answer with its menu; `also` are other cards that may fit."""
    language, words = card.text_for(languages_of(turn))
    note = _language_note(turn, language)
    options = _menu(turn, also)
    rich = [*note, words.title, words.sections["law"], _section(turn, words, "do")]
    rich.append(_footing(turn, card, words))
    return Reply(
        kind="card",
        text="\n\n".join(rich),
        sms=_short_answer(turn, card, [*note, words.sms], options, language),
        language=language,
        options=options,
        card=card.id,
        card_version=card.version_of(language),
    )


def part(turn: Turn, card: Card, number: int) -> Reply | None:
    """Return the part `number` (from 1) of what the first answer left out, None past the end."""
    language, words = card.text_for(languages_of(turn))
    pieces = _rest(turn, card, words, language)
    if not 1 <= number <= len(pieces):
        return None
    last = number == len(pieces)
    options = [] if last else [option(turn, "more", command("more"))]
    options.append(option(turn, "who", command("who_can_help")))
    if last:
        options += [option(turn, "useful", command("feedback"))]
    options.append(option(turn, "person", command("human")))
    return Reply(
        kind="card_part",
        text=pieces[number - 1],
        language=language,
        options=tuple(options),
        card=card.id,
        card_version=card.version_of(language),
    )


def _short_answer(
    turn: Turn, card: Card, lines: Sequence[str], options: tuple[Option, ...], language: str
) -> str:
    """Return the text of the first SMS: with place and date behind it where they cost nothing.

    Where they would cost a segment they follow with the rest of the card, on "more".
    """
    late = _late(turn, card)
    cheapest = "\n".join([*lines, *late])
    fewest = sms_segments(cheapest, options, language)
    for footing in (f"{_place(turn, card)} {_status(turn, card)}", _status(turn, card)):
        candidate = "\n".join([*lines, footing, *late])
        if sms_segments(candidate, options, language) <= fewest:
            return candidate
    return cheapest


def _menu(turn: Turn, also: Sequence[Card]) -> tuple[Option, ...]:
    options = [
        option(turn, "more", command("more")),
        option(turn, "who", command("who_can_help")),
        option(turn, "useful", command("feedback"), optional=True),
        option(turn, "person", command("human")),
    ]
    for card in also:
        _, words = card.text_for(languages_of(turn))
        options.append(Option(words.label, command("choose_card", card=card.id), optional=True))
    return tuple(options)


def _rest(turn: Turn, card: Card, words: Text, language: str) -> list[str]:
    if turn.channel == "sms":
        footing = f"{_place(turn, card)} {_status(turn, card)}"
        whole = "\n".join([footing, *(_section(turn, words, name) for name in SMS_REST)])
        return split_for_sms(reduce_to_gsm7(whole, language), SMS_PART_SEGMENTS)
    sections = [_section(turn, words, name) for name in RICH_REST if words.sections.get(name)]
    sections.append(_sources(turn, card))
    return _packed(sections)


def _packed(sections: Sequence[str]) -> list[str]:
    """Put sections together into as few parts as stay readable with buttons."""
    parts: list[str] = []
    for section in sections:
        if parts and len(parts[-1]) + len(section) + 2 <= RICH_PART:
            parts[-1] = f"{parts[-1]}\n\n{section}"
        else:
            parts.append(section)
    return parts


def _section(turn: Turn, words: Text, name: str) -> str:
    return f"{text(turn, f'section.{name}')}\n{words.sections[name]}"


def _language_note(turn: Turn, language: str) -> list[str]:
    return [] if language == turn.language else [text(turn, "card.other_language")]


def _footing(turn: Turn, card: Card, words: Text) -> str:
    """Say the law, the day it was checked, that a draft is a draft and a machine translated."""
    serving = library().serving(card)
    status = text(turn, "card.draft" if serving.draft else "card.checked", date=_read_on(card))
    lines = [_source_line(turn, card, name_of(card.country, turn.language)), status]
    if words.status == "machine":
        lines.append(text(turn, "card.machine"))
    return "\n".join([*lines, *_late(turn, card)])


def _place(turn: Turn, card: Card) -> str:
    return f"{name_of(card.country, turn.language)}."


def _status(turn: Turn, card: Card) -> str:
    """Return the shortest words for how far the card was checked, and when."""
    key = "card.draft.short" if library().serving(card).draft else "card.checked.short"
    return text(turn, key, date=_read_on(card))


def _late(turn: Turn, card: Card) -> list[str]:
    """Warn of a card that should have been checked again; never left out."""
    if not library().serving(card).overdue:
        return []
    return [text(turn, "card.overdue", date=card.review.due.isoformat())]


def _read_on(card: Card) -> str:
    return card.sources[0].read_on


def _source_line(turn: Turn, card: Card, place: str) -> str:
    source = card.sources[0]
    name = ", ".join(part for part in (source.instrument, source.provision) if part)
    return text(turn, "card.source", country=place, source=name)


def _sources(turn: Turn, card: Card) -> str:
    """Return every source of the card with how sure we are of it."""
    lines = [text(turn, "card.sources")]
    for source in card.sources:
        name = ", ".join(part for part in (source.instrument, source.provision) if part)
        sure = text(turn, f"confidence.{source.confidence}")
        lines.append(f"- {name} ({source.year}). {sure}, {source.read_on}.")
    return "\n".join([*lines, *_treaties(turn, card)])


def _treaties(turn: Turn, card: Card) -> list[str]:
    """Return the treaties on the card's topic that bind its country, with the date it joined."""
    binding = library().treaties(card.country, card.topic).binding[:MOST_TREATIES]
    if not binding:
        return []
    place = name_of(card.country, turn.language)
    names = [
        f"- {backing.name}" + (f" ({since})" if since else "")
        for backing in binding
        for since in [backing.commitment.since if backing.commitment else ""]
    ]
    return [text(turn, "card.treaties", country=place), *names]


def helpers(turn: Turn, card: Card) -> Reply:
    """Return who can help with what the card is about, numbers first.

    For a card that holds everywhere, those near the person come before the international ones.
    """
    named = library().contacts(card)
    if card.country == INTERNATIONAL:
        country = country_for_answer(turn)
        near = library().directory(country, topics=card.topics, language=turn.language)
        named = [*near, *named]
    found = contacts.reachable(named)
    language, _ = card.text_for(languages_of(turn))
    heading = text(turn, "help.heading")
    return Reply(
        kind="directory",
        text="\n".join([heading, *contacts.lines(turn, found[: contacts.MOST_CONTACTS], False)]),
        sms="\n".join([heading, *contacts.lines(turn, found[: contacts.SMS_CONTACTS], True)]),
        language=turn.language,
        options=(
            option(turn, "more", command("more")),
            option(turn, "person", command("human")),
        ),
        card=card.id,
        card_version=card.version_of(language),
    )
