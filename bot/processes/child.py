"""One child process: its own session, its own log file, a leash to its parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.processes.errors import StartError, disk_full

LEASH = Path(__file__).with_name("leash.py")

# Seconds that a child gets to end by itself after it was asked to, before it is killed.
GRACE = 10.0


class Child:
    """A program that was started and is ours to stop.

    It runs in a session of its own, so a Ctrl-C in the terminal reaches only the supervisor,
    and it gets `orphan_signal` from the kernel if this process dies in whatever way (Linux).
    Start children from a thread that lives as long as they should: the kernel watches the thread.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        folder: Path,
        environment: Mapping[str, str],
        account: str = "",
        stop_signal: signal.Signals = signal.SIGTERM,
        orphan_signal: signal.Signals = signal.SIGKILL,
    ) -> None:
        """Start `command` (an absolute program path first). Raises StartError if it cannot be."""
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid())]
        leash += [str(int(orphan_signal)), account, *command]
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as output:
                self._process = subprocess.Popen(
                    leash,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=folder,
                    env=dict(environment),
                    start_new_session=True,
                )
        except OSError as error:
            if disk_full(error):
                raise StartError(f"The disk is full: {name} could not open its log.") from error
            raise StartError(f"{name} could not be started: {error}.") from error

    @property
    def pid(self) -> int:
        """The process id; it stays the same from start to end."""
        return self._process.pid

    def running(self) -> bool:
        """Tell whether the process has not ended yet."""
        return self._process.poll() is None

    def how_it_ended(self) -> str:
        """Return a few words on the end of a process that no longer runs."""
        code = self._process.returncode
        if code is None:
            return "is running"
        if code < 0:
            return f"was ended by signal {-code} ({signal.Signals(-code).name})"
        return f"stopped with exit status {code}"

    def last_words(self, lines: int = 5) -> str:
        """Return the end of its log, at most `lines` lines."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.rstrip().splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Send the stop signal; returns at once."""
        if self.running():
            self._process.send_signal(self._stop_signal)

    def wait_until_stopped(self, seconds: float = GRACE) -> None:
        """Wait for the end, at most `seconds`, then kill whatever is left of its session."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._kill_session()
            self._process.wait()
        self._kill_session()

    def stop(self, seconds: float = GRACE) -> None:
        """Ask it to stop, wait, and kill it if it does not."""
        self.ask_to_stop()
        self.wait_until_stopped(seconds)

    def _kill_session(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def loader_environment() -> dict[str, str]:
    """Return the least that programs, and the Python of their leash, need to be loaded."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {"PATH": os.defpath, **{name: os.environ[name] for name in kept if name in os.environ}}


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    account: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a short command on the same leash to its end and return it, output and errors merged."""
    leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid())]
    leash += [str(int(signal.SIGKILL)), account, *command]
    return subprocess.run(
        leash,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=folder,
        env=dict(environment),
        start_new_session=True,
        check=False,
    )
