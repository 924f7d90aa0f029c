"""Words of many texts, looked up by the words of another.

A text's score is the cosine between its words and the asked ones, weighted by inverse document
frequency. A word also stands for those written like it (another ending, a typing mistake), by their
character n-grams. Chinese has no spaces: there, pairs of characters are the words. Nothing but
numpy is needed.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import count, islice

import numpy as np
import numpy.typing as npt
import regex

Floats = npt.NDArray[np.float32]

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_HAN = regex.compile(r"\p{Han}")
_LATIN_ACCENT = regex.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_NGRAM = 3
_LEAST_LIKENESS = 0.45
_MOST_ALIKE = 12
"""A word also stands for this many written ones whose n-grams are alike (Dice) so much or more."""
_WORDS_KEPT = 4096
_MOST_WORDS = 60
"""Different words of a question that are looked up; a message that long repeats itself."""


def words_of(text: str) -> list[str]:
    """Words as they are compared: no case, no accents of Latin letters, Chinese in pairs."""
    folded = _fold(text)
    words: list[str] = []
    if not _HAN.search(folded):
        return _WORD.findall(folded)
    for word in _WORD.findall(folded):
        if _HAN.search(word):
            words.extend(_han_pairs(word))
        else:
            words.append(word)
    return words


class WordIndex:
    """The words of `texts`. Built once; reading it is thread-safe."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._words = _Postings(words_of(text) for text in texts)
        self._idf = np.log1p(len(texts) / np.maximum(self._words.lengths, 1)).astype(np.float32)
        self._weights = self._row_weights()
        self._grams = _Postings(_grams(word) for word in self._words.numbers)
        self._gram_counts = np.maximum(self._grams.row_lengths, 1).astype(np.float32)
        self._unknown_idf = 0.5 * float(self._idf.max()) if len(self._idf) else 1.0
        self._like = lru_cache(_WORDS_KEPT)(self._find_like)  # a few words are most of all words

    def cosines(self, text: str) -> Floats:
        """The cosine of each text with `text`, where a word also stands for those like it."""
        rows = np.zeros(self._size, np.float32)
        squares = 0.0
        for word, times in islice(Counter(words_of(text)).items(), _MOST_WORDS):
            often = 1 + float(np.log(times))
            known = self._words.numbers.get(word)
            idf = float(self._idf[known]) if known is not None else self._unknown_idf
            squares += (often * idf) ** 2
            for number, likeness in self._like(word):
                place = self._words.place(number)
                weight = often * likeness**2 * float(self._idf[number])
                rows[self._words.rows[place]] += weight * self._weights[place]
        return rows / np.float32(max(squares, 1e-9) ** 0.5)

    def _row_weights(self) -> Floats:
        """The weight of each posting: tf-idf, every row scaled to length 1."""
        words = self._words
        weights: Floats = (1 + np.log(words.counts)) * np.repeat(self._idf, words.lengths)
        squares = np.bincount(words.rows, weights**2, minlength=self._size)
        weights /= np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)[words.rows]
        return weights

    def _find_like(self, word: str) -> list[tuple[int, float]]:
        """Written words like `word` and their likeness (Dice of n-grams, 1.0 for itself)."""
        grams = _grams(word)
        shared = np.zeros(len(self._words.numbers), np.float32)
        for gram in grams:
            number = self._grams.numbers.get(gram)
            if number is not None:
                shared[self._grams.rows[self._grams.place(number)]] += 1
        likeness = 2 * shared / (self._gram_counts + len(grams))
        alike = np.flatnonzero(likeness >= _LEAST_LIKENESS)
        best = alike[np.argsort(-likeness[alike])[:_MOST_ALIKE]]
        return [(int(number), float(likeness[number])) for number in best]


class _Postings:
    """For each item (a word, an n-gram) the rows that hold it and how often, as flat arrays."""

    def __init__(self, items_of_rows: Iterable[Collection[str]]) -> None:
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        flat, lengths = array("i"), array("i")
        for items in items_of_rows:
            flat.extend([numbers[item] for item in items])
            lengths.append(len(items))
        numbers.default_factory = None
        self.numbers: dict[str, int] = numbers
        self.row_lengths = np.array(lengths, np.int64)
        # One number for a pair of item and row, sorted where it stands: large editions would need
        # several times the memory of the index while it is built.
        total = max(len(lengths), 1)
        pairs = np.frombuffer(flat, np.int32).astype(np.int64)
        del flat
        pairs *= total
        pairs += np.repeat(np.arange(len(lengths), dtype=np.int32), self.row_lengths)
        pairs.sort()
        firsts = np.flatnonzero(np.diff(pairs, prepend=-1)).astype(np.int32)
        self.counts = np.diff(firsts, append=len(pairs)).astype(np.float32)
        pairs = pairs[firsts]
        self.rows = (pairs % total).astype(np.int32)
        self.lengths = np.bincount(pairs // total, minlength=len(numbers))
        self._starts = np.concatenate(([0], np.cumsum(self.lengths)))

    def place(self, number: int) -> slice:
        """Where the postings of an item stand in `rows` and `counts`."""
        return slice(int(self._starts[number]), int(self._starts[number + 1]))


def _fold(text: str) -> str:
    """Lower case; Latin letters lose their accents, marks of other scripts stay."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", _LATIN_ACCENT.sub("", decomposed))


def _han_pairs(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


def _grams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[i : i + _NGRAM] for i in range(len(padded) - _NGRAM + 1))
