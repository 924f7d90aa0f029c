"""The first words: who we are, free, a bot, language, privacy, STOP."""

from actions.commands import command
from actions.phrasebook import text
from actions.shelf import phrases
from actions.turn import Turn
from bot.channels.outgoing import Option, Reply


def reply(turn: Turn, alone: bool) -> Reply:
    """Return the welcome. `alone`: nothing else is said, so it ends with a question and buttons.

    On SMS the languages are a row of codes that fit GSM-7; the numbers of the answer's own menu
    keep their meaning.
    """
    lines = [text(turn, "welcome.text"), text(turn, "welcome.privacy")]
    lines.append(text(turn, "welcome.stop"))
    codes = " ".join(code.upper() for code in phrases().languages)
    sms = [*lines, text(turn, "welcome.languages", codes=codes)]
    rich = [*lines] if alone else [*sms]
    if alone:
        sms.append(text(turn, "welcome.ask"))
        rich.append(text(turn, "welcome.ask"))
    return Reply(
        kind="welcome",
        text="\n".join(rich),
        sms=" ".join(sms),
        language=turn.language,
        options=language_options() if alone and turn.channel != "sms" else (),
    )


def language_options() -> tuple[Option, ...]:
    """Return one option for each language, in its own name."""
    return tuple(language_option(code) for code in phrases().languages)


def language_option(code: str) -> Option:
    """Return the option that changes to the language `code`, in its own name."""
    return Option(
        title=phrases().get("language.name", code),
        payload=command("set_language", language=code),
        short=code.upper(),
    )
