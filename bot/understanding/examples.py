"""Reading data/nlu/<language>/*.yml, Rasa's training format with our `metadata`
(docs/understanding.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.understanding.classifier import SAFE, Example

NLU_FOLDER = Path(__file__).resolve().parents[2] / "data" / "nlu"


@dataclass(frozen=True)
class Labelled:
    """One training message with its labels and the language of its folder."""

    text: str
    language: str
    example: Example


def read_examples(folder: Path = NLU_FOLDER) -> Iterator[Labelled]:
    """Yield every training message below `folder`, language by language."""
    for path in sorted(folder.glob("*/*.yml")):
        data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for block in data.get("nlu", ()):
            if "intent" in block:
                yield from _block(block, path.parent.name)


def _block(block: dict[str, Any], language: str) -> Iterator[Labelled]:
    told = block.get("metadata") or {}
    example = Example(block["intent"], tuple(told.get("also", ())), str(told.get("danger") or SAFE))
    for line in block["examples"].splitlines():
        if line.startswith("- "):
            yield Labelled(line[2:].strip(), language, example)


def labelled_texts(folder: Path = NLU_FOLDER) -> Iterator[tuple[str, str]]:
    """Yield (text, language) of every training message."""
    for item in read_examples(folder):
        yield item.text, item.language
