"""The file that keeps the sentence vectors of an edition between two starts."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.library.search import Vectors


def read_vectors(path: Path, texts: Sequence[str]) -> Vectors | None:
    """The vectors of exactly these texts; None if the file has others, is damaged or missing."""
    try:
        with np.load(path, allow_pickle=False) as data:
            if str(data["texts"]) != _fingerprint(texts):
                return None
            vectors: Vectors = data["vectors"].astype(np.float32)
            return vectors
    except (FileNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def write_vectors(path: Path, texts: Sequence[str], vectors: Vectors) -> None:
    """Keep them, whole or not at all. Half precision: it ranks the same at half the size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, texts=_fingerprint(texts), vectors=vectors.astype(np.float16))
    Path(name).replace(path)


def _fingerprint(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
