"""Compiles the console's translations: a fresh machine has no gettext, so we do it ourselves."""

import os
import tempfile
from pathlib import Path

import polib

DOMAIN = "django"


def compile_catalogues(sources: Path, compiled: Path) -> list[Path]:
    """Write a .mo under `compiled` for each .po under `sources` that is newer; return those.

    Several processes may do it at once: each file appears whole or not at all. Raises OSError
    where the folder cannot be written.
    """
    written = []
    for source in sorted(sources.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        target = compiled / source.relative_to(sources).with_suffix(".mo")
        changed = source.stat().st_mtime_ns
        if target.exists() and target.stat().st_mtime_ns == changed:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(polib.pofile(str(source)).to_binary())
        os.utime(name, ns=(changed, changed))
        Path(name).replace(target)
        written.append(target)
    return written
