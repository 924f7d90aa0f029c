"""Languages: which texts a card must have, how they stand to the English one, and its questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from bot.library.cards import ASKED
from bot.library.errors import Mistake
from bot.library.lint.scope import Scope, card_file, text_file
from bot.library.model import Card

FEWEST_QUESTIONS = 3
MOST_QUESTIONS = 12
LEAST_IN_SCRIPT = 0.35
"""Share of letters: a title may hold the name of an agency or a law in another script."""

_LETTER = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"[\p{Latin}&&\p{L}]", regex.V1)
_SCRIPTS = {
    "ar": regex.compile(r"[\p{Arabic}&&\p{L}]", regex.V1),
    "zh": regex.compile(r"[\p{Han}&&\p{L}]", regex.V1),
    "am": regex.compile(r"[\p{Ethiopic}&&\p{L}]", regex.V1),
    "ne": regex.compile(r"[\p{Devanagari}&&\p{L}]", regex.V1),
}


def check_languages(scope: Scope) -> Iterator[Mistake]:
    """A card exists in every language that its country's migrants read."""
    for card in scope.cards:
        for language in card.country_languages:
            if language not in card.texts:
                reason = f"cards of {card.country} need {language}.md"
                yield Mistake(f"cards/{card.id}/{language}.md", "", reason, "languages")


def check_translations(scope: Scope) -> Iterator[Mistake]:
    """A translation was made from the English text that stands there now, and says how."""
    for card, text in scope.texts():
        file = text_file(card, text)
        if text.language == "en":
            if text.status != "original":
                reason = "en.md is what the others are made from: `original`"
                yield Mistake(file, "status", reason, "translation")
            continue
        if text.status == "original":
            reason = "a translation is `machine`, `checked` or `reviewed`"
            yield Mistake(file, "status", reason, "translation")
        if text.stale:
            english = card.texts["en"].version
            reason = f"made from {text.source_hash or 'an unknown text'}, English is now {english}"
            yield Mistake(file, "source_hash", reason, "stale")


def check_scripts(scope: Scope) -> Iterator[Mistake]:
    """A text stands in its language's script, and a translation is not the English again."""
    for card, text in scope.texts():
        file, english = text_file(card, text), card.texts["en"]
        parts = [("title", text.title, english.title), ("sms", text.sms, english.sms)]
        parts += [
            (f"## {name}", part, english.sections.get(name, ""))
            for name, part in text.sections.items()
        ]
        for place, part, source in parts:
            if text.language != "en" and part == source:
                yield Mistake(file, place, "is the English text", "translation")
            elif _share_in_script(part, text.language) < LEAST_IN_SCRIPT:
                yield Mistake(file, place, f"is not written in {text.language}", "translation")


def _share_in_script(part: str, language: str) -> float:
    """Share of letters of the language's script; names of laws and services may be in another."""
    script = _SCRIPTS.get(language, _LATIN)
    letters = len(_LETTER.findall(part))
    return len(script.findall(part)) / letters if letters else 1.0


def check_questions(scope: Scope) -> Iterator[Mistake]:
    """Each text has its people's own questions."""
    for card in scope.cards:
        for language in card.texts:
            count = len(card.questions.get(language, ()))
            if not FEWEST_QUESTIONS <= count <= MOST_QUESTIONS:
                reason = f"{count} questions, between {FEWEST_QUESTIONS} and {MOST_QUESTIONS}"
                yield Mistake(card_file(card), f"questions.{language}", reason, "questions")


def check_owners(scope: Scope) -> Iterator[Mistake]:
    """No question, and nothing of `asked.yml`, leads to two cards of a shelf or stands twice."""
    owners: dict[tuple[str, str, str], str] = {}
    for card in scope.cards:
        for file, place, questions in _asked_with(card):
            language = place.rpartition(".")[2]
            if language not in card.texts:
                yield Mistake(file, place, f"there is no {language}.md", "questions")
            for question in questions:
                key = (card.country, language, question.casefold().strip(" ?.!"))
                owner = owners.get(key)
                owners[key] = card.id
                if owner == card.id:
                    yield Mistake(file, place, f"`{question}` stands twice", "questions")
                elif owner is not None:
                    reason = f"`{question}` is a question of {owner} too"
                    yield Mistake(file, place, reason, "questions")


def _asked_with(card: Card) -> Iterator[tuple[str, str, Sequence[str]]]:
    """File, place in it, and what is asked there."""
    for language, questions in card.questions.items():
        yield card_file(card), f"questions.{language}", questions
    for language, questions in card.asked.items():
        yield f"cards/{card.id}/{ASKED}", language, questions
