"""The command line of `haki talk`."""

import argparse
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bot.processes.errors import StartError
from bot.processes.ports import find_free
from bot.processes.stack import Stack
from bot.processes.state import PROJECT, State, read_private
from bot.talk.phone import Heard, Phone, TalkError


def main(arguments: list[str]) -> int:
    """Run the conversation; return the exit status (0, or 1 when it could not be held)."""
    options = _options(arguments)
    with ExitStack() as closing:
        try:
            web_url = _running_demo() or _own_stack(closing)
            phone = Phone(web_url, options.channel, options.sender or fresh(options.channel))
            for turn in _turns(options):
                if options.script or not sys.stdin.isatty():
                    _echo(turn, options.json)
                for answer in phone.turn(turn):
                    print(_as_json(turn, answer) if options.json else _as_text(answer), flush=True)
        except (TalkError, StartError) as error:
            print(f"haki talk: {error}", file=sys.stderr)
            return 1
        except (KeyboardInterrupt, BrokenPipeError):
            return 0
    return 0


def fresh(channel: str) -> str:
    """Return the address of somebody who never wrote before."""
    if channel == "telegram":
        return str(700_000_000 + secrets.randbelow(99_999_999))
    return f"+150055{secrets.randbelow(100_000):05d}"


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="haki talk",
        description="A phone in the terminal. Speaks to a running demo, else starts its own.",
    )
    parser.add_argument("--channel", choices=["sms", "whatsapp", "telegram"], default="sms")
    parser.add_argument(
        "--from",
        dest="sender",
        help="phone number (+60...) or Telegram chat id; without it a fresh person writes",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per reply")
    parser.add_argument(
        "--script",
        type=argparse.FileType("r", encoding="utf-8"),
        help='a file of turns, one JSON object a line: {"text": "..."}, {"tap": 1}, '
        '{"kind": "voice"}; "-" reads them from standard input',
    )
    return parser.parse_args(arguments)


def _turns(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if options.script:
        for number, line in enumerate(options.script, 1):
            if line.strip():
                yield _scripted(line, number)
        return
    while True:
        if sys.stdin.isatty():
            print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield {"text": line.rstrip("\n")}


def _scripted(line: str, number: int) -> dict[str, Any]:
    try:
        turn = json.loads(line)
    except ValueError as error:
        raise TalkError(f"Line {number} of the script is not JSON: {error}.") from error
    if isinstance(turn, str):
        return {"text": turn}
    if not isinstance(turn, dict) or not {"text", "tap", "kind"} & set(turn):
        raise TalkError(f"Line {number} of the script has no text, tap or kind.")
    return turn


def _echo(turn: dict[str, Any], as_json: bool) -> None:
    if not as_json:
        print(f"\n> {turn.get('text', json.dumps(turn, ensure_ascii=False))}")


def _as_json(turn: dict[str, Any], answer: Heard) -> str:
    shown = {
        "turn": turn.get("text", turn),
        "kind": answer.kind,
        "card": answer.card,
        "version": answer.version,
        "language": answer.language,
        "text": answer.text,
        "buttons": list(answer.buttons),
        "style": answer.style,
        "segments": answer.segments,
        "state": answer.state,
    }
    return json.dumps(shown, ensure_ascii=False)


def _as_text(answer: Heard) -> str:
    head = answer.kind + (f" {answer.card}@{answer.version}" if answer.card else "")
    cost = f", {answer.segments} segments" if answer.segments else ""
    lines = [f"[{head}, {answer.language}{cost}]", answer.text]
    if answer.style in ("buttons", "list"):
        lines += [f"  ({number}) {title}" for number, title in enumerate(answer.buttons, 1)]
    return "\n".join(lines)


def _running_demo() -> str | None:
    """Return the address of a demo that runs from this folder and is healthy."""
    folder = Path(os.environ.get("HAKI_STATE_DIR") or PROJECT / ".haki")
    saved = read_private(State(folder).environment)
    if not saved:
        return None
    stack = Stack(folder, port=int(saved["HAKI_PORT"]))
    if not stack.health().well:
        return None
    _set_up_django(saved)
    return stack.url


def _own_stack(closing: ExitStack) -> str:
    """Start a whole Haki of our own in a temporary folder, with the project's model."""
    folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="haki-talk-"))
    stack = Stack(
        Path(folder),
        port=find_free(1)[0],
        # A script writes faster than any person.
        extra_environment={"HAKI_RATE_LIMITS": "off"},
        models=PROJECT / ".haki" / "models",
        volatile=True,
        say=lambda line: print(f"({line})", file=sys.stderr, flush=True),
    )
    closing.enter_context(stack)
    stack.command("demo_people", HAKI_DEMO_PASSWORD=stack.credentials.sign_in)
    _set_up_django(stack.environment)
    return stack.url


def _set_up_django(values: dict[str, str]) -> None:
    import django

    os.environ.update(values)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings.project")
    django.setup()
