"""The models inside a trained Rasa archive, read without Rasa.

`rasa train` stores each graph component's files below `components/<node name>/` in its tar.gz.
Ours are JSON and safetensors (never pickle), so reading them runs no code.
"""

import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.classifier import IntentModel
from bot.understanding.language import LanguageModel
from bot.understanding.ngrams import NgramSpace

_OURS = {
    "language.json", "language.safetensors",
    "ngrams.json", "ngrams.safetensors",
    "intents.json", "intents.safetensors",
}  # fmt: skip


class ModelMissing(Exception):
    """There is no trained model to read. Train one: `make demo` or `rasa train`."""


@dataclass(frozen=True)
class Models:
    """Everything that understanding learnt."""

    language: LanguageModel
    ngrams: NgramSpace
    intents: IntentModel


def read_models(archive: Path) -> Models:
    """Return the models in the Rasa archive at `archive`.

    Raises ModelMissing when it does not exist or was trained by another pipeline.
    """
    if not archive.is_file():
        raise ModelMissing(f"No trained model at {archive}.")
    with tempfile.TemporaryDirectory(prefix="haki-model-") as name:
        folder = Path(name)
        with tarfile.open(archive) as tar:
            for member in tar:
                base = Path(member.name).name
                if member.isfile() and base in _OURS:
                    source = tar.extractfile(member)
                    if source is not None:
                        (folder / base).write_bytes(source.read())
        missing = sorted(base for base in _OURS if not (folder / base).exists())
        if missing:
            raise ModelMissing(f"{archive} holds no {', '.join(missing)}: not trained by Haki.")
        return Models(LanguageModel.load(folder), NgramSpace.load(folder), IntentModel.load(folder))
