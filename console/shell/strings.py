"""Which strings the console's pages and code say, so that no language misses one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract
from django.utils.translation.template import templatize

CONSOLE = Path(__file__).resolve().parents[1]
KEYWORDS: dict[str, None] = {"_": None, "gettext": None, "gettext_lazy": None}
# What `templatize` writes for {% translate %}, {% blocktranslate %} and _("…") in a template.
_IN_TEMPLATE = re.compile(r"(?:\b_|gettext)\((u?)('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\)")
_PLACE = re.compile(r"%\((\w+)\)s")


class Said(NamedTuple):
    """A string and where it is said."""

    text: str
    place: str


def strings(root: Path = CONSOLE) -> Iterator[Said]:
    """Yield every translatable string under `root`, once for each place."""
    for path in sorted(root.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, KEYWORDS):
                text = message if isinstance(message, str) else message[0]
                yield Said(text, str(path.relative_to(root)))
    for path in sorted(root.rglob("*.html")):
        source = templatize(path.read_text(encoding="utf-8"))
        for found in _IN_TEMPLATE.finditer(source):
            yield Said(_unquoted(found.group(2)), str(path.relative_to(root)))


def places(text: str) -> frozenset[str]:
    """Return the names that a string leaves open, such as `%(name)s`."""
    return frozenset(_PLACE.findall(text))


def _unquoted(literal: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), literal[1:-1])
