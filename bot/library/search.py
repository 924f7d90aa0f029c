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
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

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
        self._row_card, self._row_weight, texts = self._rows()
        self._short_rows = np.flatnonzero(self._row_weight > _WEIGHTS["body"])
        self._texts = texts
        self._vocabulary: dict[str, int] = {}
        self._postings, self._idf = self._index(texts)
        self._grams = self._gram_index()
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

    def _rows(
        self,
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], list[str]]:
        card_numbers, weights, texts = array("i"), array("f"), []
        for number, card in enumerate(self._cards):
            for kind, text in _rows_of(card):
                card_numbers.append(number)
                weights.append(_WEIGHTS[kind])
                texts.append(text)
        return np.array(card_numbers, np.int32), np.array(weights, np.float32), texts

    def _index(
        self, texts: Sequence[str]
    ) -> tuple[list[tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]], Vectors]:
        """For each word the rows that hold it with their weights, and each word's idf."""
        rows_of_word: list[array[int]] = []
        counts_of_word: list[array[int]] = []
        for row, text in enumerate(texts):
            for word, count in Counter(words_of(text)).items():
                number = self._vocabulary.setdefault(word, len(self._vocabulary))
                if number == len(rows_of_word):
                    rows_of_word.append(array("i"))
                    counts_of_word.append(array("i"))
                rows_of_word[number].append(row)
                counts_of_word[number].append(count)
        total = max(len(texts), 1)
        idf = np.array([np.log(1 + total / len(rows)) for rows in rows_of_word], np.float32)
        rows_and_weights = []
        squares = np.zeros(total, np.float32)
        for number, rows in enumerate(rows_of_word):
            where = np.array(rows, np.int32)
            weights = (1 + np.log(np.array(counts_of_word[number], np.float32))) * idf[number]
            squares[where] += weights**2
            rows_and_weights.append((where, weights))
        lengths = np.sqrt(np.maximum(squares, 1e-9))
        postings = [
            (where, (weights / lengths[where]).astype(np.float32))
            for where, weights in rows_and_weights
        ]
        return postings, idf

    def _lexical(self, text: str) -> npt.NDArray[np.float32]:
        asked = self._known_words(words_of(text))
        rows = np.zeros(len(self._texts), np.float32)
        length = 0.0
        for number, weight in asked.items():
            length += weight**2
            if number >= 0:
                where, weights = self._postings[number]
                rows[where] += weight * weights
        return rows / np.float32(max(length, 1e-9) ** 0.5)

    def _known_words(self, words: Collection[str]) -> dict[int, float]:
        """Word numbers with their weights; unknown words under negative numbers."""
        asked: dict[int, float] = {}
        highest = float(self._idf.max()) if len(self._idf) else 1.0
        for position, (word, count) in enumerate(Counter(words).items(), start=1):
            number = self._vocabulary.get(word)
            likeness = 1.0
            if number is None:
                number, likeness = self._like(word)
            if number is None:
                asked[-position] = 0.5 * highest
                continue
            weight = (1 + float(np.log(count))) * float(self._idf[number]) * likeness
            asked[number] = max(asked.get(number, 0.0), weight)
        return asked

    def _gram_index(self) -> dict[str, array[int]]:
        index: dict[str, array[int]] = {}
        for word, number in self._vocabulary.items():
            for gram in _grams(word):
                index.setdefault(gram, array("i")).append(number)
        self._gram_counts = np.array(
            [len(_grams(word)) for word in self._vocabulary], dtype=np.float32
        )
        return index

    def _like(self, word: str) -> tuple[int | None, float]:
        """The written word most like `word`, if any is like enough."""
        grams = _grams(word)
        shared = np.zeros(len(self._vocabulary), np.float32)
        for gram in grams:
            numbers = self._grams.get(gram)
            if numbers is not None:
                shared[np.frombuffer(numbers, np.int32)] += 1
        if not shared.any():
            return None, 0.0
        likeness = 2 * shared / (self._gram_counts + len(grams))
        best = int(likeness.argmax())
        found = float(likeness[best])
        return (best, found) if found >= _LEAST_LIKENESS else (None, 0.0)


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
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", _LATIN_ACCENT.sub("", decomposed))


def _han_pairs(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


def _grams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[i : i + _NGRAM] for i in range(len(padded) - _NGRAM + 1))
