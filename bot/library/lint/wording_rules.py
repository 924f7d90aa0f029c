"""Wording: claims that no card may make, numbers that belong in the directory, reading ease."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from bot.library.errors import Mistake
from bot.library.lint.scope import Claim, Scope, text_file
from bot.library.model import INTERNATIONAL, Text
from bot.library.reading_ease import grade, sentences, words

_FEWEST_DIGITS = 7
MOST_WORDS = 20
"""Words in one English sentence; what stands in parentheses is not counted."""
HIGHEST_GRADE = 7.0
"""Flesch-Kincaid grade of a whole card: about a twelve-year-old reader."""

_SENTENCE = re.compile(r"[^.!?。！？।።؟\n]+[.!?。！？।።؟]*")
_SHORT_NUMBER = re.compile(r"(?<![\d.,/:+-])(?<!\d )\d{2,6}(?![\d.,/:-]\d|\d)")
_UNIT_AFTER = re.compile(
    r"\s*%|\s*(days?|hours?|weeks?|months?|years?|km|people|jours?|heures?|mois|ans|días?|dias?|horas?"
    r"|meses|años|anos|reais|pesos|rand|cedis?|dinars?|pounds?|birr|FCFA|F|jou|mwa|an|è)\b|\s*(天|日|年|月|小时|元|个)",
    re.IGNORECASE,
)
_LAW_BEFORE = re.compile(
    r"(\b(act|sections?|sec|ss?|arts?|articles?|artigos?|art[ií]culos?|law|loi|lei|ley|lwa|decree"
    r"|décret|decreto|nos?|nº|n°|paras?|convention|c|rule|reg|regulation|order|RM|R|USD|GHS|JD|EGP"
    r"|MXN|NPR|of|in|since|en|em|de|du|to)\.?|[$€£₵₹(§#])\s*$",
    re.IGNORECASE,
)

_STANDING = re.compile(
    r"\b(papers?|permits?|pass|visas?|status|undocumented|documents?|(ir)?regular|(un)?lawful"
    r"|overstay\w*|residen\w+|registered|everyone|everybody|anyone|nobody|no one|whoever"
    r"|(all|every) (people|persons?|workers?|migrants?|women|child(ren)?))\b",
    re.IGNORECASE,
)
_CALLING = re.compile(
    r"\b(call|dial|ring|phone|on|number|le|au|num[ée]ro|appele[rz]|compose[rz]|rele|ligue|disque)\s",
    re.IGNORECASE,
)
"""Two digits are an age more often than a phone; a word of calling before them tells."""


def check_claims(scope: Scope) -> Iterator[Mistake]:
    """No text makes a claim of `forbidden.yml`."""
    for card, text in scope.texts():
        file = text_file(card, text)
        for claim in scope.claims:
            if text.language not in claim.languages:
                continue
            for place, part in _parts(text):
                for sentence in claims_in(part, claim):
                    reason = f"`{sentence}`: {claim.reason} ({claim.id})"
                    yield Mistake(file, place, reason, "claims")


def claims_in(text: str, claim: Claim) -> list[str]:
    """The sentences of `text` that make the claim."""
    return [
        sentence.strip()
        for sentence in _SENTENCE.findall(text)
        if claim.pattern.search(sentence) and not (claim.unless and claim.unless.search(sentence))
    ]


def check_numbers(scope: Scope) -> Iterator[Mistake]:
    """Phone numbers stand in the directory only, so that one place keeps them true.

    Two exceptions: an emergency card's short text names the short emergency numbers, and those
    must be the directory's; and a service whose name in the directory holds its number (Ligue 180)
    may be called by that name.
    """
    for card, text in scope.texts():
        contacts = [
            contact
            for country in (card.country, INTERNATIONAL)
            for contact in scope.edition.contacts.get(country, ())
        ]
        short = {contact.phone for contact in contacts if 2 <= len(contact.phone) <= 6}
        names = " / ".join(name for contact in contacts for name in contact.name.values())
        region = scope.edition.countries[card.country].iso2
        for place, part in _parts(text):
            if card.emergency and place == "sms":
                wrong = [number for number, _ in short_numbers_in(part) if number not in short]
                reason = "is not a number of the directory"
            else:
                wrong = [
                    number
                    for number, named in short_numbers_in(part)
                    if number in short
                    and named not in names
                    and (len(number) > 2 or _CALLING.search(named))
                ]
                reason = "is a phone number; name the contact in `help` instead"
            for number in (*_long_numbers(part, region), *wrong):
                yield Mistake(text_file(card, text), place, f"`{number}` {reason}", "numbers")


def check_covered(scope: Scope) -> Iterator[Mistake]:
    """Where people live without papers, each card says what holds for them, or for everybody."""
    for card in scope.cards:
        roles = scope.edition.countries[card.country].roles
        if card.country != INTERNATIONAL and "destination" not in roles:
            continue
        text = card.texts["en"]
        body = "\n".join(text.sections.values())
        if "who" in text.sections and not _STANDING.search(body):
            reason = "says nothing about people without papers, nor that it holds for everyone"
            yield Mistake(text_file(card, text), "## who", reason, "covered")


def check_reading_ease(scope: Scope) -> Iterator[Mistake]:
    """English, which all else is made from, is for readers of about twelve."""
    for card in scope.cards:
        text = card.texts["en"]
        file = text_file(card, text)
        for place, part in _parts(text):
            for sentence in sentences(part):
                count = len(words(sentence))
                if count > MOST_WORDS:
                    reason = f"{count} words, at most {MOST_WORDS}: `{sentence[:60]}...`"
                    yield Mistake(file, place, reason, "reading")
        level = round(grade("\n".join([text.sms, *text.sections.values()])), 1)
        if level > HIGHEST_GRADE:
            reason = f"Flesch-Kincaid grade {level}, at most {HIGHEST_GRADE}"
            yield Mistake(file, "", reason, "reading")


def short_numbers_in(text: str) -> list[tuple[str, str]]:
    """Numbers of two to six digits that could be dialled, each also with the word before it.

    Left out: years, amounts, durations, and the numbers of laws and their articles.
    """
    found = []
    for match in _SHORT_NUMBER.finditer(text):
        number, before = match.group(), text[: match.start()]
        if re.match(r"(19|20)\d\d$", number) or _UNIT_AFTER.match(text, match.end()):
            continue
        if not _LAW_BEFORE.search(before):
            last_words = before.split()[-1:]
            found.append((number, " ".join([*last_words, number])))
    return found


def _long_numbers(text: str, region: str) -> list[str]:
    if len(re.findall(r"\d", text)) < _FEWEST_DIGITS:
        return []
    return [match.raw_string for match in phonenumbers.PhoneNumberMatcher(text, region or None)]


def _parts(text: Text) -> Iterator[tuple[str, str]]:
    yield "title", text.title
    yield "label", text.label
    yield "sms", text.sms
    for section, part in text.sections.items():
        yield f"## {section}", part
