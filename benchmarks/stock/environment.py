"""The stock project's own Python environment, since Haki's lock drops TensorFlow."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.processes.errors import StartError, require_space
from bot.processes.state import PROJECT

_HERE = Path(__file__).resolve().parent
_SPACE = 4000  # MB: the packages unpacked, and uv's cache of them

# Neither telemetry nor anything of the caller's Haki. The rest is Rasa's own default.
_SETTINGS = {"RASA_TELEMETRY_ENABLED": "false"}


@dataclass(frozen=True)
class Place:
    """Where the stock environment is."""

    folder: Path
    lock: Path
    launcher: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "venv" / "bin" / "python"


STOCK = Place(PROJECT / ".haki" / "stock", _HERE / "requirements.lock", _HERE / "launch.py")


def environment_of_stock() -> dict[str, str]:
    """Return the environment of stock processes."""
    own = ("HAKI_", "PYTHON", "DJANGO_", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**kept, **_SETTINGS}


def ensure_environment(say: Callable[[str], None]) -> None:
    """Install what requirements.lock says unless it is there. Needs the network. Raises StartError.

    Uses the uv that `make setup` brought.
    """
    stamp = STOCK.folder / "venv" / "stamp"
    wanted = hashlib.sha256(STOCK.lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    STOCK.folder.mkdir(parents=True, exist_ok=True)
    require_space(STOCK.folder, _SPACE)
    say("installing stock Rasa with TensorFlow into .haki/stock (the first time some minutes)")
    uv = _uv()
    _run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(STOCK.folder / "venv")])
    locked = ["-q", "--python", str(STOCK.python), "--require-hashes", "--no-build-isolation"]
    # Packages without a wheel are built with the locked tools, so these come first.
    tools = STOCK.folder / "build-tools.lock"
    tools.write_text(_build_tools(STOCK.lock.read_text(encoding="utf-8")), encoding="utf-8")
    _run([uv, "pip", "install", "--no-deps", *locked, "-r", str(tools)])
    _run([uv, "pip", "sync", *locked, str(STOCK.lock)])
    stamp.write_text(wanted, encoding="ascii")


def _build_tools(lock: str) -> str:
    entries = lock.replace(" \\\n    ", " ").splitlines()
    return (
        "\n".join(line for line in entries if line.startswith(("setuptools==", "wheel=="))) + "\n"
    )


def _uv() -> str:
    for folder in ("uv", "uv-target"):
        found = PROJECT / ".haki" / folder / "bin" / "uv"
        if found.exists():
            return str(found)
    raise StartError("uv is missing. Run `make setup` first.")


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, "UV_SYSTEM_CERTS": "1"}, check=False
    )
    if done.returncode != 0:
        raise StartError("Installing stock Rasa failed (see above); run the same command again.")
