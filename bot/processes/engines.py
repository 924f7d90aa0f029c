"""PostgreSQL and Valkey together, in a folder of their own: for the demo, tests and benchmarks."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.processes.child import Child
from bot.processes.ports import find_free
from bot.processes.postgres import Passwords, Postgres
from bot.processes.programs import discard_outside
from bot.processes.valkey import Valkey


@dataclass(frozen=True)
class Engines:
    """Two running servers."""

    postgres: Postgres
    valkey: Valkey

    @property
    def database_url(self) -> str:
        """The value for HAKI_DATABASE_URL."""
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        """The value for HAKI_REDIS_URL."""
        return self.valkey.url

    @property
    def children(self) -> tuple[Child, Child]:
        """The two processes, for whoever watches them."""
        return self.postgres.child, self.valkey.child

    def stop(self) -> None:
        """Stop both, each in its proper way."""
        self.valkey.child.ask_to_stop()
        self.postgres.stop()
        self.valkey.stop()


def start_engines(
    folder: Path,
    *,
    passwords: Passwords,
    valkey_password: str,
    logs: Path,
    ports: tuple[int, int] | None = None,
    volatile: bool = False,
) -> Engines:
    """Start both servers with their data in `folder`. Raises StartError.

    `ports`: PostgreSQL's and Valkey's; free ones are found if none are given.
    """
    postgres_port, valkey_port = ports or find_free(2)
    postgres = Postgres(
        folder / "postgresql", postgres_port, passwords, logs / "postgresql.log", volatile=volatile
    )
    try:
        valkey = Valkey(folder / "valkey", valkey_port, valkey_password, logs / "valkey.log")
    except BaseException:
        postgres.stop()
        raise
    return Engines(postgres, valkey)


@contextmanager
def temporary_engines(
    *,
    passwords: Passwords | None = None,
    valkey_password: str = "",
    ports: tuple[int, int] | None = None,
) -> Iterator[Engines]:
    """Run both servers in a new folder and remove everything at the end.

    Passwords and ports are made if none are given. The database is quick and not safe against a
    power cut (volatile).
    """
    folder = Path(tempfile.mkdtemp(prefix="haki-engines-"))
    folder.chmod(0o711)
    try:
        engines = start_engines(
            folder,
            passwords=passwords or Passwords(secrets.token_hex(16), secrets.token_hex(16)),
            valkey_password=valkey_password or secrets.token_hex(16),
            logs=folder / "logs",
            ports=ports,
            volatile=True,
        )
        try:
            yield engines
        finally:
            engines.stop()
    finally:
        discard_outside(folder / "postgresql")
        shutil.rmtree(folder)
