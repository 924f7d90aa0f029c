"""One child process: it ends when asked, when it must, and when its parent is gone."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bot.processes import waiting
from bot.processes.child import Child, loader_environment, run
from bot.processes.errors import StartError, disk_full

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
_IGNORE_SIGTERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(600)"
)
DEAF = [sys.executable, "-c", _IGNORE_SIGTERM]


def _child(tmp_path: Path, command: list[str], name: str = "sleeper") -> Child:
    return Child(
        name, command, log=tmp_path / "child.log", folder=tmp_path, environment=dict(os.environ)
    )


def test_it_stops_when_asked(tmp_path: Path) -> None:
    child = _child(tmp_path, SLEEP)
    assert child.running()
    child.stop()
    assert not child.running()
    assert child.how_it_ended() == "was ended by signal 15 (SIGTERM)"


def test_it_is_killed_when_it_does_not_listen(tmp_path: Path) -> None:
    child = _child(tmp_path, DEAF)
    assert waiting.until(lambda: child.last_words() == "deaf", seconds=20)
    child.stop(seconds=0.2)
    assert child.how_it_ended() == "was ended by signal 9 (SIGKILL)"


def test_its_own_children_go_with_it(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(grandchild.pid, flush=True); time.sleep(600)\n"
    )
    child = _child(tmp_path, [sys.executable, "-c", code])
    assert waiting.until(lambda: child.last_words().isdigit(), seconds=20)
    grandchild = int(child.last_words())
    child.stop()
    assert waiting.until(lambda: not _alive(grandchild), seconds=10)


def test_ctrl_c_in_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    child = _child(tmp_path, SLEEP)
    try:
        assert os.getsid(child.pid) == child.pid
        assert os.getpgid(child.pid) != os.getpgid(0)
    finally:
        child.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a parent-death signal")
def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path\n"
        "from bot.processes.child import Child\n"
        f"folder = Path({str(tmp_path)!r})\n"
        f"child = Child('x', {DEAF!r}, log=folder / 'log', folder=folder, environment=os.environ)\n"
        "print(child.pid, flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _alive(pid)
        parent.kill()
    assert waiting.until(lambda: not _alive(pid), seconds=10)


def test_a_program_that_is_not_there_ends_at_once_and_says_so(tmp_path: Path) -> None:
    child = _child(tmp_path, ["/nowhere/program"])
    assert waiting.until(lambda: not child.running(), seconds=10)
    assert child.how_it_ended() == "stopped with exit status 1"
    assert "No such file" in child.last_words()


def test_a_log_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="could not be started"):
        Child("x", SLEEP, log=tmp_path, folder=tmp_path, environment={})


def test_a_full_disk_is_told_from_other_problems() -> None:
    with pytest.raises(OSError, match="No space left") as full:
        Path("/dev/full").write_text("x")
    assert disk_full(full.value)
    assert not disk_full(OSError(errno.EACCES, "another problem"))


def test_a_short_command_returns_what_it_said(tmp_path: Path) -> None:
    command = ["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]
    done = run(command, folder=tmp_path, environment=loader_environment())
    assert (done.stdout, done.returncode) == ("out\nerr\n", 3)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_can_start_it_as_an_account_without_rights(tmp_path: Path) -> None:
    done = run(
        ["/usr/bin/id", "-un"], folder=Path("/"), environment=dict(os.environ), account="nobody"
    )
    assert done.stdout == "nobody\n"


def test_waiting_gives_up_in_time() -> None:
    started = time.monotonic()
    assert not waiting.until(lambda: False, seconds=0.2)
    assert time.monotonic() - started < 2


def _alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_signals_have_names_in_sentences(tmp_path: Path) -> None:
    child = _child(tmp_path, SLEEP)
    os.kill(child.pid, signal.SIGSEGV)
    assert waiting.until(lambda: not child.running(), seconds=10)
    assert "SIGSEGV" in child.how_it_ended()
