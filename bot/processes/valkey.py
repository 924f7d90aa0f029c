"""An embedded Valkey server (it speaks Redis) on a loopback port, in memory only."""

import signal
import socket
from pathlib import Path

from bot.processes import waiting
from bot.processes.child import Child, loader_environment
from bot.processes.errors import StartError
from bot.processes.ports import LOOPBACK
from bot.processes.programs import valkey_program

READY_WITHIN = 20.0  # seconds

# Nothing is written to disk: what people said lives here only, and only for a time.
_CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
loglevel warning
logfile ""
"""


class Valkey:
    """A running server."""

    def __init__(self, folder: Path, port: int, password: str, log: Path) -> None:
        """Start it and wait until it answers. Raises StartError."""
        self.port = port
        self._password = password
        self._log = log
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        configuration = folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            _CONFIGURATION.format(host=LOOPBACK, port=port, password=password, folder=folder),
            encoding="utf-8",
        )
        self.start()

    def start(self) -> None:
        """Start the server, for instance anew after it was killed. Raises StartError."""
        self.child = Child(
            "Valkey",
            [str(valkey_program()), str(self._folder / "valkey.conf")],
            log=self._log,
            folder=self._folder,
            environment=loader_environment(),
            orphan_signal=signal.SIGTERM,
        )
        try:
            self._wait()
        except BaseException:
            self.child.stop()
            raise

    @property
    def url(self) -> str:
        """The address, with its password."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def stop(self) -> None:
        """Stop the server; what it held is gone."""
        self.child.stop()

    def _wait(self) -> None:
        waiting.until(lambda: not self.child.running() or self._answers(), READY_WITHIN)
        if not self.child.running() or not self._answers():
            raise StartError(
                f"Valkey did not start. The end of {self._log} says: "
                f"{self.child.last_words(3) or 'nothing'}"
            )

    def _answers(self) -> bool:
        """Tell whether it greets us with our password (which no other server would take)."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                return connection.recv(64).startswith(b"+OK")
        except OSError:
            return False
