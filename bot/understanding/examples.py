"""Reading data/nlu/<language>/*.yml, Rasa's training format with our `metadata`
(`also`: further topics, `danger`: its kind, `stage`: the one that the words tell)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.understanding.classifier import SAFE, Example
from bot.understanding.stages import STAGES
from bot.understanding.tables import read_table

NLU_FOLDER = Path(__file__).resolve().parents[2] / "data" / "nlu"


class BadExamples(ValueError):
    """A file of training messages cannot be read; says which and why."""


@dataclass(frozen=True)
class Labelled:
    """One training message with its labels and the language of its folder."""

    text: str
    language: str
    example: Example


def read_examples(folder: Path = NLU_FOLDER) -> Iterator[Labelled]:
    """Yield every training message below `folder`, language by language. Raises BadExamples."""
    for path in sorted(folder.glob("*/*.yml")):
        try:
            for block in read_table(path)["nlu"]:
                yield from _block(block, path.parent.name)
        except (yaml.YAMLError, KeyError, ValueError, TypeError, AttributeError) as wrong:
            raise BadExamples(f"{path.parent.name}/{path.name}: {wrong!r}") from wrong


def _block(block: dict[str, Any], language: str) -> Iterator[Labelled]:
    told = block.get("metadata") or {}
    stage = str(told.get("stage") or "")
    if stage and stage not in STAGES:
        raise ValueError(f"{stage} is no stage")
    also = tuple(told.get("also", ()))
    example = Example(block["intent"], also, str(told.get("danger") or SAFE), stage)
    for line in block["examples"].splitlines():
        if line.startswith("- "):
            yield Labelled(line[2:].strip(), language, example)


def labelled_texts(folder: Path = NLU_FOLDER) -> Iterator[tuple[str, str]]:
    """Yield (text, language) of every training message."""
    for item in read_examples(folder):
        yield item.text, item.language
