"""What Haki says to a person about their case, in their language."""

import json
from typing import Any

from bot.channels.outgoing import Option, Reply
from bot.library.phrases import phrases
from bot.settings.environment import environment


def known_language(language: str) -> str:
    """Return the language if Haki speaks it, else English."""
    return language if language in phrases(environment().content_dir).languages else "en"


def phrase(key: str, language: str, **values: object) -> str:
    """Return the phrase `key`."""
    return phrases(environment().content_dir).get(key, known_language(language), **values)


def say(
    kind: str, key: str, language: str, options: tuple[Option, ...] = (), **values: object
) -> Reply:
    """Return a reply of `kind` that says the phrase `key`."""
    text = phrase(key, language, **values)
    return Reply(kind=kind, text=text, language=known_language(language), options=options)


def option(key: str, language: str, command: str, **parameters: Any) -> Option:
    """Return the option `option.<key>` that means `command` with its parameters."""
    return Option(
        title=phrase(f"option.{key}", language),
        payload=f"/{command}{json.dumps(parameters)}" if parameters else f"/{command}",
        short=phrase(f"option.{key}.short", language),
    )


def with_partner(partner: str, language: str) -> Reply:
    """Return where messages go now, and how to end that."""
    options = (option("case_keep", language, "case_keep"), option("case_end", language, "case_end"))
    return say("notice", "case.with_partner", language, options, partner=partner)


def rating(case: str, partner: str, language: str) -> Reply:
    """Return the one question after a case is closed."""
    options = (
        option("case_good", language, "case_rate", case=case, rating="good"),
        option("case_bad", language, "case_rate", case=case, rating="bad"),
    )
    return say("feedback", "case.rating", language, options, partner=partner)


def export(case: str, partner: str, language: str) -> Reply:
    """Return the question whether a file may be made of the case."""
    options = (
        option("yes", language, "case_export", case=case, answer="yes"),
        option("no", language, "case_export", case=case, answer="no"),
    )
    return say("ask_consent", "case.export_ask", language, options, partner=partner)


def referral(referral_id: int, partner: str, other: str, share: str, language: str) -> Reply:
    """Return the question whether another organisation may take over."""
    options = (
        option("yes", language, "case_refer", referral=str(referral_id), answer="yes"),
        option("no", language, "case_refer", referral=str(referral_id), answer="no"),
    )
    what = phrase(f"handover.what.{share}", language)
    names = {"partner": partner, "other": other, "what": what}
    return say("ask_consent", "case.refer_ask", language, options, **names)
