"""What a card says, in which language, at which version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import Library
from bot.library.files import parse_yaml
from bot.library.model import text_hash
from bot.library.stamp import stamp

Edit = Callable[[str, str, str], None]


def test_a_card_has_its_texts_cut_into_sections(library: Library) -> None:
    text = library.card("mys/papers-kept").texts["en"]
    assert list(text.sections) == ["law", "who", "do", "care"]
    assert text.sections["do"] == "- Ask for it back by text.\n- Keep a photo of it."


def test_the_hash_is_the_one_translators_were_given() -> None:
    joined = "T\nL\nS\n## law\nx"
    expected = hashlib.sha256(joined.encode()).hexdigest()[:12]
    assert text_hash(" T", "L ", "S", "## law\nx\n") == expected


@pytest.mark.parametrize(
    ("asked", "given_language"),
    [
        (["ne", "fr"], "ne"),
        (["fr", "ne"], "ne"),
        (["fr"], "en"),
        ([], "en"),
    ],
)
def test_a_person_gets_their_language_then_their_second_then_english(
    library: Library, asked: list[str], given_language: str
) -> None:
    language, text = library.card("mys/papers-kept").text_for(asked)
    assert language == text.language == given_language


def test_versions_change_with_what_a_reader_sees_and_only_then(root: Path, edit: Edit) -> None:
    before = Library.load(root).card("mys/papers-kept")
    edit("cards/mys/papers-kept/card.yml", "- they hold my papers", "- they keep my papers")
    same = Library.load(root).card("mys/papers-kept")
    assert same.version == before.version
    edit("cards/mys/papers-kept/ne.md", "पासपोर्ट तपाईंको हो।", "पासपोर्ट तपाईंकै हो।")
    after = Library.load(root).card("mys/papers-kept")
    assert after.version_of("en") == before.version_of("en")
    assert after.version_of("ne") != before.version_of("ne")
    assert after.version != before.version


@pytest.mark.parametrize(("before", "after"), [("- mys-rumour\n", ""), ("s. 5", "s. 6")])
def test_the_cards_version_covers_sources_and_help(
    root: Path, edit: Edit, before: str, after: str
) -> None:
    old = Library.load(root).card("mys/papers-kept").version
    edit("cards/mys/papers-kept/card.yml", before, after)
    assert Library.load(root).card("mys/papers-kept").version != old


def test_a_translation_is_stale_until_it_is_stamped(root: Path, edit: Edit) -> None:
    edit("cards/mys/papers-kept/en.md", "A boss may not keep it.", "Nobody may keep it.")
    assert Library.load(root).card("mys/papers-kept").texts["ne"].stale
    folder = root / "cards/mys/papers-kept"
    assert stamp(folder) == [folder / "ne.md"]
    assert not Library.load(root).card("mys/papers-kept").texts["ne"].stale
    assert stamp(folder) == []


def test_a_translation_that_nobody_stamped_is_stale_but_can_be_read(root: Path) -> None:
    path = root / "cards/mys/papers-kept/ne.md"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if "source_hash" not in x), encoding="utf-8")
    assert Library.load(root).card("mys/papers-kept").texts["ne"].stale


def test_stamping_changes_nothing_but_the_stamp(root: Path, edit: Edit) -> None:
    path = root / "cards/mys/papers-kept/ne.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    edit("cards/mys/papers-kept/en.md", "Keep a photo", "Keep two photos")
    stamp(path.parent)
    after = path.read_text(encoding="utf-8").splitlines()
    different = [new for new in after if new not in lines]
    assert len(after) == len(lines)
    assert [line.partition(":")[0] for line in different] == ["source_hash"]


@pytest.mark.parametrize("value", ["no", "2026-11", "012345678901", "1e5", "0x1f", "null", "~"])
def test_yaml_words_stay_what_the_editor_typed(value: str) -> None:
    assert parse_yaml(f"key: {value}", "file.yml") == {"key": value}


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_a_version_is_twelve_hex_digits_of_any_text(text: str) -> None:
    version = text_hash(text, text, text, text)
    assert len(version) == 12
    assert int(version, 16) >= 0


def test_the_confidence_of_a_card_is_that_of_its_weakest_source(root: Path, edit: Edit) -> None:
    name = "cards/mys/papers-kept/card.yml"
    assert Library.load(root).card("mys/papers-kept").confidence == "confirmed"
    edit(name, "confidence: confirmed", "confidence: secondary")
    assert Library.load(root).card("mys/papers-kept").confidence == "secondary"
