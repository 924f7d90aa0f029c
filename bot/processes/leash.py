"""Become another program that ends when its parent does, if need be as an unprivileged user.

Run as a script: `python -I -S leash.py PARENT SIGNAL ACCOUNT PROGRAM [ARGUMENT...]`.
A small program of its own because code between fork and exec inside a process with threads can
deadlock. The order matters: Linux clears the parent-death signal when credentials change
(prctl(2), PR_SET_PDEATHSIG), so the account changes first.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _change_account(name: str) -> None:
    import pwd

    entry = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = "/"


def main(parent: int, signal_number: int, account: str, program: list[str]) -> None:
    """Tie this process to `parent`, then replace it with `program`. An empty account: unchanged."""
    if account:
        _change_account(account)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # it died before the signal was set
        raise SystemExit(1)
    os.execv(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
