"""Where PostgreSQL runs: never as root, and never by opening folders to other users."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.processes import programs
from bot.processes.child import loader_environment, run
from bot.processes.engines import start_engines
from bot.processes.postgres import Passwords

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="for an ordinary user nothing is moved")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> Iterator[Path]:
    """A place of the test's own instead of /var/lib/haki-demo."""
    place = open_folder / "outside"
    monkeypatch.setattr(programs, "OUTSIDE", place)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@as_root
def test_a_closed_folder_stays_closed_and_the_data_goes_elsewhere(
    outside: Path, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    modes = {path: path.stat().st_mode for path in (closed, *closed.parents)}
    engines = start_engines(
        closed, passwords=Passwords("a", "b"), valkey_password="c", logs=closed, volatile=True
    )
    engines.stop()
    assert {path: path.stat().st_mode for path in modes} == modes
    assert not (closed / "postgresql").exists()
    programs.discard_outside(closed / "postgresql")
    assert not [path for path in outside.iterdir() if not path.name.startswith("programs-")]


@as_root
def test_programs_that_nobody_can_reach_are_copied_whole(outside: Path) -> None:
    packages = programs.copy_out(_site_packages())
    assert packages.parent == outside
    for name in ("initdb", "postgres"):
        done = run(
            [str(packages / programs.POSTGRESQL_PROGRAMS / name), "--version"],
            folder=Path("/"),
            environment=loader_environment(),
            account=programs.UNPRIVILEGED,
        )
        assert done.stdout.startswith(f"{name} (PostgreSQL) 18"), done.stdout
    assert programs.copy_out(_site_packages()) == packages


def test_the_data_is_closed_to_other_users(open_folder: Path, outside: Path) -> None:
    place = programs.postgresql_place(open_folder / "postgresql")
    assert stat.S_IMODE(place.home.stat().st_mode) == 0o700
    assert (place.account == "") == (os.geteuid() != 0)


def _site_packages() -> Path:
    return programs._package(programs.POSTGRESQL_PACKAGE).parent
