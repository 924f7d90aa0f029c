"""The classifier: it learns, ranks, tells its confidence truly, and survives being stored."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.understanding.classifier import SAFE, Example, IntentModel
from bot.understanding.ngrams import NgramSpace
from bot.understanding.softmax import fit

TEXTS = [f"{word} {other}" for word in ("wages", "passport", "police") for other in "abcdefghij"]
LABELS = [text.split()[0] for text in TEXTS]


def _clusters(noise: float) -> tuple[npt.NDArray[np.float32], list[str]]:
    random = np.random.default_rng(7)
    centres = {"a": (1.0, 0.0), "b": (0.0, 1.0), "c": (-1.0, -1.0)}
    labels = [name for name in centres for _ in range(200)]
    points = np.array([centres[name] for name in labels]) + random.normal(0, noise, (600, 2))
    return points.astype(np.float32), labels


def test_separable_classes_are_learnt() -> None:
    points, labels = _clusters(noise=0.1)
    model = fit(points, range(600), labels, [1.0] * 600)
    got = model.probabilities(points)
    assert [model.labels[i] for i in got.argmax(axis=1)] == labels
    assert got.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_confidence_matches_how_often_it_is_right() -> None:
    points, labels = _clusters(noise=0.9)
    model = fit(points, range(600), labels, [1.0] * 600)
    got = model.probabilities(points)
    right = np.array([model.labels[i] for i in got.argmax(axis=1)]) == np.array(labels)
    assert abs(float(got.max(axis=1).mean()) - float(right.mean())) < 0.06


def test_a_weight_of_nothing_teaches_nothing() -> None:
    points, labels = _clusters(noise=0.1)
    wrong = ["a"] * 600
    model = fit(points, [*range(600), *range(600)], labels + wrong, [1.0] * 600 + [1e-9] * 600)
    assert [model.labels[i] for i in model.probabilities(points).argmax(axis=1)] == labels


def test_the_models_are_the_same_after_storing(tmp_path: Path) -> None:
    space = NgramSpace.fit(TEXTS)
    rows = space.transform(TEXTS)
    vectors = np.eye(len(TEXTS), 8, dtype=np.float32)
    examples = [Example(label, danger="arrest" if label == "police" else SAFE) for label in LABELS]
    cues = np.zeros((len(TEXTS), 3), dtype=np.float32)
    model = IntentModel.fit(vectors, rows, cues, examples)
    model.save(tmp_path)
    space.save(tmp_path)
    again = IntentModel.load(tmp_path)
    rows_again = NgramSpace.load(tmp_path).transform(TEXTS)
    assert again.score(vectors, rows_again, cues) == model.score(vectors, rows, cues)
    assert all(path.suffix in (".json", ".safetensors") for path in tmp_path.iterdir())


def test_known_words_rank_their_intent_first() -> None:
    space = NgramSpace.fit(TEXTS)
    zeros = np.zeros((len(TEXTS), 8), dtype=np.float32)
    examples = [Example(label) for label in LABELS]
    model = IntentModel.fit(zeros, space.transform(TEXTS), zeros, examples)
    (scores,) = model.score(zeros[:1], space.transform(["my pasport passport"]), zeros[:1])
    assert scores.intents[0][0] == "passport"


def test_an_unknown_text_has_no_ngrams_and_does_not_fail() -> None:
    space = NgramSpace.fit(TEXTS)
    assert space.transform(["ሰላም"]).nnz == 0
