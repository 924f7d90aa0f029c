"""`haki talk` against the running processes: what it prints is what the phone got."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.processes.stack import Stack

pytestmark = pytest.mark.stack


def talk(stack: Stack, *arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HAKI_")},
        "HAKI_STATE_DIR": str(stack.state.folder),
    }
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "talk", *arguments],
        input=words,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )


def test_a_script_prints_one_json_object_per_reply(stack: Stack, tmp_path: Path) -> None:
    script = tmp_path / "turns.jsonl"
    turns = [{"text": "boss took my passport in malaysia"}, {"tap": 1}, {"kind": "voice"}]
    script.write_text("\n".join(json.dumps(turn) for turn in turns))

    done = talk(stack, "--channel", "telegram", "--json", "--script", str(script))

    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["kind"] for reply in replies] == ["welcome", "card", "card_part", "notice"]
    assert replies[1]["card"] == "mys/passport-kept"
    assert replies[1]["version"]
    assert "More" in replies[1]["buttons"]


def test_lines_are_read_and_segments_shown(stack: Stack) -> None:
    done = talk(stack, "--from", "+60100000401", words="boss took my passport\n1\n")

    assert "[card mys/passport-kept@" in done.stdout
    assert "2 segments]" in done.stdout
    assert "[card_part" in done.stdout


def test_a_fresh_person_writes_each_time(stack: Stack) -> None:
    first, second = (talk(stack, words="hello\n").stdout for _ in range(2))

    assert "[welcome" in first
    assert "[welcome" in second


@pytest.mark.parametrize("line", ["{", '{"nothing": 1}'])
def test_a_broken_script_is_named_by_its_line(stack: Stack, tmp_path: Path, line: str) -> None:
    script = tmp_path / "turns.jsonl"
    script.write_text(line)

    done = talk(stack, "--script", str(script))

    assert done.returncode == 1
    assert "Line 1" in done.stderr


def test_erasing_is_shown_too(stack: Stack) -> None:
    done = talk(stack, "--channel", "telegram", words="hello\nDELETE\n1\n")

    assert "erased" in done.stdout.split("> 1")[-1]
