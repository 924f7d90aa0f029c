"""The state folder: private files, secrets made once, one supervisor at a time."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.processes.credentials import Credentials
from bot.processes.errors import StartError, full_disk_note, require_space
from bot.processes.ports import find_free, is_free
from bot.processes.state import State, read_private, write_private
from bot.settings.environment import DEMO_MARK


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(tmp_path / "state")
    made.create()
    return made


def test_secrets_are_made_once(state: State) -> None:
    first, again = Credentials(state), Credentials(state)
    assert first.settings == again.settings
    assert first.postgresql == again.postgresql
    assert (first.valkey, first.sign_in) == (again.valkey, again.sign_in)


def test_two_folders_share_no_secret(tmp_path: Path) -> None:
    values = []
    for name in ("a", "b"):
        state = State(tmp_path / name)
        state.create()
        Credentials(state)
        values.append(set(read_private(state.secrets).values()))
    assert not values[0] & values[1]


def test_only_the_owner_can_read_secrets(state: State) -> None:
    Credentials(state)
    assert stat.S_IMODE(state.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.run.stat().st_mode) == 0o700
    assert stat.S_IMODE(state.logs.stat().st_mode) == 0o700


def test_production_can_tell_a_demonstration_secret(state: State) -> None:
    settings = Credentials(state).settings
    for name in ("HAKI_SECRET_KEY", "HAKI_LOOKUP_KEY", "HAKI_RASA_TOKEN", "HAKI_TELEGRAM_SECRET"):
        assert settings[name].startswith(DEMO_MARK)


def test_secrets_have_the_shape_that_providers_give_theirs(state: State) -> None:
    settings = Credentials(state).settings
    assert re.fullmatch(r"AC[0-9a-f]{32}", settings["HAKI_TWILIO_ACCOUNT_SID"])
    assert re.fullmatch(r"\d{10}:[\w-]{35}", settings["HAKI_TELEGRAM_TOKEN"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", settings["HAKI_TELEGRAM_SECRET"])


def test_a_damaged_secrets_file_is_never_replaced(state: State) -> None:
    state.secrets.write_text('{"HAKI_SEALING_KEYS": ')
    with pytest.raises(StartError, match="damaged"):
        Credentials(state)
    assert state.secrets.read_text() == '{"HAKI_SEALING_KEYS": '


def test_writing_is_whole_or_not_at_all(state: State) -> None:
    path = state.run / "values.json"
    write_private(path, {"a": "1"})
    with pytest.raises(TypeError):
        write_private(path, {"a": object()})  # type: ignore[dict-item]
    assert json.loads(path.read_text()) == {"a": "1"}


def test_a_second_supervisor_is_told_who_is_there(state: State) -> None:
    lock = state.lock()
    with pytest.raises(StartError, match=rf"process {os.getpid()}.*HAKI_STATE_DIR"):
        state.lock()
    lock.release()
    state.lock().release()


def test_the_lock_of_a_killed_supervisor_is_free(state: State) -> None:
    code = (
        "import sys, time; from pathlib import Path; from bot.processes.state import State\n"
        f"lock = State(Path({str(state.folder)!r})).lock()\n"
        "print('held', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StartError, match=f"process {other.pid}"):
            state.lock()
        other.kill()
    state.lock().release()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="HAKI_STATE_DIR"):
        State(tmp_path / "file" / "state").create()


def test_logs_of_one_run_before_are_kept(state: State) -> None:
    log = state.logs / "web.log"
    for text in ("first", "second"):
        log.write_text(text)
        state.put_old_logs_aside()
    assert not log.exists()
    assert (state.logs / "web.log.previous").read_text() == "second"


def test_too_little_space_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"\d+ MB free and 9+ MB are needed"):
        require_space(tmp_path, 999_999_999)
    require_space(tmp_path, 0)


def test_a_failure_on_a_full_disk_says_that_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert full_disk_note(tmp_path) == ""
    assert full_disk_note(tmp_path / "missing") == ""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4096))
    assert "is full: free some space" in full_disk_note(tmp_path)


def test_a_port_with_a_listener_is_not_free() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])
    ports = find_free(5)
    assert len(set(ports)) == 5
    assert all(is_free(port) for port in ports)
