"""Labels and menu words, in every language, are judged when content is checked."""

from datetime import date
from pathlib import Path

import polib
import pytest

from bot.channels.twilio.optout import TAKEN_WORDS
from bot.library.edition import read_edition
from bot.library.errors import Mistake
from bot.library.lint.button_rules import check_menu_words, check_phrases
from bot.library.lint.scope import Scope, read_scope
from bot.understanding import reserved

CONTENT = Path(__file__).parents[2] / "content"
TODAY = date(2026, 11, 23)


def scope_of(root: Path) -> Scope:
    mistakes: list[Mistake] = []
    return read_scope(read_edition(root, mistakes), TODAY, mistakes)


def phrase(root: Path, language: str, key: str, text: str) -> Scope:
    folder = root / "strings"
    folder.mkdir(exist_ok=True)
    file = polib.POFile()
    file.append(polib.POEntry(msgid=key, msgstr=text))
    file.save(str(folder / f"{language}.po"))
    return scope_of(root)


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("option.more", 20),
        ("window.open", 20),
        ("language.name", 24),
        ("bot.short_description", 120),
        ("command.help", 256),
        ("welcome.text", 1024),
    ],
)
@pytest.mark.parametrize("language", ["en", "ne"])
def test_a_phrase_that_is_too_long_for_its_place_is_found(
    root: Path, key: str, most: int, language: str
) -> None:
    assert list(check_phrases(phrase(root, language, key, "क" * most))) == []

    (mistake,) = check_phrases(phrase(root, language, key, "क" * (most + 1)))

    assert (mistake.file, mistake.place) == (f"strings/{language}.po", key)
    assert f"at most {most}" in mistake.reason


def test_a_letter_outside_the_first_plane_counts_twice(root: Path) -> None:
    assert list(check_phrases(phrase(root, "en", "option.more", "😀" * 11)))


@pytest.mark.parametrize("word", sorted(TAKEN_WORDS))
def test_a_menu_word_that_twilio_takes_is_found(root: Path, word: str) -> None:
    found = list(check_menu_words(phrase(root, "en", "option.x.short", f"{word.title()}!")))

    assert [mistake.rule for mistake in found] == ["reserved-word"]


def test_a_topic_or_a_card_of_such_a_name_is_found(root: Path) -> None:
    topics = (root / "topics.yml").read_text("utf-8")
    import yaml

    data = yaml.safe_load(topics)
    data["topics"][0]["label"]["en"] = "Info"
    (root / "topics.yml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")

    (mistake,) = check_menu_words(scope_of(root))

    assert mistake.file == "topics.yml"


def test_no_menu_of_the_library_offers_such_a_word_and_every_label_fits() -> None:
    scope = scope_of(CONTENT)

    assert list(check_menu_words(scope)) == []
    assert list(check_phrases(scope)) == []


def test_a_typed_label_never_stops_anything() -> None:
    """An option that reads like STOP or START in any language would end the conversation."""
    scope = scope_of(CONTENT)
    labels = [text.label for _, text in scope.texts()]
    labels += [label for topic in scope.edition.topics.values() for label in topic.label.values()]
    for path in (CONTENT / "strings").glob("*.po"):
        labels += [e.msgstr for e in polib.pofile(str(path)) if e.msgid.startswith("option.")]

    assert [label for label in labels if reserved.match(label) in ("stop", "start")] == []
