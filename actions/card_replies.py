"""A card as the replies of a conversation: the short answer first, the rest in parts."""

from collections.abc import Sequence

from actions import contacts
from actions.commands import command
from actions.phrasebook import option, text
from actions.places import country_for_answer, name_of
from actions.shelf import library
from actions.turn import Turn
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
    sms_lines = [*note, words.sms, _footing(turn, card, words, short=True)]
    rich = [*note, words.title, words.sections["law"], _section(turn, words, "do")]
    rich.append(_footing(turn, card, words, short=False))
    return Reply(
        kind="card",
        text="\n\n".join(rich),
        sms="\n".join(line for line in sms_lines if line),
        language=language,
        options=_menu(turn, also),
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
        whole = "\n".join(_section(turn, words, name) for name in SMS_REST)
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


def _footing(turn: Turn, card: Card, words: Text, short: bool) -> str:
    """Say the law, the day it was checked, and that a draft is a draft."""
    source = card.sources[0]
    serving = library().serving(card)
    key = "card.draft" if serving.draft else "card.checked"
    status = text(turn, f"{key}.short" if short else key, date=source.read_on)
    place = name_of(card.country, turn.language)
    lines = [f"{place}." if short else _source_line(turn, card, place), status]
    if words.status == "machine" and not short:
        lines.append(text(turn, "card.machine"))
    if serving.overdue:
        lines.append(text(turn, "card.overdue", date=card.review.due.isoformat()))
    return (" " if short else "\n").join(lines)


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
