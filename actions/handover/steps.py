"""The questions between the offer and the consent: name, hours, care, code word.

In danger none of them is asked: the consent follows the offer at once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actions.handover import words
from actions.handover.offer import plain, with_contacts
from actions.handover.state import Answered, State
from actions.phrasebook import option, reply, text
from actions.places import ELSEWHERE, country_for_answer
from actions.shelf import library, phrases
from actions.speaker import Speaker
from actions.turn import Turn

WORDING = "handover.consent"
# From this confidence on, words that could be a name are taken as a question.
A_QUESTION = 0.6
HOURS = {"any": "", "day": "08:00-18:00", "evening": "18:00-22:00"}
Slots = dict[str, Any]
_ASKED: Slots = {"asked": "handover"}


def take_option(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    """Go on after an option was chosen."""
    return _OPTIONS[given.step](turn, given, speaker)


def take_words(turn: Turn, asked: Answered, speaker: Speaker) -> Slots | None:
    """Go on after the question `asked` was answered in words; None when they are no answer."""
    reader = _WORDS.get(asked.step)
    return reader(turn, asked.state, speaker) if reader else None


def knows(step: str) -> bool:
    """Tell whether `step` is one of ours."""
    return step in _OPTIONS


def _shared(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    if given.answer == "none":
        return _refuse(turn, given.state, speaker)
    state = given.state.having(share=given.answer)
    if state.urgency == "danger":
        return ask_consent(turn, state, speaker)
    return _ask_name(turn, state, speaker)


def _ask_name(turn: Turn, state: State, speaker: Speaker) -> Slots:
    options = [option(turn, "no_name", state.option("name", "none"))]
    speaker.say(plain(turn, "handover.ask_name", options))
    return _ASKED


def _named(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    return _ask_hours(turn, given.state, speaker)


def _named_in_words(turn: Turn, state: State, speaker: Speaker) -> Slots | None:
    called_by = "" if turn.intent == "deny" else words.name(turn.text)
    asks = turn.intent in library().topics and turn.confidence > A_QUESTION
    if asks or not (called_by or turn.intent == "deny"):
        return None
    return _ask_hours(turn, state.having(called_by=called_by), speaker)


def _ask_hours(turn: Turn, state: State, speaker: Speaker) -> Slots:
    options = [option(turn, f"hours.{name}", state.option("hours", name)) for name in HOURS]
    speaker.say(plain(turn, "handover.ask_hours", options))
    return _ASKED


def _timed(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    return _ask_care(turn, given.state.having(hours=HOURS.get(given.answer, "")), speaker)


def _timed_in_words(turn: Turn, state: State, speaker: Speaker) -> Slots | None:
    hours = words.hours(turn.text)
    return _ask_care(turn, state.having(hours=hours), speaker) if hours else None


def _ask_care(turn: Turn, state: State, speaker: Speaker) -> Slots:
    options = [
        option(turn, f"care.{name}", state.option("care", name))
        for name in ("none", "neutral", "code")
    ]
    speaker.say(plain(turn, "handover.ask_care", options))
    return _ASKED


def _cared(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    state = given.state.having(neutral=given.answer in ("neutral", "code"))
    if given.answer == "code":
        return _ask_code(turn, state, speaker, "handover.ask_code")
    return ask_consent(turn, state, speaker)


def _cared_in_words(turn: Turn, state: State, speaker: Speaker) -> Slots | None:
    if turn.intent not in ("affirm", "deny"):
        return None
    return ask_consent(turn, state.having(neutral=turn.intent == "affirm"), speaker)


def _ask_code(turn: Turn, state: State, speaker: Speaker, key: str) -> Slots:
    options = [option(turn, "no_code", state.option("code", "none"))]
    speaker.say(plain(turn, key, options))
    return _ASKED


def _coded(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    return ask_consent(turn, given.state, speaker)


def _coded_in_words(turn: Turn, state: State, speaker: Speaker) -> Slots | None:
    word = words.code_word(turn.text)
    if not word:
        return _ask_code(turn, state, speaker, "handover.code_taken")
    speaker.say(reply(turn, "notice", "handover.code_set"))
    return ask_consent(turn, state.having(code_word=word), speaker)


def ask_consent(turn: Turn, state: State, speaker: Speaker) -> Slots:
    """Ask for consent in so many words: who gets what, for what, and how to end it."""
    what = text(turn, f"handover.what.{state.share}")
    options = [
        option(turn, "yes", state.option("consent", "yes")),
        option(turn, "no", state.option("consent", "no")),
    ]
    speaker.say(plain(turn, WORDING, options, partner=state.partner_name, what=what))
    return _ASKED


def _consented(turn: Turn, given: Answered, speaker: Speaker) -> Slots:
    if given.answer != "yes":
        return _refuse(turn, given.state, speaker)
    return _open(turn, given.state, speaker)


def _consented_in_words(turn: Turn, state: State, speaker: Speaker) -> Slots | None:
    if turn.intent == "affirm":
        return _open(turn, state, speaker)
    return _refuse(turn, state, speaker) if turn.intent == "deny" else None


def _open(turn: Turn, state: State, speaker: Speaker) -> Slots:
    opened = reply(
        turn,
        "case_opened",
        "handover.opened",
        [option(turn, "case_end", "/case_end")],
        partner=state.partner_name,
    )
    more = text(turn, "handover.go_on")
    speaker.say(replace(opened, text=f"{opened.text} {more}"))
    country = country_for_answer(turn)
    speaker.effect(
        "open_case",
        partner=state.partner,
        share=state.share,
        topic=state.topic,
        country="" if country == ELSEWHERE else country,
        origin=turn.origin,
        stage=turn.stage,
        language=turn.language,
        urgency=state.urgency,
        called_by=state.called_by,
        question="",
        safe_hours=state.hours,
        neutral=state.neutral,
        code_word=state.code_word,
        **_wording(turn),
    )
    return {"asked": None}


def _refuse(turn: Turn, state: State, speaker: Speaker) -> Slots:
    speaker.say(with_contacts(turn, "directory", "handover.refused", state.topic))
    speaker.effect(
        "refuse_case",
        partner=state.partner,
        share=state.share,
        language=turn.language,
        **_wording(turn),
    )
    return {"asked": None}


def _wording(turn: Turn) -> dict[str, str]:
    asked = phrases().template(WORDING, turn.language)
    return {
        "wording": WORDING,
        "wording_version": hashlib.sha256(asked.encode("utf-8")).hexdigest()[:12],
    }


_OPTIONS: dict[str, Callable[[Turn, Answered, Speaker], Slots]] = {
    "share": _shared,
    "name": _named,
    "hours": _timed,
    "care": _cared,
    "code": _coded,
    "consent": _consented,
}
_WORDS: dict[str, Callable[[Turn, State, Speaker], Slots | None]] = {
    "name": _named_in_words,
    "hours": _timed_in_words,
    "care": _cared_in_words,
    "code": _coded_in_words,
    "consent": _consented_in_words,
}
