"""What can go wrong while processes start, each with a sentence for the person at the terminal."""

import errno
import shutil
from pathlib import Path

_FULL = 30  # MB; PostgreSQL alone writes its journal in pieces of 16 MB


class StartError(Exception):
    """Something did not start or did not stay up. The message says what happened and what to do."""


def disk_full(error: OSError) -> bool:
    """Tell whether `error` means that a disk or a quota is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def require_space(folder: Path, megabytes: int) -> None:
    """Raise StartError unless the disk that holds `folder` has `megabytes` (10**6 bytes) free."""
    free = shutil.disk_usage(folder).free // 10**6
    if free < megabytes:
        raise StartError(
            f"The disk that holds {folder} has {free} MB free and {megabytes} MB are needed. "
            "Free some space, or set HAKI_STATE_DIR to a folder on another disk."
        )


def full_disk_note(folder: Path) -> str:
    """Return a sentence to add to a failure if the disk that holds `folder` is full, else ''.

    A program that could not write can often not write why either.
    """
    try:
        free = shutil.disk_usage(folder).free // 10**6
    except FileNotFoundError:
        return ""
    return f"\nThe disk that holds {folder} is full: free some space first." if free < _FULL else ""
