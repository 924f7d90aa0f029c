"""The embedded servers: what they hold, who may use them, and that they end."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from bot.processes import waiting
from bot.processes.engines import Engines, start_engines, temporary_engines
from bot.processes.postgres import Passwords

PASSWORDS = Passwords("superuser", "role")


def test_the_application_role_is_bound_by_row_level_security(engines: Engines) -> None:
    with psycopg.connect(engines.database_url) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert role.fetchone() == (False, False)


def test_the_database_speaks_utf8_and_knows_letters_of_other_scripts(engines: Engines) -> None:
    with psycopg.connect(engines.database_url) as connection:
        row = connection.execute("SELECT lower('ÉTÉ'), upper('ñ'), length('नमस्ते')").fetchone()
    assert row == ("été", "Ñ", 6)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_stranger_on_this_machine_gets_in_nowhere(engines: Engines, password: str) -> None:
    for user in ("haki", "postgres"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(
                host="127.0.0.1",
                port=engines.postgres.port,
                user=user,
                password=password,
                dbname="haki",
            )
    with pytest.raises(redis.RedisError):
        redis.Redis(port=engines.valkey.port, password=password or None).ping()


def test_valkey_keeps_nothing_on_disk(engines: Engines) -> None:
    client = redis.Redis.from_url(engines.redis_url)
    client.set("text", "said in confidence")
    configuration = client.config_get("save"), client.config_get("appendonly")
    assert configuration == ({"save": ""}, {"appendonly": "no"})


def test_the_servers_log_neither_statements_nor_values() -> None:
    with temporary_engines() as engines:
        with psycopg.connect(engines.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE people (address text PRIMARY KEY)")
            connection.execute("INSERT INTO people VALUES ('+60123456789')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES (%s)", ["+60123456789"])
            with pytest.raises(psycopg.errors.SyntaxError):
                connection.execute("INSERT +60123456789")
        log = engines.postgres.child.log.read_text()
    assert "60123456789" not in log


def test_what_was_stored_is_there_after_a_hard_stop(open_folder: Path) -> None:
    first = _start(open_folder)
    with psycopg.connect(first.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    os.kill(first.postgres.child.pid, signal.SIGKILL)
    first.stop()
    second = _start(open_folder)
    try:
        with psycopg.connect(second.database_url) as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == (7,)
    finally:
        second.stop()


def test_a_folder_may_have_spaces_and_letters_of_any_script(open_folder: Path) -> None:
    folder = open_folder / "my haki हक़"
    folder.mkdir()
    engines = _start(folder)
    try:
        with psycopg.connect(engines.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert redis.Redis.from_url(engines.redis_url).ping()
    finally:
        engines.stop()


def test_secrets_are_closed_to_other_users() -> None:
    with temporary_engines() as engines:
        folder = engines.valkey.child.log.parent.parent
        configuration = folder / "valkey" / "valkey.conf"
        assert stat.S_IMODE(configuration.stat().st_mode) == 0o600
        command_lines = [
            " ".join(psutil.Process(child.pid).cmdline()) for child in engines.children
        ]
        passwords = [
            part.split("@")[0].split(":")[-1] for part in (engines.database_url, engines.redis_url)
        ]
        assert not [word for word in passwords for line in command_lines if word in line]


def test_nothing_is_left_when_the_starter_is_killed() -> None:
    program = (
        "import sys, time\n"
        "from bot.processes.engines import temporary_engines\n"
        "with temporary_engines() as engines:\n"
        "    print(*[child.pid for child in engines.children], flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pids = [int(word) for word in starter.stdout.readline().split()]
        assert len(pids) == 2
        assert all(_alive(pid) for pid in pids)
        starter.kill()
    assert waiting.until(lambda: not any(_alive(pid) for pid in pids), seconds=15)


def _start(folder: Path) -> Engines:
    return start_engines(
        folder, passwords=PASSWORDS, valkey_password="valkey", logs=folder / "logs", volatile=True
    )


def _alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
