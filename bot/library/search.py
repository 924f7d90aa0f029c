"""Finding cards by a person's own words, in any language of the edition, without any service.

Every question, title and text is a row; a card's score joins those of its rows. Rows are compared
by their words (`words`). What reads more than words, a sentence encoder and a rough translation
into one common language, can be plugged in (`Reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from bot.library.model import Card
from bot.library.words import Floats, WordIndex

_WEIGHTS = {"question": 1.0, "title": 1.0, "label": 0.8, "sms": 1.2, "body": 2.0}
"""How much a row counts. Long rows have low cosines, hence their weight (measured, see Fit)."""
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

    nearest: Floats
    overall: Floats


@dataclass(frozen=True)
class Reading:
    """How to read more than words.

    `encode` gives each of some texts a vector (rows; length 1 is not required), zeros where it
    cannot read one. `roughly` puts a text word by word into a language common to all, "" where it
    cannot.
    """

    encode: Callable[[Sequence[str]], Floats]
    roughly: Callable[[str], str]


@dataclass(frozen=True)
class Read:
    """What a Reading made of an index: vectors of `short_texts()`, rough texts of `texts`."""

    vectors: Floats
    rough: tuple[str, ...]


class Index:
    """All rows of some cards. Built once; reading it is thread-safe."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = list(cards)
        rows = [(n, *row) for n, card in enumerate(self._cards) for row in _rows_of(card)]
        self._row_card = np.array([number for number, _, _ in rows], np.int32)
        self._countries = np.array([card.country for card in self._cards])
        self._row_weight = np.array([_WEIGHTS[kind] for _, kind, _ in rows], np.float32)
        self.texts = [text for _, _, text in rows]
        self._short_rows = np.array([n for n, row in enumerate(rows) if row[1] != "body"], int)
        self._words = WordIndex(self.texts)
        self._behind: _Behind | None = None

    def use_reading(self, reading: Reading, kept: Read | None = None) -> Read:
        """Score by `reading` too. Returns what it read, which a caller may keep.

        That may take long; pass what an earlier call on the same edition returned to skip it.
        Raises ValueError if the numbers of texts do not fit.
        """
        texts = self.short_texts()
        if kept is None:
            kept = Read(reading.encode(texts), tuple(reading.roughly(text) for text in self.texts))
        if (len(kept.vectors), len(kept.rough)) != (len(texts), len(self.texts)):
            raise ValueError(f"{len(kept.vectors)} vectors for {len(texts)} texts")
        self._behind = _Behind(reading, kept)
        return kept

    def short_texts(self) -> list[str]:
        """What an encoder gets: the text of every row but the bodies, too long for one vector."""
        return [self.texts[row] for row in self._short_rows]

    @contextmanager
    def without(self, question: str) -> Iterator[None]:
        """Leave every row that reads exactly so out of the scores: for measuring, not for serving
        (it is the one thing here that changes the index, so no other thread may read then)."""
        rows = [row for row, text in enumerate(self.texts) if text == question]
        before = self._row_weight[rows]
        self._row_weight[rows] = 0
        try:
            yield
        finally:
            self._row_weight[rows] = before

    def scores(self, text: str, countries: Collection[str] | None = None) -> Fit:
        """How well each card (in the order given) fits `text`; with `countries`, only the cards of
        these, and 0 for the others."""
        rows = self._words.cosines(text)
        if self._behind is not None:
            rows = self._behind.blend(rows, self._short_rows, text, self._spans(countries))
        rows = np.minimum(rows, 1.0)
        nearest = self._best_of_each_card(rows * np.minimum(self._row_weight, 1.0))
        rows = rows * self._row_weight
        together = np.sqrt(np.bincount(self._row_card, rows**2, minlength=len(self._cards)))
        if countries is not None:
            asked = np.isin(self._countries, list(countries))
            nearest, together = nearest * asked, together * asked
        highest = float(together.max()) if len(together) else 0.0
        scale = float(nearest.max()) / highest if highest else 0.0
        return Fit(nearest, (together * scale).astype(np.float32))

    def _spans(self, countries: Collection[str] | None) -> list[slice]:
        """Which of the vectors belong to cards of `countries`: shelves stand together, and a slice
        is looked at without being copied."""
        if countries is None:
            return [slice(None)]
        asked = np.isin(self._countries, list(countries))[self._row_card[self._short_rows]]
        edges = np.flatnonzero(np.diff(asked.astype(np.int8), prepend=0, append=0))
        return [slice(*pair) for pair in edges.reshape(-1, 2)]

    def _best_of_each_card(self, rows: Floats) -> Floats:
        """The rows of a card stand together and none has no row, for each has its English."""
        if not self._cards:
            return np.zeros(0, np.float32)
        starts = np.searchsorted(self._row_card, np.arange(len(self._cards)))
        best: Floats = np.maximum.reduceat(rows, starts)
        return best

    def search(
        self, text: str, allowed: Callable[[Card], bool] | None = None, limit: int = 5
    ) -> list[Hit]:
        """The cards that fit best, none without any word in common."""
        scores = self.scores(text).overall
        order = np.argsort(-scores, kind="stable")
        hits = (Hit(self._cards[i], float(scores[i])) for i in order if scores[i] > 0)
        return [hit for hit in hits if allowed is None or allowed(hit.card)][:limit]


class _Behind:
    """What stands behind the words of an index: rough texts and vectors."""

    def __init__(self, reading: Reading, read: Read) -> None:
        self._reading = reading
        self._rough = WordIndex(read.rough)
        lengths = np.linalg.norm(read.vectors, axis=1, keepdims=True)
        self._vectors = (read.vectors / np.maximum(lengths, 1e-9)).astype(np.float32)

    def blend(self, words: Floats, short_rows: Floats, text: str, spans: Sequence[slice]) -> Floats:
        """Mix `words`, the cosines by words alone, with those of the rough texts and the vectors in
        `spans`; each leaves its share to the words where it cannot read `text`."""
        rough = self._reading.roughly(text)
        rows = (words + self._rough.cosines(rough)) / 2 if rough else words
        asked = np.asarray(self._reading.encode([text]), dtype=np.float32)[0]
        length = float(np.linalg.norm(asked))
        if length == 0:
            return rows
        cosines = np.zeros(len(self._vectors), np.float32)
        for span in spans:
            cosines[span] = self._vectors[span] @ (asked / length)
        near = np.clip((cosines - _ENCODER_FLOOR) / (1 - _ENCODER_FLOOR), 0.0, 1.0)
        blended = rows * np.float32(1 - _ENCODER_SHARE)
        blended[short_rows] += _ENCODER_SHARE * near
        return blended


def _rows_of(card: Card) -> Iterable[tuple[str, str]]:
    for questions in (card.questions, card.asked):
        for language in questions:
            if language in card.texts:
                yield from (("question", question) for question in questions[language])
    for text in card.texts.values():
        yield "title", text.title
        yield "label", text.label
        yield "sms", text.sms
        yield "body", text.body
