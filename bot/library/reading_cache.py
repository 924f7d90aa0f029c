"""The file that keeps what a Reading made of an edition between two starts."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.library.search import Read


def read_kept(path: Path, texts: Sequence[str]) -> Read | None:
    """What was read of exactly these texts; None if the file has others, is damaged or missing."""
    try:
        with np.load(path, allow_pickle=False) as data:
            if str(data["texts"]) != _fingerprint(texts):
                return None
            rough = bytes(data["rough"]).decode().split("\0")
            return Read(data["vectors"].astype(np.float32), tuple(rough))
    except (FileNotFoundError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def write_kept(path: Path, texts: Sequence[str], read: Read) -> None:
    """Keep it, whole or not at all. Half precision: it ranks the same at half the size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    rough = np.frombuffer("\0".join(read.rough).encode(), np.uint8)
    vectors = read.vectors.astype(np.float16)
    with os.fdopen(handle, "wb") as file:
        np.savez(file, texts=_fingerprint(texts), vectors=vectors, rough=rough)
    Path(name).replace(path)


def _fingerprint(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
