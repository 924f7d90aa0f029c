"""Character n-grams and words, weighted by tf-idf, each message of unit length.

They carry spelling, names and the languages that the sentence encoder does not know. The
vocabulary is bounded and kept with the model; features seen in one training message only are
left out, and so are those in more than one of twenty: they say little, and make up nine tenths of
the work of comparing all messages.
"""

import itertools
import json
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix

from bot.understanding.normalise import normalise

_SHORTEST, _LONGEST = 2, 5
_LEAST_MESSAGES = 2
_LARGEST_SHARE, _NEVER_TOO_MANY = 0.05, 20
_MOST_FEATURES = 60_000


def pieces(word: str) -> list[str]:
    """The features of one word: n-grams of 2 to 5 characters of it, blank-padded, and the whole
    word marked by "="."""
    padded = f" {word} "
    sizes = range(_SHORTEST, _LONGEST + 1)
    found = [padded[i : i + n] for n in sizes for i in range(len(padded) - n + 1)]
    return [*found, "=" + word]


@dataclass(frozen=True)
class NgramSpace:
    """A fitted vocabulary with its inverse document frequencies."""

    index: dict[str, int]
    idf: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "NgramSpace":
        """Learn the vocabulary of `texts`: the most frequent features first, bounded in number."""
        numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        counted = _counted(texts, numbers.__getitem__)
        seen = np.bincount(counted.features, minlength=len(numbers))
        by_number = list(numbers)
        order = np.argsort(-seen, kind="stable")[:_MOST_FEATURES]
        most = max(_LARGEST_SHARE * len(texts), _NEVER_TOO_MANY)
        kept = sorted(by_number[i] for i in order if _LEAST_MESSAGES <= seen[i] <= most)
        times = np.array([seen[numbers[f]] for f in kept], dtype=np.float64)
        idf = np.log((1 + len(texts)) / (1 + times)) + 1
        return cls({f: i for i, f in enumerate(kept)}, idf.astype(np.float32))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return one sparse row of unit length per text (all zeros when nothing is known)."""
        counted = _counted(texts, lambda feature: self.index.get(feature, -1))
        values = (1 + np.log(counted.times)) * self.idf[counted.features]
        lengths = np.sqrt(np.bincount(counted.rows, values**2, minlength=len(texts)))
        values = (values / np.maximum(lengths, 1e-12)[counted.rows]).astype(np.float32)
        starts = np.searchsorted(counted.rows, np.arange(len(texts) + 1))
        shape = (len(texts), len(self.index))
        return csr_matrix((values, counted.features, starts), shape=shape)

    def save(self, folder: Path) -> None:
        """Write `ngrams.json` and `ngrams.safetensors` into `folder`."""
        features = sorted(self.index, key=self.index.__getitem__)
        (folder / "ngrams.json").write_text(json.dumps(features, ensure_ascii=False), "utf-8")
        save_file({"idf": self.idf}, str(folder / "ngrams.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> "NgramSpace":
        """Read what :meth:`save` wrote."""
        features = json.loads((folder / "ngrams.json").read_text("utf-8"))
        idf = load_file(str(folder / "ngrams.safetensors"))["idf"]
        return cls({f: i for i, f in enumerate(features)}, idf)


@dataclass(frozen=True)
class _Counted:
    """How often (`times`) each text (`rows`, rising) holds each of its `features`."""

    rows: npt.NDArray[np.int64]
    features: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]


def _counted(texts: Sequence[str], number: Callable[[str], int]) -> _Counted:
    """Count the features of `texts`: pieces of words, and words in pairs. `number` gives the
    number of a feature, -1 for one to leave out.

    The numbers of a word's pieces are looked up once: a few words make up most of all messages.
    """
    of_word: dict[str, list[int]] = {}
    flat, sizes = array("q"), []
    for text in texts:
        before = len(flat)
        words = normalise(text).split()
        for word in words:
            known = of_word.get(word)
            if known is None:
                known = of_word[word] = [n for n in map(number, pieces(word)) if n >= 0]
            flat.extend(known)
        pairs = (number(f"={a} {b}") for a, b in itertools.pairwise(words))
        flat.extend(n for n in pairs if n >= 0)
        sizes.append(len(flat) - before)
    features = np.frombuffer(flat, np.int64) if flat else np.zeros(0, np.int64)
    span = int(features.max()) + 1 if len(features) else 1
    rows = np.repeat(np.arange(len(texts)), sizes)
    found, times = np.unique(rows * span + features, return_counts=True)
    return _Counted(found // span, found % span, times.astype(np.float64))
