"""Sentence vectors of what messages mean, whatever they are written in.

Languages that the sentence encoder does not know are first put word by word into English through
a glossary (`glossary.gloss`): rough, but enough for a vector near that of the same thing said in
English.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.library import Reading
from bot.understanding.encoder import Vectors, encode
from bot.understanding.glossary import gloss, gloss_and_rest, likely_language
from bot.understanding.language import Language, by_script
from bot.understanding.ngrams import NgramSpace
from bot.understanding.normalise import normalise

# Two halves of length 1 side by side have length 1.
_HALF = 0.5**0.5
# The encoder knows these as they are written in books, the glossaries as they are typed: the mean
# of both readings is better than either.
_READ_TWICE = frozenset({"ar", "es", "fr", "pt"})
# Vectors of the latest messages: a message is understood first and then compared with cards.
_KEPT = 512
_kept: OrderedDict[str, Vectors] = OrderedDict()
_lock = Lock()


def sentence_vectors(texts: Sequence[str], languages: Sequence[Language | None]) -> Vectors:
    """Return one vector of unit length per text (zeros for an empty one)."""
    codes = codes_of(languages)
    vectors = encode([gloss(text, code) for text, code in zip(texts, codes, strict=True)])
    twice = [number for number, code in enumerate(codes) if code in _READ_TWICE]
    if twice:
        both = vectors[twice] + encode([normalise(texts[number]) for number in twice])
        lengths = np.linalg.norm(both, axis=1, keepdims=True)
        vectors[twice] = both / np.maximum(lengths, 1e-9)
    with _lock:
        for text, vector in zip(texts[-_KEPT:], vectors[-_KEPT:], strict=True):
            _kept[text] = vector
            _kept.move_to_end(text)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return vectors


def codes_of(languages: Sequence[Language | None]) -> list[str]:
    """Their codes; English where the language is not known."""
    return [language.code if language else "en" for language in languages]


def ngram_space(texts: Sequence[str], languages: Sequence[Language | None]) -> NgramSpace:
    """The vocabulary of `texts`, as typed and through the glossaries."""
    return NgramSpace.fit([*_glossed(texts, languages), *map(normalise, texts)])


def ngram_rows(
    space: NgramSpace, texts: Sequence[str], languages: Sequence[Language | None]
) -> csr_matrix:
    """One row of n-grams per text: those of its English beside those of the text as typed, so that
    languages share what the glossaries know and keep what they do not."""
    glossed = space.transform(_glossed(texts, languages))
    typed = space.transform([normalise(text) for text in texts])
    return csr_matrix(hstack([glossed, typed]) * np.float32(_HALF))


def _glossed(texts: Sequence[str], languages: Sequence[Language | None]) -> list[str]:
    codes = codes_of(languages)
    return [gloss_and_rest(text, code) for text, code in zip(texts, codes, strict=True)]


def card_vectors(texts: Sequence[str]) -> Vectors:
    """Vectors for the search of `bot.library`, whose texts come without a language: the script
    tells it, or how many of the words a glossary knows."""
    if len(texts) == 1 and (vector := _kept.get(texts[0])) is not None:
        return np.asarray(vector).reshape(1, -1)
    return sentence_vectors(texts, [_likely(text) for text in texts])


def rough_english(text: str) -> str:
    """`text` word by word in English, as far as the glossary of its likely language goes."""
    return gloss_and_rest(text, codes_of([_likely(text)])[0])


CARD_READING = Reading(encode=card_vectors, roughly=rough_english)
"""How `bot.library` reads behind the words of cards and messages."""


def _likely(text: str) -> Language | None:
    found = by_script(text)
    code = likely_language(text) if found is None else None
    return Language(code, 1.0) if code else found


def reading_code() -> str:
    """Eight hex digits that change when texts are read another way, so that kept vectors are
    stale."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in (
        package / "meaning.py",
        package / "language.py",
        package / "normalise.py",
        package / "glossary.py",
        *package.glob("data/glossary/*"),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
