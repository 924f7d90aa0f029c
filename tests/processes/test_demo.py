"""`make demo` as a person meets it: ready, clear about what is wrong, nothing left behind."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.processes import waiting
from bot.processes.ports import find_free
from bot.processes.state import PROJECT
from tests import own_environment

pytestmark = pytest.mark.stack
DEMO = [sys.executable, "-m", "bot.processes"]


class RunningDemo:
    """A demonstration in a folder and on a port of its own, started and ready."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="demo-", dir=own_environment.FOLDER))
        self.folder.chmod(0o711)
        models = PROJECT / ".haki" / "models"
        models.mkdir(parents=True, exist_ok=True)
        (self.folder / "models").symlink_to(models)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HAKI_")
        }
        self.environment |= {
            "HAKI_STATE_DIR": str(self.folder),
            "HAKI_PORT": str(find_free(1)[0]),
        }
        self.process = subprocess.Popen(
            DEMO, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.environment
        )
        self.said = self._read_until_ready()
        self.pids = {process.pid for process in psutil.Process(self.process.pid).children(True)}

    def _read_until_ready(self) -> str:
        said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                return said
        raise AssertionError(f"the demonstration ended:\n{said}")

    def child(self, words: str) -> psutil.Process:
        for process in psutil.Process(self.process.pid).children():
            if words in " ".join(process.cmdline()):
                return process
        raise AssertionError(f"no child with {words}")

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit status and what was said last."""
        last, _ = self.process.communicate(timeout=60)
        return self.process.returncode, last

    def left(self) -> list[str]:
        """What is still there of its processes, after a moment."""

        def alive() -> list[str]:
            found = []
            for pid in self.pids:
                try:
                    process = psutil.Process(pid)
                    if process.status() != psutil.STATUS_ZOMBIE:
                        found.append(f"{pid} {process.cmdline()}")
                except psutil.NoSuchProcess:
                    continue
            return found

        waiting.until(lambda: not alive(), seconds=15)
        return alive()


@pytest.fixture
def demo() -> Iterator[RunningDemo]:
    running = RunningDemo()
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.communicate()


def _start_another(environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        DEMO, capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    return done.returncode, done.stderr


def test_it_gets_ready_and_a_second_one_is_told_what_to_do(demo: RunningDemo) -> None:
    port = demo.environment["HAKI_PORT"]
    for address in (f"http://127.0.0.1:{port}/simulator/", "/console/", "/healthz", "password"):
        assert address in demo.said
    assert len(demo.pids) >= 6

    status, said = _start_another(demo.environment)
    assert status == 1
    assert f"already runs from this folder (process {demo.process.pid})" in said

    elsewhere = {**demo.environment, "HAKI_STATE_DIR": str(demo.folder / "second")}
    status, said = _start_another(elsewhere)
    assert status == 1
    assert f"Port {port} is in use" in said
    assert "HAKI_PORT=" in said

    demo.process.send_signal(signal.SIGINT)
    status, said = demo.end()
    assert (status, said.strip()) == (0, "Stopping.")
    assert demo.left() == []


@pytest.mark.parametrize(("words", "name"), [("django worker", "worker"), ("/postgres", "Postgre")])
def test_a_killed_child_ends_it_with_a_sentence(demo: RunningDemo, words: str, name: str) -> None:
    demo.child(words).kill()
    status, said = demo.end()
    assert status == 1
    assert name in said
    assert "SIGKILL" in said
    assert str(demo.folder / "logs") in said
    assert demo.left() == []


def test_nothing_is_left_when_it_is_killed_itself(demo: RunningDemo) -> None:
    demo.process.kill()
    assert demo.left() == []


@pytest.mark.parametrize("port", ["0", "70000", "web"])
def test_a_wrong_port_is_a_sentence(port: str) -> None:
    status, said = _start_another({**os.environ, "HAKI_PORT": port})
    assert status == 1
    assert f"HAKI_PORT is {port!r}" in said
