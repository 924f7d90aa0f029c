"""Character n-grams and words, weighted by tf-idf, each message of unit length.

They carry spelling, names and the languages that the sentence encoder does not know. The
vocabulary is bounded and kept with the model; features seen in one training message only are
left out.
"""

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix

from bot.understanding.normalise import normalise

_SHORTEST, _LONGEST = 2, 5
_LEAST_MESSAGES = 2
_MOST_FEATURES = 60_000


def ngrams(text: str) -> list[str]:
    """The features of one text: n-grams of 2 to 5 characters inside blank-padded words, and whole
    words (marked by "=") alone and in pairs."""
    found: list[str] = []
    words = normalise(text).split()
    for word in words:
        padded = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            found.extend(padded[i : i + size] for i in range(len(padded) - size + 1))
    found.extend("=" + word for word in words)
    found.extend(f"={a} {b}" for a, b in itertools.pairwise(words))
    return found


@dataclass(frozen=True)
class NgramSpace:
    """A fitted vocabulary with its inverse document frequencies."""

    index: dict[str, int]
    idf: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Iterable[str]) -> "NgramSpace":
        """Learn the vocabulary of `texts`: the most frequent features first, bounded in number."""
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            seen.update(set(ngrams(text)))
            count += 1
        kept = [f for f, n in seen.most_common(_MOST_FEATURES) if n >= _LEAST_MESSAGES]
        kept.sort()
        idf = [math.log((1 + count) / (1 + seen[f])) + 1 for f in kept]
        return cls({f: i for i, f in enumerate(kept)}, np.asarray(idf, dtype=np.float32))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return one sparse row of unit length per text (all zeros when nothing is known)."""
        values: list[float] = []
        columns: list[int] = []
        starts = [0]
        for text in texts:
            counts = Counter(self.index[f] for f in ngrams(text) if f in self.index)
            row = {i: (1 + math.log(n)) * float(self.idf[i]) for i, n in counts.items()}
            length = math.sqrt(sum(v * v for v in row.values())) or 1.0
            columns.extend(row)
            values.extend(v / length for v in row.values())
            starts.append(len(columns))
        return csr_matrix(
            (np.asarray(values, dtype=np.float32), columns, starts),
            shape=(len(texts), len(self.index)),
        )

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
