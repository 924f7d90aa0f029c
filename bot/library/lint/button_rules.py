"""What buttons, lists and command menus can show, and words that no menu may offer.

A label that is too long makes WhatsApp refuse the whole message, so it is found here, in every
language, and never at sending. Limits are in UTF-16 units, as Twilio and Telegram count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.channels.layout import BUTTON_TITLE, INTERACTIVE_BODY, LIST_ITEM, utf16_units
from bot.channels.twilio.optout import TAKEN_WORDS
from bot.library.errors import Mistake
from bot.library.lint.scope import Scope, text_file
from bot.library.phrases import Phrases

# What a key's text is shown as, with the most that fits. The first pattern that matches counts.
_LIMITS = (
    (re.compile(r"option\..*|window\.open"), BUTTON_TITLE, "a WhatsApp button"),
    (re.compile(r"language\.name"), LIST_ITEM, "a WhatsApp list row"),
    (re.compile(r"command\..*"), 256, "a Telegram command"),
    (re.compile(r"bot\.short_description"), 120, "a Telegram short description"),
    (re.compile(r".*"), INTERACTIVE_BODY, "a WhatsApp message with buttons"),
)
# What an SMS menu shows; the long form of an option is for buttons, which no carrier reads.
_IN_SMS = re.compile(r"option\..*\.short|language\.name")


def check_phrases(scope: Scope) -> Iterator[Mistake]:
    """Haki's own phrases fit where they are shown."""
    for language, key, text in Phrases.load(scope.edition.root).items():
        most, what = next((m, w) for pattern, m, w in _LIMITS if pattern.fullmatch(key))
        if utf16_units(text) > most:
            reason = f"{utf16_units(text)} characters, at most {most} ({what})"
            yield Mistake(f"strings/{language}.po", key, reason, "length")


def check_menu_words(scope: Scope) -> Iterator[Mistake]:
    """No SMS menu offers a word that Twilio takes for itself, such as YES or INFO."""
    for file, place, label in _labels(scope):
        if label.strip(" .!?").upper() in TAKEN_WORDS:
            reason = f"`{label}` is a word that Twilio acts on by itself in an SMS"
            yield Mistake(file, place, reason, "reserved-word")


def _labels(scope: Scope) -> Iterator[tuple[str, str, str]]:
    """Everything that can stand in an SMS menu: file, place, label."""
    for language, key, text in Phrases.load(scope.edition.root).items():
        if _IN_SMS.fullmatch(key):
            yield f"strings/{language}.po", key, text
    for topic in scope.edition.topics.values():
        for language, label in topic.label.items():
            yield "topics.yml", f"topics[{topic.id}].label.{language}", label
    for card, words in scope.texts():
        yield text_file(card, words), "label", words.label
    for country in scope.edition.countries.values():
        for language, name in country.names.items():
            yield "countries.yml", f"countries[{country.code}].names.{language}", name
