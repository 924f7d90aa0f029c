"""The whole of Haki on one machine: engines, web, worker, rasa and actions."""

import json
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.processes import waiting
from bot.processes.child import Child, run
from bot.processes.credentials import Credentials
from bot.processes.engines import Engines, start_engines
from bot.processes.environment import for_rasa, own_settings, stand_in_settings
from bot.processes.errors import StartError, require_space
from bot.processes.ports import LOOPBACK, find_free, is_free
from bot.processes.postgres import Postgres
from bot.processes.state import PROJECT, State, StateLock, write_private
from bot.processes.training import trained_model
from bot.processes.valkey import Valkey

READY_WITHIN = 180.0  # seconds; an old laptop loads Rasa in about a minute
_SPACE = 300  # MB that a new database, logs and a model need

# No proxy may stand between us and our own loopback ports.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Health:
    """What `/healthz` said: each part's state, and whether all of them are well."""

    well: bool
    parts: Mapping[str, Any]


def be_quiet(_line: str) -> None:
    """Say nothing: for callers who want no progress."""


class Stack:
    """One running system with everything it keeps in one state folder.

    `start` returns when all parts are healthy; `stop` leaves no process behind. Use it as a
    context manager, from a thread that outlives it. `extra_environment` wins over what the
    caller's environment and the stack itself would set.
    """

    def __init__(
        self,
        state_folder: Path,
        *,
        port: int,
        extra_environment: Mapping[str, str] | None = None,
        base_environment: Mapping[str, str] = os.environ,
        models: Path | None = None,
        volatile: bool = False,
        say: Callable[[str], None] = be_quiet,
    ) -> None:
        """Nothing starts yet.

        `base_environment` is what the children inherit. `models` is a folder for trained models,
        to share them with another stack. `volatile`: a quick database that a power cut may damage
        (for tests).
        """
        self.state = State(state_folder.resolve())
        self.port = port
        self.environment: dict[str, str] = {}
        self.children: dict[str, Child] = {}
        self._base = dict(base_environment)
        self._extra = dict(extra_environment or {})
        self._models = models or self.state.folder / "models"
        self._volatile = volatile
        self._say = say
        self._engines: Engines | None = None
        self._lock: StateLock | None = None
        self._commands: dict[str, list[str]] = {}

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the web process listens."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def credentials(self) -> Credentials:
        """This folder's secrets, the console's demonstration sign-in among them."""
        return Credentials(self.state)

    def start(self) -> None:
        """Start everything that is not there yet and wait until it is healthy.

        Raises StartError, with every process that was started stopped again.
        """
        self.state.create()
        self._lock = self.state.lock()
        try:
            self._require_port()
            require_space(self.state.folder, _SPACE)
            self.state.put_old_logs_aside()
            self._start_engines()
            self._prepare_database()
            self._start_programs()
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the programs, then the engines."""
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            child.wait_until_stopped()
        self.children = {}
        if self._engines is not None:
            self._engines.stop()
            self._engines = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def check(self) -> None:
        """Raise StartError if any process ended by itself."""
        engines = self._engines.children if self._engines else ()
        for child in (*engines, *self.children.values()):
            if not child.running():
                raise StartError(
                    f"{child.name} {child.how_it_ended()}, so everything else was stopped. "
                    f"Its log is {child.log}"
                    + (f" and ends:\n{words}" if (words := child.last_words()) else ".")
                )

    def restart(self, name: str) -> None:
        """Stop a part if it still runs and start it anew, as a service manager would.

        `name`: a program, or `postgresql` or `valkey`, which come back on their ports, PostgreSQL
        with its data.
        """
        engine = self._engine(name)
        if engine is not None:
            engine.stop()
            engine.start()
            return
        self.children[name].stop()
        self._start_program(name)

    def kill(self, name: str) -> None:
        """Kill a part at once (SIGKILL), for tests of what is left."""
        engine = self._engine(name)
        child = engine.child if engine is not None else self.children[name]
        os.kill(child.pid, signal.SIGKILL)

    def _engine(self, name: str) -> Postgres | Valkey | None:
        if self._engines is None:
            return None
        engines: dict[str, Postgres | Valkey] = {
            "postgresql": self._engines.postgres,
            "valkey": self._engines.valkey,
        }
        return engines.get(name)

    def wait_until_healthy(self) -> None:
        """Wait for all parts, for instance after `restart`. Raises StartError."""
        self._wait_until_healthy()

    def health(self) -> Health:
        """Ask `/healthz`; not well if it cannot be asked."""
        try:
            with _direct.open(f"{self.url}/healthz", timeout=5) as response:
                return Health(True, _parts(response.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Health(False, _parts(error.read()))
        except OSError:
            return Health(False, {})

    def command(self, *arguments: str, **environment: str) -> str:
        """Run a `haki` command to its end and return what it printed. Raises StartError."""
        done = run(
            [sys.executable, "-m", "django", *arguments],
            folder=PROJECT,
            environment={**self.environment, **environment},
        )
        if done.returncode != 0:
            raise StartError(f"`haki {arguments[0]}` failed:\n{done.stdout[-1500:].rstrip()}")
        return done.stdout

    def _require_port(self) -> None:
        if not is_free(self.port):
            raise StartError(
                f"Port {self.port} is in use by another program. Stop it, or choose another port: "
                f"HAKI_PORT={self.port + 10} make demo"
            )

    def _start_engines(self) -> None:
        self._say("starting PostgreSQL and Valkey")
        credentials = self.credentials
        self._engines = start_engines(
            self.state.folder,
            passwords=credentials.postgresql,
            valkey_password=credentials.valkey,
            logs=self.state.logs,
            volatile=self._volatile,
        )
        self._rasa_port, self._actions_port = find_free(2)
        made = own_settings(
            {**credentials.settings, **stand_in_settings(self.port)}, {**self._base, **self._extra}
        )
        made |= {
            "HAKI_ENV": "demo",
            "HAKI_STATE_DIR": str(self.state.folder),
            "HAKI_PORT": str(self.port),
            "HAKI_DATABASE_URL": self._engines.database_url,
            "HAKI_REDIS_URL": self._engines.redis_url,
            "HAKI_RASA_URL": f"http://{LOOPBACK}:{self._rasa_port}",
            "HAKI_ACTIONS_URL": f"http://{LOOPBACK}:{self._actions_port}",
        }
        write_private(self.state.environment, made)
        self.environment = {
            **self._base,
            "DJANGO_SETTINGS_MODULE": "bot.settings.project",
            "HAKI_MODELS_DIR": str(self._models),
            **made,
            **self._extra,
        }

    def _prepare_database(self) -> None:
        self._say("preparing the database")
        self.command("migrate", "--no-input", "-v", "0")

    def _start_programs(self) -> None:
        model = trained_model(
            PROJECT, self._models, self.state.logs, self.environment, self._tell_about_training
        )
        self._say("starting web, worker, rasa and actions")
        python = [sys.executable, "-m"]
        self._commands = {
            "actions": [*python, "rasa_sdk", "--actions", "actions", "-p", str(self._actions_port)],
            "rasa": [*python, "rasa", "run", "-i", LOOPBACK, "-p", str(self._rasa_port)]
            + ["--model", str(model), "--credentials", "credentials.yml"]
            + ["--endpoints", "endpoints.yml"],
            "web": [*python, "uvicorn", "bot.asgi:application", "--host", LOOPBACK]
            + ["--port", str(self.port), "--no-access-log", "--log-level", "warning"]
            # Live updates stay open for hours; they must not hold up a stop.
            + ["--ws", "none", "--timeout-graceful-shutdown", "3"],
            "worker": [*python, "django", "worker"],
        }
        if self.environment.get("HAKI_TELEGRAM_MODE") == "polling":
            self._commands["telegram"] = [*python, "django", "telegram_poll"]
        for name in self._commands:
            self._start_program(name)

    def _tell_about_training(self, line: str) -> None:
        self.check()
        self._say(line)

    def _start_program(self, name: str) -> None:
        quiet = name in ("rasa", "actions")
        self.children[name] = Child(
            name,
            self._commands[name],
            log=self.state.logs / f"{name}.log",
            folder=PROJECT,
            environment=for_rasa(self.environment) if quiet else self.environment,
        )

    def _wait_until_healthy(self) -> None:
        last = Health(False, {})

        def healthy() -> bool:
            nonlocal last
            self.check()
            if any(is_free(port) for port in (self._rasa_port, self._actions_port, self.port)):
                return False  # asking /healthz now would only fill its log
            last = self.health()
            return last.well

        if not waiting.until(healthy, READY_WITHIN, every=0.25):
            failing = ", ".join(name for name, well in last.parts.items() if not well) or "web"
            raise StartError(
                f"Not healthy after {READY_WITHIN:.0f} seconds: {failing}. "
                f"The logs are in {self.state.logs}."
            )


def _parts(body: bytes) -> Mapping[str, Any]:
    try:
        parts = json.loads(body)["parts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return parts if isinstance(parts, dict) else {}
