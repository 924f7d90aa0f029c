"""The two systems under measurement, each with a stand-in provider of its own."""

import json
import os
import secrets
import shutil
import sys
import tempfile
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import psycopg

from benchmarks.speed.processes import children_of, program_of
from benchmarks.stock.environment import STOCK, environment_of_stock
from benchmarks.stock.training import StockModel
from bot.processes import waiting
from bot.processes.child import Child
from bot.processes.errors import StartError
from bot.processes.ports import LOOPBACK, find_free, is_free
from bot.processes.programs import discard_outside
from bot.processes.stack import Stack
from bot.processes.state import PROJECT
from bot.understanding.meaning import reading_code

MODELS = PROJECT / ".haki" / "models"
SMS_NUMBER = "+15005550006"  # one of Twilio's numbers that nobody owns
# What the kernel calls the engines' programs (the first 15 characters).
ENGINES = {"postgres": "postgresql", "valkey-server": "valkey"}
READY_WITHIN = 120.0  # seconds
LIBRARY_WITHIN = 600.0  # seconds; some ten on a quiet machine

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
Say = Callable[[str], None]


class System(ABC):
    """One running bot and the stand-in that it hears from and sends to.

    `roots` holds the bot's process trees by name; the stand-in is not among them.
    """

    name = ""
    has_workers = False

    def __init__(self, say: Say) -> None:
        """Nothing starts yet."""
        self.roots: dict[str, int] = {}
        self._say = say
        self._folder = Path(tempfile.mkdtemp(prefix=f"haki-benchmark-{self.name}-"))
        self._folder.chmod(0o711)  # PostgreSQL's account must reach its data
        self._stand_in: Child | None = None
        self.port, self._provider_port = find_free(2)

    @property
    def provider(self) -> str:
        """The base address of the stand-in."""
        return f"http://{LOOPBACK}:{self._provider_port}/simulator"

    @property
    def provider_pid(self) -> int:
        """The stand-in's process id."""
        assert self._stand_in is not None
        return self._stand_in.pid

    def __enter__(self) -> "System":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None:
        """Start bot and stand-in; return when both answer. Raises StartError."""

    def have_workers(self, count: int) -> None:
        """Start workers until there are `count`. Raises StartError."""
        raise StartError(f"{self.name} has no workers.")

    def stop(self) -> None:
        """End all processes and remove what they kept."""
        if self._stand_in is not None:
            self._stand_in.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_stand_in(self, environment: Mapping[str, str]) -> None:
        self._stand_in = Child(
            "stand-in",
            [sys.executable, "-m", "bot.simulator", "--port", str(self._provider_port)],
            log=self._folder / "stand-in.log",
            folder=PROJECT,
            environment={
                **without_own(os.environ),
                **environment,
                "HAKI_PORT": str(self.port),
                "HAKI_SMS_NUMBERS": SMS_NUMBER,
                "HAKI_TWILIO_API_URL": f"{self.provider}/twilio",
                "HAKI_SIMULATOR_PACE": "fast",
            },
        )
        wait_for_port(self._stand_in, self._provider_port)


class Haki(System):
    """All real processes of Haki: engines, web, worker, rasa and actions. Durability is on."""

    name = "haki"
    has_workers = True

    def __init__(self, say: Say) -> None:
        """See System."""
        super().__init__(say)
        self._workers: list[Child] = []
        self._stack = Stack(
            self._folder,
            port=self.port,
            base_environment=without_own(os.environ),
            extra_environment={
                "HAKI_TWILIO_API_URL": f"{self.provider}/twilio",
                "HAKI_TWILIO_CONTENT_URL": f"{self.provider}/content",
                "HAKI_TELEGRAM_API_URL": f"{self.provider}/telegram/bot",
                "HAKI_SMS_NUMBERS": SMS_NUMBER,
                # Few people stand for many here, and write faster than any person.
                "HAKI_RATE_LIMITS": "off",
            },
            models=MODELS,
            say=say,
        )

    def start(self) -> None:
        """See System."""
        self._stack.state.create()
        self._start_stand_in(self._stack.credentials.settings)
        others = children_of(os.getpid())
        self._stack.start()
        self._wait_for_library()
        programs = {name: child.pid for name, child in self._stack.children.items()}
        engines = children_of(os.getpid(), besides=[*others, *programs.values()])
        self.roots = {**programs, **{ENGINES[program_of(pid)]: pid for pid in engines}}

    def have_workers(self, count: int) -> None:
        """See System; the first worker is the stack's own."""
        for number in range(len(self._workers) + 2, count + 1):
            name = f"worker {number}"
            child = Child(
                name,
                [sys.executable, "-m", "django", "worker"],
                log=self._folder / f"worker-{number}.log",
                folder=PROJECT,
                environment=self._stack.environment,
            )
            self._workers.append(child)
            self.roots[name] = child.pid
        if not waiting.until(lambda: self._living_workers() == count, READY_WITHIN, every=0.2):
            raise StartError(f"{count} workers did not start: {self._workers[-1].last_words(8)}")

    def _living_workers(self) -> int:
        with psycopg.connect(self._stack.environment["HAKI_DATABASE_URL"]) as database:
            found = database.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
        return int(found[0]) if found else 0

    def _wait_for_library(self) -> None:
        """Wait for what actions does once after a change of the texts (actions.shelf)."""
        self._say("reading the library by meaning")
        kept = MODELS / f"cards-{reading_code()}.npz"
        if not waiting.until(kept.exists, LIBRARY_WITHIN, every=0.5):
            raise StartError("actions did not finish reading the library.")

    def stop(self) -> None:
        """See System."""
        for worker in self._workers:
            worker.stop()
        self._stack.stop()
        discard_outside(self._folder / "postgresql")
        super().stop()


class Stock(System):
    """`rasa run` of a stock project with Rasa's own Twilio channel."""

    name = "stock"

    def __init__(self, model: StockModel, say: Say) -> None:
        """See System; `model` is trained."""
        super().__init__(say)
        self._model = model
        self._rasa: Child | None = None
        self._account = {
            "HAKI_TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
            "HAKI_TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "HAKI_TELEGRAM_TOKEN": "1:unused",
        }

    def start(self) -> None:
        """See System."""
        self._say("starting the stock project")
        self._start_stand_in(self._account)
        credentials = self._folder / "credentials.yml"
        values = {
            "account_sid": self._account["HAKI_TWILIO_ACCOUNT_SID"],
            "auth_token": self._account["HAKI_TWILIO_AUTH_TOKEN"],
            "twilio_number": SMS_NUMBER,
        }
        credentials.write_text(json.dumps({"twilio": values}), encoding="utf-8")  # JSON is YAML
        self._rasa = Child(
            "stock rasa",
            [str(STOCK.python), str(STOCK.launcher), "run", "-i", LOOPBACK, "-p", str(self.port)]
            + ["--model", str(self._model.file), "--credentials", str(credentials)]
            + ["--endpoints", str(self._model.project / "endpoints.yml")],
            log=self._folder / "rasa.log",
            folder=self._model.project,
            environment={
                **environment_of_stock(),
                "STOCK_TWILIO_API_URL": f"{self.provider}/twilio",
            },
        )
        wait_for_port(self._rasa, self.port)
        self._point_stand_in_to_rasa()
        self.roots = {"rasa": self._rasa.pid}

    def stop(self) -> None:
        """See System."""
        if self._rasa is not None:
            self._rasa.stop()
        super().stop()

    def _point_stand_in_to_rasa(self) -> None:
        """Set the number's webhook as its owner would: through Twilio's API."""
        account = self._account["HAKI_TWILIO_ACCOUNT_SID"]
        login = f"{account}:{self._account['HAKI_TWILIO_AUTH_TOKEN']}".encode()
        headers = {"Authorization": "Basic " + b64encode(login).decode("ascii")}
        numbers = f"{self.provider}/twilio/2010-04-01/Accounts/{account}/IncomingPhoneNumbers"
        with _direct.open(urllib.request.Request(f"{numbers}.json", headers=headers)) as listed:  # noqa: S310
            (number,) = json.load(listed)["incoming_phone_numbers"]
        webhook = f"http://{LOOPBACK}:{self.port}/webhooks/twilio/webhook"
        form = urllib.parse.urlencode({"SmsUrl": webhook}).encode()
        change = urllib.request.Request(f"{numbers}/{number['sid']}.json", form, headers)  # noqa: S310
        with _direct.open(change):
            pass


def without_own(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` without HAKI_* settings: a benchmark never touches a real account."""
    return {name: value for name, value in environment.items() if not name.startswith("HAKI_")}


def wait_for_port(child: Child, port: int) -> None:
    """Return when `child` listens. Raises StartError if it ends first or takes too long."""
    taken = waiting.until(lambda: not is_free(port) or not child.running(), READY_WITHIN, every=0.1)
    if not taken or not child.running():
        raise StartError(f"{child.name} did not start. Its log ends:\n{child.last_words(8)}")
