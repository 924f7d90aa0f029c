"""Earlier texts: from the archive of a deployment, and from git."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.library import HistoryError, Library, UnknownTextError
from bot.library.changes import as_lines, cards_at, changes, changes_since_version
from bot.library.history import Archive, GitHistory

Edit = Callable[[str, str, str], None]
CARD = "mys/papers-kept"


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    command = ["git", "-C", str(root), *identity, *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def repository(root: Path) -> Path:
    """The copy of the edition under git, inside a larger repository as in a checkout."""
    git(root.parent, "init", "-q", "-b", "main")
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-q", "-m", "first")
    return root


def test_the_text_of_today_is_found_at_once(library: Library) -> None:
    card = library.card(CARD)
    kept = library.text_at(CARD, "ne", card.version_of("ne"))
    assert kept.sms == card.texts["ne"].sms
    assert kept.where == "this edition"
    assert library.text_at(CARD, "en", card.version).version == card.version_of("en")


def test_git_remembers_what_was_sent(repository: Path, edit: Edit) -> None:
    old = Library.load(repository).card(CARD)
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "Nobody may keep it.")
    edit(f"cards/{CARD}/card.yml", "topic: documents", "topic: wages")
    git(repository.parent, "commit", "-q", "-a", "-m", "second")
    library = Library.load(repository)
    for version in (old.version_of("en"), old.version):
        kept = library.text_at(CARD, "en", version)
        assert "A boss may not keep it." in kept.body
        assert kept.where.startswith("git ")


def test_git_remembers_a_retired_card(repository: Path) -> None:
    old = Library.load(repository).card("mys/unpaid-wages")
    git(repository.parent, "rm", "-q", "-r", "content/cards/mys/unpaid-wages")
    git(repository.parent, "commit", "-q", "-m", "retire")
    library = Library.load(repository)
    assert "mys/unpaid-wages" not in library.cards
    assert library.text_at("mys/unpaid-wages", "ne", old.version_of("ne")).sms


def test_the_archive_remembers_without_git(root: Path, edit: Edit, tmp_path: Path) -> None:
    archive = tmp_path / "state" / "texts.jsonl"
    first = Library.load(root, archive=archive)
    texts = sum(len(card.texts) for card in first.cards.values())
    assert first.keep() == texts
    assert first.keep() == 0
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "Nobody may keep it.")
    second = Library.load(root, archive=archive)
    # The card's version changes with one of its texts, so both of them are kept again.
    assert second.keep() == 2
    kept = second.text_at(CARD, "en", first.card(CARD).version_of("en"))
    assert "A boss may not keep it." in kept.body


def test_processes_that_start_together_keep_each_text_once(root: Path, tmp_path: Path) -> None:
    archive = tmp_path / "texts.jsonl"
    library = Library.load(root)
    with ThreadPoolExecutor(max_workers=6) as pool:
        added = list(pool.map(lambda _: Archive(archive).keep(library.edition), range(6)))
    texts = sum(len(card.texts) for card in library.cards.values())
    assert sorted(added) == [0, 0, 0, 0, 0, texts]
    assert len(archive.read_text(encoding="utf-8").splitlines()) == texts


def test_half_a_line_in_the_archive_loses_nothing(root: Path, tmp_path: Path) -> None:
    archive = tmp_path / "texts.jsonl"
    library = Library.load(root, archive=archive)
    library.keep()
    whole = archive.read_text(encoding="utf-8")
    archive.write_text(whole[:-40], encoding="utf-8")
    assert library.keep() == 1
    rows = list(Archive(archive))
    assert len(rows) == len(whole.splitlines())
    assert all(json.loads(line) for line in archive.read_text("utf-8").splitlines()[-1:])


def test_a_text_that_nobody_remembers_is_said_to_be_unknown(root: Path) -> None:
    with pytest.raises(UnknownTextError, match="0123456789ab"):
        Library.load(root).text_at(CARD, "en", "0123456789ab")


def test_without_a_repository_git_says_why(root: Path) -> None:
    with pytest.raises(HistoryError, match="git"):
        GitHistory(root).revisions("cards")


def test_an_unknown_revision_is_an_error_not_an_empty_answer(repository: Path) -> None:
    with pytest.raises(HistoryError, match="git"):
        cards_at(Library.load(repository).edition, "no-such-tag")


def test_the_difference_for_readers_is_told_by_card_language_and_place(
    repository: Path, edit: Edit
) -> None:
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "Nobody may keep it.")
    edit(f"cards/{CARD}/card.yml", "- mys-rumour\n", "")
    edit(f"cards/{CARD}/card.yml", "- they hold my papers", "- they keep my papers")
    git(repository.parent, "rm", "-q", "-r", "content/cards/int/wages")
    edition = Library.load(repository).edition
    found = list(changes(cards_at(edition, "HEAD"), edition.cards))
    assert [(change.card_id, change.language, change.place) for change in found] == [
        ("int/wages", "", "card"),
        (CARD, "", "help"),
        (CARD, "en", "## law"),
    ]
    lines = as_lines(found[2])
    assert lines[0] == f"{CARD} en ## law:"
    assert any(line.startswith("  -") for line in lines)
    assert any("Nobody may keep it" in line for line in lines)
    assert as_lines(found[0]) == ["int/wages card: gone: You are not paid"]


def test_nothing_changed_is_no_change(repository: Path) -> None:
    edition = Library.load(repository).edition
    assert list(changes(cards_at(edition, "HEAD"), edition.cards)) == []


def test_the_difference_since_a_version_that_was_sent(root: Path, edit: Edit) -> None:
    old = Library.load(root)
    kept = old.text_at(CARD, "en", old.card(CARD).version_of("en"))
    edit(f"cards/{CARD}/en.md", "- Keep a photo of it.", "- Keep two photos of it.")
    found = list(changes_since_version(Library.load(root).card(CARD), kept))
    assert [(change.language, change.place) for change in found] == [("en", "## do")]
