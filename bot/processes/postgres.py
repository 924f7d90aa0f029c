"""An embedded PostgreSQL server on a loopback port, with a role that is no superuser."""

import contextlib
import os
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from bot.processes import waiting
from bot.processes.child import Child, loader_environment, run
from bot.processes.errors import StartError
from bot.processes.ports import LOOPBACK
from bot.processes.programs import PostgresqlPlace, postgresql_place

DATABASE = ROLE = "haki"
# What the console's requests run as (console.walls). It cannot sign in and owns nothing.
CONSOLE_ROLE = "haki_console"
SUPERUSER = "postgres"

# Seconds until a server that had to recover from a hard stop accepts connections.
READY_WITHIN = 60.0

# Statements and values never reach the server's log: they would hold people's messages.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "48MB",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# For tests only: a power cut may lose data, in exchange for speed. A killed process must not, so
# commits are still handed to the kernel (synchronous_commit stays on).
_VOLATILE = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Passwords:
    """The two passwords of an embedded server."""

    superuser: str
    role: str


class Postgres:
    """A running server. `url` is for the role that owns the database `haki`."""

    def __init__(
        self, folder: Path, port: int, passwords: Passwords, log: Path, *, volatile: bool = False
    ) -> None:
        """Create the cluster if it is new, start it and wait until it answers.

        `folder` must not be in use by another running server of ours. Raises StartError.
        """
        self.port = port
        self._passwords = passwords
        self._log = log
        self._place = postgresql_place(folder)
        self._data = self._place.home / "data"
        if not (self._data / "PG_VERSION").exists():
            self._create()
        self._volatile = volatile
        self.start()

    def start(self) -> None:
        """Start the server, for instance anew after it was killed. Raises StartError."""
        self._end_leftovers()
        self.child = self._start(self._volatile)
        try:
            self._wait()
            self._ensure_role_and_database()
        except BaseException:
            self.child.stop()
            raise

    @property
    def url(self) -> str:
        """The address for programs: an ordinary role, which row-level security binds."""
        return f"postgresql://{ROLE}:{self._passwords.role}@{LOOPBACK}:{self.port}/{DATABASE}"

    def superuser_url(self, database: str = "postgres") -> str:
        """The address for whoever needs a superuser, such as a test that makes databases."""
        return (
            f"postgresql://{SUPERUSER}:{self._passwords.superuser}"
            f"@{LOOPBACK}:{self.port}/{database}"
        )

    def stop(self) -> None:
        """Stop as PostgreSQL's "fast" shutdown does: sessions end, data is safe on disk."""
        self.child.stop()

    def _create(self) -> None:
        """Run initdb beside the final place and rename, so that half a cluster never counts."""
        unfinished = self._place.home / f"new-{secrets.token_hex(4)}"
        password_file = self._place.home / f"{unfinished.name}.password"
        password_file.write_text(self._passwords.superuser, encoding="utf-8")
        _same_owner(password_file, self._place)
        try:
            done = run(
                [
                    str(self._place.programs / "initdb"),
                    f"--pgdata={unfinished}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions",
                ],
                folder=self._place.home,
                environment=_environment(),
                account=self._place.account,
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            raise StartError(
                "PostgreSQL could not create its data folder. It says: "
                f"{' '.join(done.stdout.split())[-400:]}"
            )
        unfinished.rename(self._data)

    def _end_leftovers(self) -> None:
        """Stop a server that an earlier run left on this data folder; drop a stale pid file."""
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["name"] == "postgres" and process.info["cwd"] == str(self._data):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGQUIT)
                    _wait_for_end(process)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _start(self, volatile: bool) -> Child:
        settings = {**_SETTINGS, "port": str(self.port), **(_VOLATILE if volatile else {})}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            "PostgreSQL",
            [str(self._place.programs / "postgres"), "-D", str(self._data), *options],
            log=self._log,
            folder=self._place.home,
            environment=_environment(),
            account=self._place.account,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )

    def _wait(self) -> None:
        def answers_or_ended() -> bool:
            return not self.child.running() or self._answers()

        answered = waiting.until(answers_or_ended, READY_WITHIN, every=0.1)
        if not answered or not self.child.running():
            raise StartError(
                f"PostgreSQL did not start. The end of {self._log} says: "
                f"{self.child.last_words(3) or 'nothing'}"
            )

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.superuser_url(), connect_timeout=2):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StartError(
                    f"The passwords in the state folder do not fit the database in "
                    f"{self._data.parent}. Remove both to start afresh."
                ) from error
            return False

    def _ensure_role_and_database(self) -> None:
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            role = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            verb = "ALTER" if role.fetchone() else "CREATE"
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN CREATEDB NOSUPERUSER PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(ROLE), sql.Literal(self._passwords.role)
                )
            )
            console = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [CONSOLE_ROLE]
            )
            name = sql.Identifier(CONSOLE_ROLE)
            if not console.fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
            connection.execute(sql.SQL("GRANT {} TO {}").format(name, sql.Identifier(ROLE)))
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not found.fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(ROLE)
                    )
                )


def _wait_for_end(process: psutil.Process) -> None:
    try:
        process.wait(10)
    except psutil.TimeoutExpired as error:
        raise StartError(
            f"A PostgreSQL of an earlier run (process {process.pid}) does not stop. End it first."
        ) from error


def _environment() -> dict[str, str]:
    """Only what the server and its leash need; LC_ALL so that we can read its messages."""
    return {**loader_environment(), "LC_ALL": "C", "TZ": "UTC"}


def _same_owner(path: Path, place: PostgresqlPlace) -> None:
    path.chmod(0o600)
    if place.account:
        owner = place.home.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
