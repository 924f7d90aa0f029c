"""The linter names every kind of mistake: one broken edition in `broken/` for each.

A folder there holds the files that differ from the sound edition (`content/`) and `expected.yml`:
every mistake that the linter must report, no more and no less. `removed` names files to take away;
`not_utf8` those to spoil; `stamp: false` leaves the translations' hashes as they are, else they
follow the English text.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.library.edition import read_edition
from bot.library.errors import ContentError, Mistake
from bot.library.files import UnreadableFileError
from bot.library.library import Library
from bot.library.lint import check
from bot.library.lint.scope import read_scope
from bot.library.lint.wording_rules import claims_in, short_numbers_in
from bot.library.stamp import stamp

HERE = Path(__file__).parent
SOUND = HERE / "edition"
BROKEN = sorted(path for path in (HERE / "broken").iterdir() if path.is_dir())
CONTENT = HERE.parents[1] / "content"
TODAY = date(2026, 11, 23)


def build(folder: Path, fixture: Path) -> Path:
    """The sound edition in `folder`, changed as `fixture` says."""
    root = folder / "content"
    shutil.copytree(SOUND, root)
    expected = yaml.safe_load((fixture / "expected.yml").read_text(encoding="utf-8"))
    if (fixture / "content").exists():
        shutil.copytree(fixture / "content", root, dirs_exist_ok=True)
    for name in expected.get("removed", []):
        (root / name).unlink()
    for name in expected.get("not_utf8", []):  # not as a file: other tools would stumble over it
        (root / name).write_bytes("नेपाली".encode("utf-16"))
    for card in sorted((root / "cards").glob("*/*")):
        if not any(card.iterdir()):
            card.rmdir()
        elif expected.get("stamp", True) and (card / "en.md").exists():
            _stamp_if_readable(card)
    return root


def _stamp_if_readable(card: Path) -> None:
    try:
        stamp(card)
    except UnreadableFileError:
        return


def test_the_sound_edition_has_no_mistake() -> None:
    assert check(SOUND, TODAY) == []


@pytest.mark.parametrize("fixture", BROKEN, ids=lambda path: path.name)
def test_each_kind_of_mistake_is_named_by_file_place_and_reason(
    fixture: Path, tmp_path: Path
) -> None:
    found = check(build(tmp_path, fixture), TODAY)
    expected = yaml.safe_load((fixture / "expected.yml").read_text(encoding="utf-8"))["mistakes"]
    assert expected
    unexplained = [mistake for mistake in found if not any(_fits(mistake, e) for e in expected)]
    unseen = [e for e in expected if not any(_fits(mistake, e) for mistake in found)]
    assert not unexplained
    assert not unseen


def _fits(mistake: Mistake, expected: dict[str, str]) -> bool:
    return (
        mistake.file == expected["file"]
        and mistake.place.startswith(expected["place"])
        and mistake.rule == expected["rule"]
        and expected["reason"] in mistake.reason
    )


def test_every_rule_has_a_broken_edition() -> None:
    shown = {
        mistake["rule"]
        for fixture in BROKEN
        for mistake in yaml.safe_load((fixture / "expected.yml").read_text("utf-8"))["mistakes"]
    }
    assert shown == {
        "format", "files", "schema", "dates", "sections", "length", "sms-length", "sms-alphabet",
        "markup", "languages", "translation", "stale", "questions", "claims", "numbers", "reading",
        "sources", "review", "overdue", "facts", "links", "emergency", "gap", "directory",
        "covered", "figures",
    }  # fmt: skip


def test_all_mistakes_come_in_one_run(tmp_path: Path) -> None:
    root = tmp_path / "content"
    shutil.copytree(SOUND, root)
    wanted = ("title-too-long", "source-year", "contact-number", "topic-label-too-long")
    for name in wanted:
        shutil.copytree(HERE / "broken" / name / "content", root, dirs_exist_ok=True)
    for card in sorted((root / "cards").glob("*/*")):
        stamp(card)
    assert {mistake.rule for mistake in check(root, TODAY)} == {"length", "sources", "directory"}
    assert len(check(root, TODAY)) == len(wanted)


def test_loading_raises_every_mistake_of_form_at_once(tmp_path: Path) -> None:
    root = tmp_path / "content"
    shutil.copytree(SOUND, root)
    for name in ("topic-unknown", "section-missing", "contact-kind"):
        shutil.copytree(HERE / "broken" / name / "content", root, dirs_exist_ok=True)
    with pytest.raises(ContentError) as caught:
        Library.load(root)
    text = str(caught.value)
    assert "card.yml: topic" in text
    assert "`## who` is missing" in text
    assert "entries[mys-union].kind" in text


def test_every_forbidden_claim_matches_its_own_example() -> None:
    scope = read_scope(read_edition(CONTENT, []), TODAY, [])
    assert scope.claims
    for claim in scope.claims:
        assert claims_in(claim.example, claim), claim.id


@pytest.mark.parametrize(
    "text",
    [
        "It may not be safe to go to the police.",
        "Ask a group if it is safe to go to the police.",
        "Nobody can promise that your pay is guaranteed.",
        "No valid permit? Get advice before you go to the police.",
        "Say nothing if you do not understand.",
    ],
)
def test_careful_sentences_are_not_forbidden(text: str) -> None:
    scope = read_scope(read_edition(CONTENT, []), TODAY, [])
    for claim in scope.claims:
        if "en" in claim.languages:
            assert not claims_in(text, claim), claim.id


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Call 999 now.", ["999"]),
        ("Appelez le 17 ou le 18.", ["17", "18"]),
        ("Employment Act 265 of 1955, section 60, art. 12", []),
        ("within 30 days, 8 hours a day, RM 1700, 50%", []),
        ("From 2019 to 2024, Law 6.815/1980", []),
    ],
)
def test_numbers_that_could_be_dialled_are_told_from_others(text: str, numbers: list[str]) -> None:
    assert [number for number, _ in short_numbers_in(text)] == numbers


@pytest.mark.parametrize(
    ("language", "english", "translation", "agree"),
    [
        ("ne", "a fine of RM10,000", "RM१०,००० जरिवाना", True),
        ("ne", "the law of 2007", "२०६४ को कानुन", True),
        ("ne", "the law of 2007", "२०६३ को कानुन", True),
        ("ne", "the law of 2007", "२०६० को कानुन", False),
        ("fr", "10,000 francs", "10 000 francs", True),
        ("fr", "10,000 francs", "100 000 francs", False),
        ("zh", "a fine of 3,000,000", "罚款300万", True),
        ("ar", "within 30 days", "خلال ٣٠ يوما", True),
        ("ar", "within 30 days", "خلال ٢٠ يوما", False),
        ("am", "call 911", "911 ይደውሉ", True),
        ("am", "call 911", "912 ይደውሉ", False),
        ("fr", "under 18, two years", "mineur, 2 ans", True),
    ],
)
def test_figures_survive_translation(
    root: Path, language: str, english: str, translation: str, agree: bool
) -> None:
    folder = root / "cards/int/papers"
    source = (folder / "en.md").read_text(encoding="utf-8")
    (folder / "en.md").write_text(
        source.replace("- Ask for help.", f"- Ask: {english}."), encoding="utf-8"
    )
    target = folder / f"{language}.md"
    target.write_text(
        (folder / "fr.md").read_text(encoding="utf-8").replace("Demandez de l’aide", translation),
        encoding="utf-8",
    )
    stamp(folder)
    wrong = [mistake for mistake in check(root, TODAY) if mistake.rule == "figures"]
    found = {mistake.file for mistake in wrong}
    assert (f"cards/int/papers/{language}.md" not in found) is agree
