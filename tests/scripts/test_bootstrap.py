"""Setting up a clone: it finds a Python, installs only what the lock vouches for, says problems."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.processes.state import PROJECT
from scripts import bootstrap


def _fake_python(folder: Path, version: str = "3.10") -> Path:
    python = folder / "bin" / f"python{version}"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return python


@pytest.mark.parametrize("where", ["PYENV_ROOT", "PATH", "HOME"])
def test_pyenv_is_found_without_its_shim_being_active(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    root = tmp_path / ".pyenv"
    python = _fake_python(root / "versions" / "3.10.13")
    _fake_python(root / "versions" / "3.9.1", "3.9")
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("PATH", "/usr/bin")
    value = {"PYENV_ROOT": root, "PATH": root / "shims", "HOME": tmp_path}[where]
    monkeypatch.setenv(where, str(value))
    assert list(bootstrap.pyenv_pythons()) == [python]


def test_the_build_tools_come_with_their_hashes() -> None:
    entries = bootstrap.build_tools()
    assert "setuptools==" in entries
    assert "wheel==" in entries
    assert entries.count("==") == 2
    assert entries.count("--hash=sha256:") >= 4


def test_without_venv_and_pip_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path)
    monkeypatch.setattr(bootstrap, "succeeds", lambda command: False)
    with pytest.raises(bootstrap.Problem, match="apt-get install python3-venv"):
        bootstrap.ensure_uv()


def test_a_full_disk_is_said_before_anything_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "SPACE", 10**18)
    with pytest.raises(bootstrap.Problem, match="MB free; setting up needs"):
        bootstrap.require_space()


def test_a_failed_step_is_a_sentence_that_names_it() -> None:
    with pytest.raises(bootstrap.Problem, match="Getting uv failed"):
        bootstrap.run([sys.executable, "-c", "raise SystemExit(3)"], "Getting uv")


def test_the_stamp_changes_with_the_lock_and_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = set()
    for folder, lock in (("a", "x"), ("a", "y"), ("b", "y")):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        for name in ("pyproject.toml", ".python-version"):
            (place / name).write_text("")
        (place / "requirements.lock").write_text(lock)
        monkeypatch.setattr(bootstrap, "PROJECT", place)
        stamps.add(bootstrap.wanted_stamp())
    assert len(stamps) == 3


def test_it_runs_on_python_3_8() -> None:
    source = (PROJECT / "scripts" / "bootstrap.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_it_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PROJECT / "scripts" / "bootstrap.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
