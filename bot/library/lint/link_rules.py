"""Links between cards and the directory, emergency cards, and gaps that nobody falls back for."""

from __future__ import annotations

from collections.abc import Iterator

from bot.library.coverage import humans, must_answer
from bot.library.errors import Mistake
from bot.library.lint.scope import Scope, card_file, text_file
from bot.library.model import INTERNATIONAL, Card


def check_links(scope: Scope) -> Iterator[Mistake]:
    """What a card points to exists."""
    contacts = {contact.id: contact for contact in scope.contacts()}
    for card in scope.cards:
        file = card_file(card)
        for name in card.help:
            if name not in contacts:
                yield Mistake(file, "help", f"no directory entry `{name}`", "links")
        if not card.help:
            yield Mistake(file, "help", "names nobody who can help", "links")
        for card_id in card.related:
            if card_id == card.id:
                yield Mistake(file, "related", "a card is not related to itself", "links")
            elif card_id not in scope.edition.cards:
                yield Mistake(file, "related", f"no card `{card_id}`", "links")
        if not card.stages:
            yield Mistake(file, "stages", "for which stage of the journey?", "schema")
        if card.topic in card.also:
            yield Mistake(file, "also", f"`{card.topic}` is its own topic", "schema")


def check_emergency(scope: Scope) -> Iterator[Mistake]:
    """Each shelf with cards has exactly one emergency card, whose short text names a number."""
    shelves: dict[str, list[str]] = {card.country: [] for card in scope.cards}
    for card in scope.cards:
        if card.emergency:
            shelves[card.country].append(card.id)
    for country, cards in shelves.items():
        folder = f"cards/{scope.edition.countries[country].folder}"
        if not cards:
            yield Mistake(folder, "", "no card is the emergency card", "emergency")
        if len(cards) > 1:
            reason = f"more than one emergency card: {', '.join(cards)}"
            yield Mistake(folder, "", reason, "emergency")
    for card in scope.cards:
        if card.emergency and card.country != INTERNATIONAL:
            yield from _names_a_number(scope, card)


def _names_a_number(scope: Scope, card: Card) -> Iterator[Mistake]:
    """The short text is all that some will ever read, so it must hold a number to call."""
    contacts = scope.edition.contacts[card.country]
    numbers = {contact.phone for contact in contacts if contact.kind == "emergency"} - {""}
    for text in card.texts.values():
        if numbers and not any(number in text.sms for number in numbers):
            reason = f"names none of the emergency numbers: {', '.join(sorted(numbers))}"
            yield Mistake(text_file(card, text), "sms", reason, "emergency")


def check_gaps(scope: Scope) -> Iterator[Mistake]:
    """What a destination must answer is answered there or by the international shelf, and it has
    somebody to talk to."""
    for country, topic in must_answer(scope.edition):
        shelves = {c.country for c in scope.cards if topic in c.topics}
        if not shelves & {country, INTERNATIONAL}:
            folder = f"cards/{scope.edition.countries[country].folder}"
            yield Mistake(folder, "", f"no answer on {topic}, nor in int", "gap")
    for country, contacts in humans(scope.edition).items():
        if not contacts:
            file = f"directory/{scope.edition.countries[country].folder}.yml"
            reason = "no way to a human: nobody known who can be reached but emergency numbers"
            yield Mistake(file, "", reason, "gap")
