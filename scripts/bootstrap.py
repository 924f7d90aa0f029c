"""Bring uv, Python 3.10 and the locked packages into this clone; quick when they are there.

Needs only the standard library of Python 3.8 or later, perhaps without pip or venv. Everything
goes to .haki and .venv. Each step leaves a stamp and is skipped while the stamp fits.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Sequence

PROJECT = Path(__file__).resolve().parents[1]
TOOLS = PROJECT / ".haki"
VENV = PROJECT / ".venv"
LOCK = PROJECT / "requirements.lock"
STAMP = VENV / "haki-stamp"
UV_VERSION = "0.13.9"
WANTED = "3.10"
RIGHT_PYTHON = "import sys, ssl, sqlite3, ctypes; assert sys.version_info[:2] == (3, 10)"
SPACE = 2500 * 10**6  # bytes: packages unpacked (1.4 GB), downloads, and some room to work

# pip knows only its own certificates; a company's stand in the system's file.
SYSTEM_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


class Problem(Exception):
    """Setting up cannot go on; the message says what to do."""


def say(line: str) -> None:
    print("[setup] " + line, flush=True)


def run(command: Sequence[object], what: str) -> None:
    """Run a command whose output the person may see. Raises Problem with `what` in it."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1", UV_PYTHON_INSTALL_DIR=str(TOOLS / "python"))
    environment.pop("VIRTUAL_ENV", None)
    environment.setdefault("UV_HTTP_TIMEOUT", "120")
    environment.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    for certificates in SYSTEM_CERTIFICATES:
        if Path(certificates).exists():
            environment.setdefault("PIP_CERT", certificates)
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=str(PROJECT), env=environment, check=False
        )
    except OSError as error:
        raise Problem("{} failed: {}".format(what, error)) from error
    if done.returncode != 0:
        raise Problem(
            "{} failed (see above). With no connection or a full disk nothing can be installed; "
            "mend it and run the same command again: finished steps are not repeated.".format(what)
        )


def succeeds(command: Sequence[object]) -> bool:
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def ensure_uv() -> Path:
    """Return the path of a uv of our version inside .haki."""
    for place in (TOOLS / "uv" / "bin" / "uv", TOOLS / "uv-target" / "bin" / "uv"):
        if place.exists() and succeeds([place, "--version"]):
            return place
    TOOLS.mkdir(exist_ok=True)
    requirement = "uv==" + UV_VERSION
    if succeeds([sys.executable, "-c", "import ensurepip, venv"]):
        say("installing uv " + UV_VERSION)
        shutil.rmtree(str(TOOLS / "uv"), ignore_errors=True)
        run([sys.executable, "-m", "venv", TOOLS / "uv"], "Making a folder for uv")
        run(
            [TOOLS / "uv" / "bin" / "python", "-m", "pip", "install", "-q", requirement],
            "Getting uv",
        )
        return TOOLS / "uv" / "bin" / "uv"
    if succeeds([sys.executable, "-m", "pip", "--version"]):
        say("installing uv " + UV_VERSION)
        target = TOOLS / "uv-target"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--upgrade"]
        run([*pip, "--target", target, requirement], "Getting uv")
        return target / "bin" / "uv"
    raise Problem(
        "{} can neither make a virtual environment nor run pip. Install one of them, on Debian "
        "or Ubuntu: apt-get install python3-venv".format(sys.executable)
    )


def pyenv_pythons() -> Iterator[Path]:
    """Yield the 3.10 interpreters of pyenv, whose shim may not be active."""
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    path = os.environ.get("PATH", "").split(os.pathsep)
    roots += [str(Path(folder).parent) for folder in path if Path(folder).name == "shims"]
    for root in filter(None, roots):
        try:
            found = sorted((Path(root) / "versions").glob(WANTED + ".*/bin/python" + WANTED))
        except OSError:
            continue
        yield from reversed(found)


def find_python(uv: Path) -> str:
    """Return a Python 3.10, downloading one into .haki if the machine has none."""
    known = subprocess.run(
        [str(uv), "python", "find", "--no-python-downloads", WANTED],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ, UV_PYTHON_INSTALL_DIR=str(TOOLS / "python")),
        cwd="/",
        check=False,
    )
    candidates = [known.stdout.decode().strip()] if known.returncode == 0 else []
    candidates += [str(python) for python in pyenv_pythons()]
    for python in candidates:
        if succeeds([python, "-c", RIGHT_PYTHON]):
            return python
    say("getting Python {} (about 30 MB)".format(WANTED))
    try:
        run([uv, "python", "install", WANTED], "Getting Python " + WANTED)
    except Problem as problem:
        raise Problem(
            "This machine has no Python {0} (Rasa needs just that one) and it could not be "
            "downloaded. Install it, for example with `pyenv install {0}`, and run the same "
            "command again.".format(WANTED)
        ) from problem
    return WANTED


def build_tools() -> str:
    """Return the entries of setuptools and wheel in the lock, hashes included."""
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.read_text())
    return "\n".join(entry for entry in entries if re.match("(setuptools|wheel)==", entry)) + "\n"


def wanted_stamp() -> str:
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml", ".python-version"):
        digest.update((PROJECT / name).read_bytes())
    # A moved clone needs its scripts written anew.
    digest.update(str(PROJECT).encode())
    return digest.hexdigest()


def fits() -> bool:
    try:
        return STAMP.read_text() == wanted_stamp() and succeeds([VENV / "bin" / "python", "-V"])
    except OSError:
        return False


def require_space() -> None:
    free = shutil.disk_usage(str(PROJECT)).free
    if free < SPACE:
        raise Problem(
            "The disk has {} MB free; setting up needs {} MB. Free some space first.".format(
                free // 10**6, SPACE // 10**6
            )
        )


def set_up() -> None:
    """Make .venv what requirements.lock says."""
    if fits():
        return
    uv = ensure_uv()
    if not succeeds(
        [VENV / "bin" / "python", "-c", "import sys; assert sys.version_info[:2] == (3, 10)"]
    ):
        require_space()
        found = find_python(uv)
        say("making .venv with " + found)
        run([uv, "venv", "-q", "--clear", "--python", found, VENV], "Making .venv")
    python = VENV / "bin" / "python"
    say("installing the packages of requirements.lock (the first time some minutes)")
    # What has no wheel is built with the locked setuptools: build isolation would fetch one that
    # the lock does not vouch for. So the build tools come first.
    tools = TOOLS / "build-tools.lock"
    tools.write_text(build_tools())
    locked = ["--python", python, "--require-hashes", "--no-build-isolation"]
    run([uv, "pip", "install", "-q", "--no-deps", *locked, "-r", tools], "Installing build tools")
    run([uv, "pip", "sync", *locked, LOCK], "Installing the packages")
    # "compat": one line with this folder's path, so that new top-level packages need no new setup.
    options = ["--no-deps", "--no-build-isolation", "--offline", "-C", "editable_mode=compat"]
    own = ["-e", PROJECT, "-e", PROJECT / "stand_ins" / "tensorflow"]
    run([uv, "pip", "install", "-q", "--python", python, *options, *own], "Installing Haki itself")
    STAMP.write_text(wanted_stamp())
    say("done")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool-only", action="store_true", help="bring uv only")
    arguments = parser.parse_args()
    if sys.version_info < (3, 8):
        raise Problem("Python 3.8 or later is needed to set up; set PYTHON=... for make.")
    if arguments.tool_only:
        ensure_uv()
    else:
        set_up()


if __name__ == "__main__":
    try:
        main()
    except Problem as problem:
        print("haki: {}".format(problem), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        print("haki: {}. Is the disk full or this folder not yours?".format(error), file=sys.stderr)
        sys.exit(1)
