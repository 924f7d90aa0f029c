"""Writing into a translation which English text it was made from."""

from __future__ import annotations

import re
from pathlib import Path

from bot.library.files import parse_markdown, read_text
from bot.library.model import text_hash

_HASH_LINE = re.compile(r"^source_hash:.*\n?", re.MULTILINE)


def stamp(folder: Path) -> list[Path]:
    """Stamp every translation in a card's folder; the files that changed.

    Run it only when the translations say what the English says: the stamp is that promise.
    Raises UnreadableFileError, and OSError when a file cannot be written.
    """
    head, body = parse_markdown(read_text(folder / "en.md", "en.md"), "en.md")
    version = text_hash(head["title"], head["label"], head["sms"], body)
    changed = []
    for path in sorted(folder.glob("*.md")):
        if path.name == "en.md":
            continue
        text = read_text(path, path.name)
        parse_markdown(text, path.name)
        start, fence, rest = text.partition("\n---\n")
        stamped = _HASH_LINE.sub("", start).rstrip("\n") + f"\nsource_hash: '{version}'"
        if stamped + fence + rest != text:
            path.write_text(stamped + fence + rest, encoding="utf-8")
            changed.append(path)
    return changed
