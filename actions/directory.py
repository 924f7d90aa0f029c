"""The directory's contacts for a person, as a reply."""

from actions import contacts, places
from actions.commands import command
from actions.phrasebook import option, text
from actions.shelf import library
from actions.turn import Turn
from bot.channels.outgoing import Reply


def who_can_help(turn: Turn, kind: str, topics: tuple[str, ...]) -> Reply:
    """Return the directory's contacts for the person's country, fitting `topics` first."""
    country = places.country_for_answer(turn) or places.country_of_prefix(turn)
    code = country or places.ELSEWHERE
    found = contacts.reachable(
        library().directory(code, topics=topics, language=turn.language)
    ) or contacts.reachable(library().directory(places.ELSEWHERE, language=turn.language))
    heading = text(turn, "help.heading")
    most, few = contacts.MOST_CONTACTS, contacts.SMS_CONTACTS
    return Reply(
        kind=kind,
        text="\n".join([heading, *contacts.lines(turn, found[:most], False)]),
        sms="\n".join([heading, *contacts.lines(turn, found[:few], True)]),
        language=turn.language,
        options=(option(turn, "menu", command("menu")),),
    )
