"""A model is trained again when, and only when, what it is made from changed."""

from pathlib import Path

import pytest

from bot.processes.fingerprint import training_fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data/nlu/en/a.yml", "data/rules/r.yml", "domain.yml", "config.yml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "bot/understanding").mkdir(parents=True)
    (tmp_path / "bot/understanding/encoder.py").write_text("x = 1")
    return tmp_path


def test_it_stays_when_nothing_changed(project: Path) -> None:
    assert training_fingerprint(project) == training_fingerprint(project)


@pytest.mark.parametrize(
    "name", ["data/nlu/en/a.yml", "data/nlu/ne/b.yml", "domain.yml", "bot/understanding/encoder.py"]
)
def test_it_changes_with_what_training_reads(project: Path, name: str) -> None:
    before = training_fingerprint(project)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert training_fingerprint(project) != before


def test_it_changes_when_a_file_moves(project: Path) -> None:
    before = training_fingerprint(project)
    (project / "data/nlu/en/a.yml").rename(project / "data/nlu/en/b.yml")
    assert training_fingerprint(project) != before


@pytest.mark.parametrize(
    "name", ["actions/a.py", "content/c.md", "bot/understanding/__pycache__/encoder.pyc"]
)
def test_it_does_not_change_with_anything_else(project: Path, name: str) -> None:
    before = training_fingerprint(project)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("new")
    assert training_fingerprint(project) == before
