"""`haki understand`: what Haki makes of messages, one JSON a line in, one out, on the live
models."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from bot.library import ContentError, Library
from bot.understanding.archive import ModelMissing
from bot.understanding.cards import rank
from bot.understanding.live import reader, trained_archive
from bot.understanding.meaning import CARD_READING, reading_code
from bot.understanding.reader import Known
from bot.understanding.report import BadLine, as_json, as_text, known_of, text_of

_CONTENT = Path(__file__).resolve().parents[2] / "content"


def main(arguments: Sequence[str], source: TextIO = sys.stdin, out: TextIO = sys.stdout) -> int:
    """Run the command; the exit status is 1 when model, content or a line of input is wrong."""
    options = _options(arguments)
    try:
        _answer(options, source, out)
    except ModelMissing as missing:
        return _fail(f"{missing} `make demo` trains one.")
    except ContentError as wrong:
        return _fail(f"The library has mistakes; `haki content check` lists them: {wrong}")
    except BadLine as bad:
        return _fail(str(bad))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="haki understand", description=__doc__)
    parser.add_argument("text", nargs="*", help="messages; without any, JSON lines from stdin")
    parser.add_argument("--json", action="store_true", help="JSON lines out for arguments too")
    parser.add_argument("--model", type=Path, help="a trained archive (default: the newest)")
    parser.add_argument("--content", type=Path, help="the library (default: content/)")
    parser.add_argument("--country", help="where the writers are, ISO alpha-3")
    return parser.parse_args(arguments)


def _answer(options: argparse.Namespace, source: TextIO, out: TextIO) -> None:
    understand = reader(options.model)
    library = _library(options.content)
    asked = ((text, Known(country=options.country)) for text in options.text)
    messages = asked if options.text else _lines(source)
    as_lines = options.json or not options.text
    for meant, about in understand.read_stream(messages):
        told = as_json(meant, [(item.card, item.score) for item in rank(meant, about, library)])
        out.write((json.dumps(told, ensure_ascii=False) if as_lines else as_text(told)) + "\n")
    out.flush()


def _lines(source: TextIO) -> Iterator[tuple[str, Known]]:
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            yield text_of(told), known_of(told)
        except (json.JSONDecodeError, BadLine) as bad:
            raise BadLine(f"Line {number}: {bad}") from bad


def _library(content: Path | None) -> Library:
    folder = content or Path(os.environ.get("HAKI_CONTENT_DIR") or _CONTENT)
    library = Library.load(folder, os.environ.get("HAKI_LOWEST_REVIEW") or "draft")
    library.use_reading(CARD_READING, trained_archive().with_name(f"reading-{reading_code()}.npz"))
    return library


def _fail(sentence: str) -> int:
    sys.stderr.write(f"haki understand: {sentence}\n")
    return 1
