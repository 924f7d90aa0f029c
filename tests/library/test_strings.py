"""Haki's own sentences: every language says the same, within the limits of a phone.

The English file is the source. A translation carries `#. en:<hash>` of the English text that it
was made from, so a sentence that changed in English is found here until it is translated again.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import polib
import pytest
import yaml

from bot.channels.segments import GSM7_LANGUAGES, is_gsm7, measure, reduce_to_gsm7
from bot.library.phrases import Phrases
from bot.understanding.reserved import match

CONTENT = Path(__file__).parents[2] / "content"
STRINGS = CONTENT / "strings"
LANGUAGES: list[str] = yaml.safe_load((CONTENT / "topics.yml").read_text("utf-8"))["languages"]
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]

BUTTON = 20
"""Most characters of the title of a WhatsApp quick reply button."""

FIRST_SMS = ("welcome.text", "welcome.privacy", "welcome.stop", "welcome.languages")
RESERVED = {
    "STOP": "stop",
    "START": "start",
    "HELP": "help",
    "DELETE": "delete_data",
    "MENU": "menu",
    "HUMAN": "human",
}


def entries(language: str) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(STRINGS / f"{language}.po"))}


def texts(language: str) -> dict[str, str]:
    return {key: entry.msgstr for key, entry in entries(language).items()}


ENGLISH = texts("en")


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{\w*}", text))


def english_hash(key: str) -> str:
    return hashlib.sha256(ENGLISH[key].encode("utf-8")).hexdigest()[:12]


def reserved_words(text: str) -> list[str]:
    return sorted(re.findall(rf"\b(?:{'|'.join(RESERVED)})\b", text, re.ASCII))


def test_every_language_of_the_topics_has_a_file_and_no_other_does() -> None:
    assert {path.stem for path in STRINGS.glob("*.po")} == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_says_its_language_and_that_a_machine_made_it(language: str) -> None:
    file = polib.pofile(str(STRINGS / f"{language}.po"))
    assert file.metadata["Language"] == language
    assert file.metadata["X-Status"] == "machine"
    assert file.header == "Machine translation of en.po; read by no speaker yet."


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_sentence_is_translated_once_and_none_is_left_over(language: str) -> None:
    file = polib.pofile(str(STRINGS / f"{language}.po"))
    assert [entry.msgid for entry in file] == list(ENGLISH)
    assert [entry.msgid for entry in file if not entry.msgstr.strip()] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_translation_is_older_than_its_english_sentence(language: str) -> None:
    made_from = {key: entry.comment for key, entry in entries(language).items()}
    stale = [key for key in ENGLISH if made_from.get(key) != f"en:{english_hash(key)}"]
    assert stale == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_places_to_fill_in_are_those_of_english(language: str) -> None:
    own = {key: placeholders(text) for key, text in texts(language).items()}
    assert own == {key: placeholders(text) for key, text in ENGLISH.items()}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_words_to_send_stay_as_they_are(language: str) -> None:
    own = {key: reserved_words(text) for key, text in texts(language).items()}
    assert own == {key: reserved_words(text) for key, text in ENGLISH.items()}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_word_in_brackets_after_a_word_to_send_does_the_same(language: str) -> None:
    for key, text in texts(language).items():
        for latin, own in re.findall(r"([A-Z]{4,}) ?[(（](.+?)[)）]", text):
            assert match(own) == RESERVED[latin], f"{key}: {own}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_option_fits_a_button_and_its_short_form_is_no_longer(language: str) -> None:
    own = texts(language)
    options = {key: text for key, text in own.items() if key.startswith("option.")}
    assert [key for key, text in options.items() if len(text) > BUTTON] == []
    longer = [
        key
        for key, text in options.items()
        if not key.endswith(".short") and len(options.get(f"{key}.short", "")) > len(text)
    ]
    assert longer == []


@pytest.mark.parametrize("language", sorted(GSM7_LANGUAGES))
def test_a_text_in_latin_letters_can_be_written_in_gsm7(language: str) -> None:
    others = [
        key for key, text in texts(language).items() if not is_gsm7(reduce_to_gsm7(text, language))
    ]
    assert others == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sms_stays_within_two_segments_or_three_in_other_scripts(language: str) -> None:
    phrases = Phrases.load(CONTENT)
    codes = " ".join(code.upper() for code in phrases.languages)
    first = " ".join(
        phrases.get(key, language, **({"codes": codes} if "{codes}" in ENGLISH[key] else {}))
        for key in FIRST_SMS
    )
    limit = 2 if language in GSM7_LANGUAGES else 3
    assert measure(reduce_to_gsm7(first, language)).segments <= limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_called_by_its_own_name(language: str) -> None:
    assert match(texts(language)["language.name"]) == "language_change"
