"""What can go wrong while processes start, each with a sentence for the person at the terminal."""

import errno
import shutil
from pathlib import Path


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
