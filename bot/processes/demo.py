"""What `make demo` runs: the whole stack in the foreground until Ctrl-C."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from bot.processes.errors import StartError, disk_full, full_disk_note
from bot.processes.leash import PR_SET_PDEATHSIG
from bot.processes.stack import Stack
from bot.processes.state import PROJECT

_ENDS_US = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_EVERY = 0.5  # seconds between two looks at the children


class _StopRequested(BaseException):
    """Ctrl-C, or a request to end. Not an Exception: nothing on the way may swallow it."""


def run_demo(environ: Mapping[str, str] = os.environ) -> int:
    """Run until asked to stop; return the exit status. Progress and problems go to the terminal."""
    _end_with_make(environ)
    for number in _ENDS_US:
        signal.signal(number, _request_stop)
    stack: Stack | None = None
    try:
        port = _port(environ)
        folder = Path(environ.get("HAKI_STATE_DIR") or PROJECT / ".haki")
        stack = Stack(folder, port=port, say=_Progress())
        stack.start()
        people = _ensure_people(stack)
        _print_welcome(stack, people)
        _watch(stack)
        return 0  # pragma: no cover - _watch only ends by an exception
    except _StopRequested:
        print("\nStopping.", flush=True)
        return 0
    except StartError as error:
        note = full_disk_note(stack.state.folder) if stack else ""
        print(f"\nhaki: {error}{note}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        if not disk_full(error):
            raise
        print("\nhaki: The disk is full. Free some space and start again.", file=sys.stderr)
        return 1
    finally:
        for number in _ENDS_US:
            signal.signal(number, signal.SIG_IGN)
        if stack is not None:
            stack.stop()


class _Progress:
    """Prints each step with the seconds since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, line: str) -> None:
        print(f"[{time.monotonic() - self._started:5.1f} s] {line}", flush=True)


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    for number in _ENDS_US:
        signal.signal(number, signal.SIG_IGN)
    raise _StopRequested


def _end_with_make(environ: Mapping[str, str]) -> None:
    """Under make, end when make is killed: nobody else would stop us."""
    if environ.get("MAKELEVEL") and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _port(environ: Mapping[str, str]) -> int:
    value = environ.get("HAKI_PORT") or "8000"
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise StartError(f"HAKI_PORT is {value!r}; it must be a port number, 1 to 65535.")
    return int(value)


def _watch(stack: Stack) -> None:
    while True:
        stack.check()
        time.sleep(_LOOK_EVERY)


def _ensure_people(stack: Stack) -> list[str]:
    """Create the two demonstration organisations and their people; return the sign-ins."""
    made = stack.command("demo_people", HAKI_DEMO_PASSWORD=stack.credentials.sign_in)
    return made.split()


def _print_welcome(stack: Stack, people: list[str]) -> None:
    names = "\n           ".join(people)
    print(
        f"""
Haki is ready.

  Phones   {stack.url}/simulator/
  Console  {stack.url}/console/   password {stack.credentials.sign_in}, and as name one of
           {names}
  Health   {stack.url}/healthz

Beside it, in another terminal: .venv/bin/haki talk
Ctrl-C stops everything.
""",
        flush=True,
    )
