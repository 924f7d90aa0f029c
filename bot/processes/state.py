"""The state folder: where things are, private files, and the lock that one supervisor holds."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.processes.errors import StartError

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class State:
    """Paths inside one state folder (`.haki` unless HAKI_STATE_DIR says otherwise)."""

    folder: Path

    @property
    def run(self) -> Path:
        """What belongs to the run: secrets, the environment of the children, the lock."""
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        """One log file for each child."""
        return self.folder / "logs"

    @property
    def secrets(self) -> Path:
        """Made once; the sealed data in the database can be read only with them."""
        return self.run / "secrets.json"

    @property
    def environment(self) -> Path:
        """What `haki` commands beside a running demonstration read (bot.settings)."""
        return self.run / "environment.json"

    def create(self) -> None:
        """Make the folders, closed to other users where secrets lie. Raises StartError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.run.mkdir(exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise StartError(
                f"The state folder {self.folder} cannot be written: {error.strerror}. "
                "Set HAKI_STATE_DIR to a folder of yours."
            ) from error

    def put_old_logs_aside(self) -> None:
        """Keep the logs of the run before as `*.log.previous`, and none older."""
        for log in self.logs.glob("*.log"):
            log.replace(log.with_suffix(".log.previous"))

    def lock(self) -> "StateLock":
        """Take the folder for this process. Raises StartError if another one has it."""
        return StateLock(self.run / "lock")


class StateLock:
    """Held by the one supervisor of a state folder; the kernel frees it when that process ends."""

    def __init__(self, path: Path) -> None:
        self._file: TextIO = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise StartError(
                f"Haki already runs from this folder (process {holder}). Use it, or stop it with "
                "Ctrl-C in its terminal; for a second one set HAKI_STATE_DIR and HAKI_PORT."
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Give the folder back."""
        self._file.close()


def write_private(path: Path, values: Mapping[str, str]) -> None:
    """Replace `path` by these values as JSON, readable by its owner only, whole or not at all."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_private(path: Path) -> dict[str, str]:
    """Return what `write_private` wrote, or nothing if there is no such file. Raises StartError."""
    if not path.exists():
        return {}
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StartError(
            f"{path} is damaged ({error}). Restore it from a copy; without it the sealed messages "
            "of this folder cannot be read. To start afresh, remove the state folder."
        ) from error
    return {str(name): str(value) for name, value in values.items()}
