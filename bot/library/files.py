"""Reading the files of `content/`: YAML where every scalar is text, and Markdown with a head.

YAML is read without type guessing (libyaml's parser, base schema), for two reasons: `no`, `2026-11`
or an all-digit hash stay what the editor typed, and an edition of 300 cards loads in a second.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import yaml

from bot.library.errors import Mistake

_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
_FENCE = "---\n"


class UnreadableFileError(Exception):
    """The file cannot be taken apart; `mistake` says where and why."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(str(mistake))


def read_text(path: Path, name: str) -> str:
    """The text with Unix line ends. Raises UnreadableFileError: missing, or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        raise UnreadableFileError(Mistake(name, "", "the file is missing")) from None
    except UnicodeDecodeError as error:
        raise UnreadableFileError(Mistake(name, f"byte {error.start}", "not UTF-8")) from None


def parse_yaml(text: str, name: str, first_line: int = 1) -> dict[str, Any]:
    """A mapping whose scalars are all strings ('' for an empty value)."""
    try:
        value = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - builds text only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + first_line}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise UnreadableFileError(Mistake(name, place, f"not YAML: {problem}")) from None
    if not isinstance(value, dict):
        raise UnreadableFileError(Mistake(name, "", "expected `key: value` lines"))
    return cast("dict[str, Any]", value)


def parse_markdown(text: str, name: str) -> tuple[dict[str, Any], str]:
    """Head (between the two `---` lines) and stripped body of a card's text."""
    if not text.startswith(_FENCE):
        raise UnreadableFileError(Mistake(name, "line 1", "must begin with a `---` line"))
    head, fence, body = text[len(_FENCE) :].partition("\n" + _FENCE)
    if not fence:
        raise UnreadableFileError(Mistake(name, "", "the head is not closed by a `---` line"))
    return parse_yaml(head, name, first_line=2), body.strip()


def cut_sections(body: str) -> tuple[dict[str, str], list[str], str]:
    """Sections by heading (the last of a name wins), all headings in order, text before them."""
    pieces = _HEADING.split(body)
    headings = [heading.strip() for heading in pieces[1::2]]
    sections = {
        heading: piece.strip() for heading, piece in zip(headings, pieces[2::2], strict=True)
    }
    return sections, headings, pieces[0].strip()
