"""A small sound edition (`edition/`): one corridor, three topics, and the international shelf."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.library import Library

SOUND = Path(__file__).parent / "edition"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def library() -> Library:
    """The sound edition on an ordinary day."""
    return Library.load(SOUND, today=lambda: TODAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the sound edition that a test may change."""
    folder = tmp_path / "content"
    shutil.copytree(SOUND, folder)
    return folder


@pytest.fixture
def edit(root: Path) -> Callable[[str, str, str], None]:
    """Replace words in a file of the copy; fails if they do not stand there."""

    def replace(name: str, before: str, after: str) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    return replace
