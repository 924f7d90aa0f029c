"""Finding cards by a person's own words, in any language of the edition, without any service.

Every question, title and text is a row; a row's score is the cosine between its words and the asked
ones, weighted by inverse document frequency. A word also stands for those written like it (another
ending, a typing mistake), by their character n-grams. A card's score joins those of its rows.
Chinese has no spaces: there, pairs of characters are the words. A sentence encoder can be plugged
in; without one the look-up needs nothing but numpy.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice

import numpy as np
import numpy.typing as npt
import regex

from bot.library.model import Card

Vectors = npt.NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Vectors]
"""Texts to one vector each (rows); length 1 is not required."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_HAN = regex.compile(r"\p{Han}")
_LATIN_ACCENT = regex.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_WEIGHTS = {"question": 1.0, "title": 1.0, "label": 0.8, "sms": 1.2, "body": 2.0}
"""How much a row counts. Long rows have low cosines, hence their weight (measured, see Fit)."""
_NGRAM = 3
_LEAST_LIKENESS = 0.45
_MOST_ALIKE = 12
"""A word also stands for this many written ones whose n-grams are alike (Dice) so much or more."""
_MOST_WORDS = 60
"""Different words of a question that are looked up; a message that long repeats itself."""
_ENCODER_SHARE = 0.5
_ENCODER_FLOOR = 0.3
"""Cosine at which two sentences have nothing in common: measured between cards' questions."""


@dataclass(frozen=True)
class Hit:
    """A card and how well it fits the words, 0 to 1."""

    card: Card
    score: float


@dataclass(frozen=True)
class Fit:
    """How well each card fits a text, 0 to 1, in the order of the cards.

    `nearest` looks at a card's best row alone, `overall` at all of its rows together: that ranks
    better (measured by asking each question of the edition with that question left out).
    """

    nearest: Vectors
    overall: Vectors


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


class Index:
    """All rows of some cards. Built once; reading it is thread-safe."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = list(cards)
        rows = [(n, *row) for n, card in enumerate(self._cards) for row in _rows_of(card)]
        self._row_card = np.array([number for number, _, _ in rows], np.int32)
        self._row_weight = np.array([_WEIGHTS[kind] for _, kind, _ in rows], np.float32)
        self._texts = [text for _, _, text in rows]
        self._short_rows = np.array([n for n, row in enumerate(rows) if row[1] != "body"], int)
        self._words = _Postings(words_of(text) for text in self._texts)
        self._idf = np.log1p(len(rows) / np.maximum(self._words.lengths, 1)).astype(np.float32)
        self._weights = self._row_weights()
        self._grams = _Postings(_grams(word) for word in self._words.numbers)
        self._gram_counts = np.maximum(self._grams.row_lengths, 1).astype(np.float32)
        self._unknown_idf = 0.5 * float(self._idf.max()) if len(self._idf) else 1.0
        self._encoder: Encoder | None = None
        self._vectors: Vectors | None = None

    def use_encoder(self, encode: Encoder, vectors: Vectors | None = None) -> Vectors:
        """Score sentence vectors too. Returns the texts' vectors, which a caller may keep.

        Encoding every text may take long; pass the `vectors` of an earlier call on the same
        edition to skip that. Raises ValueError if their number does not fit.
        """
        texts = self.short_texts()
        found = encode(texts) if vectors is None else vectors
        if len(found) != len(texts):
            raise ValueError(f"{len(found)} vectors for {len(texts)} texts")
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        self._vectors = (found / np.maximum(lengths, 1e-9)).astype(np.float32)
        self._encoder = encode
        return found

    def short_texts(self) -> list[str]:
        """What an encoder gets: the text of every row but the bodies, too long for one vector."""
        return [self._texts[row] for row in self._short_rows]

    @contextmanager
    def without(self, question: str) -> Iterator[None]:
        """Leave every row that reads exactly so out of the scores: for measuring, not for serving
        (it is the one thing here that changes the index, so no other thread may read then)."""
        rows = [row for row, text in enumerate(self._texts) if text == question]
        before = self._row_weight[rows]
        self._row_weight[rows] = 0
        try:
            yield
        finally:
            self._row_weight[rows] = before

    def scores(self, text: str) -> Fit:
        """How well each card (in the order given) fits `text`."""
        rows = self._lexical(text)
        if self._vectors is not None and self._encoder is not None:
            rows = self._with_vectors(rows, text)
        rows = np.minimum(rows, 1.0)
        nearest = self._best_of_each_card(rows * np.minimum(self._row_weight, 1.0))
        rows = rows * self._row_weight
        together = np.sqrt(np.bincount(self._row_card, rows**2, minlength=len(self._cards)))
        highest = float(together.max()) if len(together) else 0.0
        scale = float(nearest.max()) / highest if highest else 0.0
        return Fit(nearest, (together * scale).astype(np.float32))

    def _best_of_each_card(self, rows: Vectors) -> Vectors:
        """The rows of a card stand together and none has no row, for each has its English."""
        if not self._cards:
            return np.zeros(0, np.float32)
        starts = np.searchsorted(self._row_card, np.arange(len(self._cards)))
        best: Vectors = np.maximum.reduceat(rows, starts)
        return best

    def search(
        self, text: str, allowed: Callable[[Card], bool] | None = None, limit: int = 5
    ) -> list[Hit]:
        """The cards that fit best, none without any word in common."""
        scores = self.scores(text).overall
        order = np.argsort(-scores, kind="stable")
        hits = (Hit(self._cards[i], float(scores[i])) for i in order if scores[i] > 0)
        return [hit for hit in hits if allowed is None or allowed(hit.card)][:limit]

    def _row_weights(self) -> Vectors:
        """The weight of each posting: tf-idf, every row scaled to length 1."""
        words = self._words
        weights = (1 + np.log(words.counts)) * np.repeat(self._idf, words.lengths)
        squares = np.bincount(words.rows, weights**2, minlength=len(self._texts))
        scaled: Vectors = weights / np.sqrt(np.maximum(squares, 1e-9))[words.rows]
        return scaled.astype(np.float32)

    def _lexical(self, text: str) -> Vectors:
        """The cosine of each row with `text`, where a word also stands for those like it."""
        rows = np.zeros(len(self._texts), np.float32)
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

    def _with_vectors(self, rows: Vectors, text: str) -> Vectors:
        """Blend in the sentence vectors; an encoder gives zeros for what it cannot read."""
        if self._vectors is None or self._encoder is None:
            return rows
        asked = np.asarray(self._encoder([text]), dtype=np.float32)[0]
        length = float(np.linalg.norm(asked))
        if length == 0:
            return rows
        cosines = self._vectors @ (asked / length)
        near = np.clip((cosines - _ENCODER_FLOOR) / (1 - _ENCODER_FLOOR), 0.0, 1.0)
        blended = rows * (1 - _ENCODER_SHARE)
        blended[self._short_rows] += _ENCODER_SHARE * near
        return blended

    def _like(self, word: str) -> list[tuple[int, float]]:
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
        flat, lengths = array("q"), array("q")
        for items in items_of_rows:
            flat.extend([numbers[item] for item in items])
            lengths.append(len(items))
        self.numbers = dict(numbers)
        self.row_lengths = np.array(lengths, np.int64)
        total = max(len(lengths), 1)
        rows = np.repeat(np.arange(len(lengths)), self.row_lengths)
        pairs, counts = np.unique(np.array(flat, np.int64) * total + rows, return_counts=True)
        self.rows = (pairs % total).astype(np.int32)
        self.counts = counts.astype(np.float32)
        self.lengths = np.bincount(pairs // total, minlength=len(numbers))
        self._starts = np.concatenate(([0], np.cumsum(self.lengths)))

    def place(self, number: int) -> slice:
        """Where the postings of an item stand in `rows` and `counts`."""
        return slice(int(self._starts[number]), int(self._starts[number + 1]))


def _rows_of(card: Card) -> Iterable[tuple[str, str]]:
    for language, questions in card.questions.items():
        if language in card.texts:
            for question in questions:
                yield "question", question
    for text in card.texts.values():
        yield "title", text.title
        yield "label", text.label
        yield "sms", text.sms
        yield "body", text.body


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
