"""Finding cards by a person's own words, in any language of the edition, without any service.

Every question, title and short text is a row; a row's score is the cosine between its words and
the asked ones, weighted by inverse document frequency. Words nobody wrote in the edition (a typing
mistake, an ending) are first matched to written ones by their character n-grams. Chinese has no
spaces: there, pairs of characters are the words. A sentence encoder can be plugged in; without one
the look-up needs nothing but numpy.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

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
_WEIGHTS = {"question": 1.0, "title": 1.0, "label": 0.8, "sms": 0.7, "body": 0.5}
_NGRAM = 3
_LEAST_LIKENESS = 0.55
"""Dice likeness of n-grams from which a written word stands for an unknown one."""
_ENCODER_SHARE = 0.5


@dataclass(frozen=True)
class Hit:
    """A card and how well its best row fits the words, 0 to 1."""

    card: Card
    score: float


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
        self._short_rows = np.flatnonzero(self._row_weight > _WEIGHTS["body"])
        self._words = _Postings(words_of(text) for text in self._texts)
        self._idf = np.log1p(len(rows) / np.maximum(self._words.lengths, 1)).astype(np.float32)
        self._weights = self._row_weights()
        self._grams = _Postings(_grams(word) for word in self._words.numbers)
        self._gram_counts = np.maximum(self._grams.row_lengths, 1).astype(np.float32)
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

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """How well each card (in the order given) fits `text`, 0 to 1."""
        rows = self._lexical(text)
        if self._vectors is not None and self._encoder is not None:
            asked = np.asarray(self._encoder([text]), dtype=np.float32)[0]
            length = float(np.linalg.norm(asked))
            near = np.clip(self._vectors @ (asked / max(length, 1e-9)), 0.0, 1.0)
            rows *= 1 - _ENCODER_SHARE
            rows[self._short_rows] += _ENCODER_SHARE * near
        best = np.zeros(len(self._cards), dtype=np.float32)
        np.maximum.at(best, self._row_card, rows * self._row_weight)
        return best

    def search(
        self, text: str, allowed: Callable[[Card], bool] | None = None, limit: int = 5
    ) -> list[Hit]:
        """The cards that fit best, none without any word in common."""
        scores = self.scores(text)
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

    def _lexical(self, text: str) -> npt.NDArray[np.float32]:
        asked = self._known_words(words_of(text))
        rows = np.zeros(len(self._texts), np.float32)
        length = 0.0
        for number, weight in asked.items():
            length += weight**2
            if number >= 0:
                place = self._words.place(number)
                rows[self._words.rows[place]] += weight * self._weights[place]
        return rows / np.float32(max(length, 1e-9) ** 0.5)

    def _known_words(self, words: Collection[str]) -> dict[int, float]:
        """Word numbers with their weights; unknown words under negative numbers."""
        asked: dict[int, float] = {}
        highest = float(self._idf.max()) if len(self._idf) else 1.0
        for position, (word, times) in enumerate(Counter(words).items(), start=1):
            number = self._words.numbers.get(word)
            likeness = 1.0
            if number is None:
                number, likeness = self._like(word)
            if number is None:
                asked[-position] = 0.5 * highest
                continue
            weight = (1 + float(np.log(times))) * float(self._idf[number]) * likeness
            asked[number] = max(asked.get(number, 0.0), weight)
        return asked

    def _like(self, word: str) -> tuple[int | None, float]:
        """The written word most like `word`, if any is like enough."""
        grams = _grams(word)
        shared = np.zeros(len(self._words.numbers), np.float32)
        for gram in grams:
            number = self._grams.numbers.get(gram)
            if number is not None:
                shared[self._grams.rows[self._grams.place(number)]] += 1
        if not shared.any():
            return None, 0.0
        likeness = 2 * shared / (self._gram_counts + len(grams))
        best = int(likeness.argmax())
        found = float(likeness[best])
        return (best, found) if found >= _LEAST_LIKENESS else (None, 0.0)


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
