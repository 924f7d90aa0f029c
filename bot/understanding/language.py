"""Which of the nine languages a message is written in, and how sure that is.

The script decides first (Devanagari, Ethiopic, Arabic, Han). Latin letters go through a small
naive Bayes model over character n-grams and words, learned from `data/nlu`, because general
detectors know neither Haitian Creole nor Nepali, Amharic or Arabic typed in Latin letters. One or
two Latin words never give enough confidence to choose a language by ("police", "visa", "malaysia"
stand in all), unless a table knows them as one language's ("hola", "ayuda").
"""

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from bot.understanding import reserved, small_talk
from bot.understanding.normalise import match_key

LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne")
_SCRIPTS = (
    ("ne", 0x0900, 0x097F),
    ("am", 0x1200, 0x139F),
    ("ar", 0x0600, 0x06FF),
    ("ar", 0x0750, 0x077F),
    ("zh", 0x3400, 0x9FFF),
)
# From this share of letters on, a script decides although Latin words stand beside it ("मेरो
# passport").
_SCRIPT_SHARE = 0.3
_LETTERS_FOR_DOUBT = 1.6  # one letter of a script is half evidence, five are 0.95
_LATIN_LETTERS_FOR_DOUBT = 3.0  # two Latin letters are half evidence, nine are 0.95
_HAN_WORTH = 3  # a Chinese character says as much as a few letters
# Fewer Latin words than this never reach the confidence at which a language is chosen.
_LEAST_WORDS = 3
_MOST_OF_FEW_WORDS = 0.5
_BY_TABLE = 0.9
_SMOOTHING = 0.05
# n-grams of one word repeat each other's evidence: their log-likelihoods count for this much.
_INDEPENDENCE = 0.22


@dataclass(frozen=True)
class Language:
    """A language code of :data:`LANGUAGES` and a confidence between 0 and 1."""

    code: str
    confidence: float


def by_script(text: str) -> Language | None:
    """The language whose script `text` uses, or None when its letters are Latin or absent."""
    counts: Counter[str] = Counter()
    for character in text:
        if character.isalpha() or "\u0900" <= character <= "\u097f":
            counts[_script_language(ord(character))] += 1
    counts["zh"] *= _HAN_WORTH
    total = sum(counts.values())
    latin = counts.pop("", 0)
    if not total or latin == total:
        return None
    code, count = counts.most_common(1)[0]
    share = count / total
    if share < _SCRIPT_SHARE:
        return None
    evidence = 1 - math.exp(-count / _LETTERS_FOR_DOUBT)
    return Language(code, round(min(0.99, 0.5 + share / 2) * evidence, 4))


def _script_language(point: int) -> str:
    for code, first, last in _SCRIPTS:
        if first <= point <= last:
            return code
    return ""


def _features(text: str) -> list[str]:
    found: list[str] = []
    for word in match_key(text).split():
        padded = f" {word} "
        for size in (1, 2, 3, 4):
            found.extend(padded[i : i + size] for i in range(len(padded) - size + 1))
        found.extend((f"={word}",) * 3)  # a known word outweighs its pieces
    return found


def _owner(text: str) -> str:
    """The language whose table of small talk or reserved words has `text`."""
    known = small_talk.language(text)
    found = reserved.find(text)
    if known or found is None or found.act == reserved.LANGUAGE_CHANGE:
        return known
    return found.language


@dataclass(frozen=True)
class LanguageModel:
    """Naive Bayes for messages in Latin letters."""

    codes: tuple[str, ...]
    index: dict[str, int]
    weights: npt.NDArray[np.float32]
    """One row per feature: log-probability in each language; the last row is for unknown ones."""

    @classmethod
    def fit(cls, examples: Iterable[tuple[str, str]]) -> "LanguageModel":
        """Learn from (text, language) pairs; those not in Latin letters are left out."""
        counts: dict[str, Counter[str]] = {}
        for text, code in examples:
            if by_script(text) is None:
                counts.setdefault(code, Counter()).update(_features(text))
        codes = tuple(code for code in LANGUAGES if code in counts)
        total: Counter[str] = Counter()
        for code in codes:
            total.update(counts[code])
        kept = sorted(f for f, n in total.items() if n >= 2)
        weights = np.zeros((len(kept) + 1, len(codes)), dtype=np.float32)
        for column, code in enumerate(codes):
            size = sum(counts[code].values()) + _SMOOTHING * (len(kept) + 1)
            row = [(counts[code][f] + _SMOOTHING) / size for f in kept] + [_SMOOTHING / size]
            weights[:, column] = np.log(row)
        return cls(codes, {f: i for i, f in enumerate(kept)}, weights)

    def detect(self, text: str) -> Language:
        """The language of `text`; confidence 0 and "en" when there is nothing to read."""
        found = by_script(text)
        if found is not None:
            return found
        few = len(match_key(text).split()) < _LEAST_WORDS
        if few and (owner := _owner(text)):
            return Language(owner, _BY_TABLE)
        rows = [self.index[f] for f in _features(text) if f in self.index]
        if not rows:
            return Language("en", 0.0)
        score = self.weights[rows].sum(axis=0).astype(np.float64) * _INDEPENDENCE
        shares = np.exp(score - score.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        letters = sum(1 for character in text if character.isalpha())
        evidence = 1 - math.exp(-letters / _LATIN_LETTERS_FOR_DOUBT)
        confidence = float(shares[best]) * evidence
        if few:
            confidence = min(confidence, _MOST_OF_FEW_WORDS)
        return Language(self.codes[best], round(confidence, 4))

    def save(self, folder: Path) -> None:
        """Write `language.json` and `language.safetensors` into `folder`."""
        features = sorted(self.index, key=self.index.__getitem__)
        told = {"codes": self.codes, "features": features}
        (folder / "language.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        save_file({"weights": self.weights}, str(folder / "language.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> "LanguageModel":
        """Read what :meth:`save` wrote."""
        told = json.loads((folder / "language.json").read_text("utf-8"))
        weights = load_file(str(folder / "language.safetensors"))["weights"]
        return cls(tuple(told["codes"]), {f: i for i, f in enumerate(told["features"])}, weights)
