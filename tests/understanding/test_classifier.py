"""The classifier: it learns, ranks, tells its confidence truly, and survives being stored."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.understanding.calibration import (
    probability,
    shares,
    slope_and_offset,
    temperature_for,
)
from bot.understanding.classifier import Example, IntentModel
from bot.understanding.kernel import Floats, fit
from bot.understanding.ngrams import NgramSpace

TEXTS = [f"{word} {other}" for word in ("wages", "passport", "police") for other in "abcdefghij"]
LABELS = [text.split()[0] for text in TEXTS]


def _clusters(noise: float) -> tuple[Floats, list[str]]:
    random = np.random.default_rng(7)
    centres = {"a": (1.0, 0.0), "b": (0.0, 1.0), "c": (-1.0, -1.0)}
    labels = [name for name in centres for _ in range(200)]
    points = np.array([centres[name] for name in labels]) + random.normal(0, noise, (600, 2))
    return points.astype(np.float32), labels


def _one_hot(labels: list[str]) -> Floats:
    return np.eye(3, dtype=np.float32)[[sorted(set(labels)).index(name) for name in labels]]


def _on_the_circle(points: Floats) -> Floats:
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float32)


def _no_ngrams(count: int) -> csr_matrix:
    return csr_matrix((count, 1), dtype=np.float32)


def test_separable_classes_are_learnt() -> None:
    points, labels = _clusters(noise=0.1)
    vectors, targets = _on_the_circle(points), _one_hot(labels)
    model, _ = fit(vectors, _no_ngrams(600), targets, np.ones(600, np.float32), 600)
    got = model.scores(vectors, _no_ngrams(600))
    assert got.argmax(axis=1).tolist() == targets.argmax(axis=1).tolist()
    assert got.max(axis=1).min() > 0.8


def test_the_trial_says_what_a_model_of_the_first_rows_would_say() -> None:
    points, labels = _clusters(noise=0.9)
    order = np.random.default_rng(3).permutation(600)
    vectors, targets = _on_the_circle(points)[order], _one_hot(labels)[order]
    ones = np.ones(600, np.float32)
    _, trial = fit(vectors, _no_ngrams(600), targets, ones, 450)
    alone, _ = fit(vectors[:450], _no_ngrams(450), targets[:450], ones[:450], 450)
    assert trial.scores == pytest.approx(alone.scores(vectors[450:], _no_ngrams(150)), abs=0.02)


def test_confidence_matches_how_often_it_is_right() -> None:
    points, labels = _clusters(noise=0.9)
    order = np.random.default_rng(3).permutation(600)
    vectors, targets = _on_the_circle(points)[order], _one_hot(labels)[order]
    _, trial = fit(vectors, _no_ngrams(600), targets, np.ones(600, np.float32), 300)
    known = targets[300:]
    given = shares(trial.scores, temperature_for(trial.scores[:150], known[:150]))[150:]
    right = given.argmax(axis=1) == known[150:].argmax(axis=1)
    assert abs(float(given.max(axis=1).mean()) - float(right.mean())) < 0.1


def test_a_message_about_two_things_is_no_reason_for_doubt() -> None:
    scores = np.tile(np.array([1.0, 0.9, 0.0], np.float32), (50, 1))
    both = np.tile(np.array([0.7, 0.3, 0.0], np.float32), (50, 1))
    given = shares(scores, temperature_for(scores, both))
    assert float(given[0, 2]) < 0.001


def test_a_probability_comes_true() -> None:
    random = np.random.default_rng(5)
    scores = random.random(4000, dtype=np.float32)
    truth = random.random(4000) < 1 / (1 + np.exp(-(8 * scores - 5)))
    given = probability(scores, *slope_and_offset(scores, truth))
    assert abs(float(given[scores > 0.8].mean()) - float(truth[scores > 0.8].mean())) < 0.05
    assert abs(float(given[scores < 0.4].mean()) - float(truth[scores < 0.4].mean())) < 0.05


def test_the_models_say_the_same_after_storing(tmp_path: Path) -> None:
    space = NgramSpace.fit(TEXTS)
    rows = space.transform(TEXTS)
    vectors = np.eye(len(TEXTS), 8, dtype=np.float32)
    examples = [
        Example(label, danger="arrest", stage="return") if label == "police" else Example(label)
        for label in LABELS
    ]
    cues = np.zeros(len(TEXTS), dtype=np.float32)
    model = IntentModel.fit(vectors, rows, lambda numbers: cues[numbers], examples)
    model.save(tmp_path)
    space.save(tmp_path)
    again = IntentModel.load(tmp_path)
    rows_again = NgramSpace.load(tmp_path).transform(TEXTS)
    before, after = model.score(vectors, rows, cues), again.score(vectors, rows_again, cues)
    for one, other in zip(before, after, strict=True):
        assert dict(other.intents) == pytest.approx(dict(one.intents), abs=0.001)
        assert dict(other.danger) == pytest.approx(dict(one.danger), abs=0.001)
        assert dict(other.stages) == pytest.approx(dict(one.stages), abs=0.001)
    assert all(path.suffix in (".json", ".safetensors") for path in tmp_path.iterdir())


def test_known_words_rank_their_intent_first() -> None:
    space = NgramSpace.fit(TEXTS)
    zeros = np.zeros((len(TEXTS), 8), dtype=np.float32)
    examples = [Example(label) for label in LABELS]
    model = IntentModel.fit(zeros, space.transform(TEXTS), lambda n: zeros[n, 0], examples)
    (scores,) = model.score(zeros[:1], space.transform(["my pasport passport"]), zeros[:1, 0])
    assert scores.intents[0][0] == "passport"


def test_a_stage_is_learnt_beside_the_intents() -> None:
    space = NgramSpace.fit(TEXTS)
    zeros = np.zeros((len(TEXTS), 8), dtype=np.float32)
    examples = [Example(t.split()[0], stage="return" if t[-1] in "abc" else "") for t in TEXTS]
    model = IntentModel.fit(zeros, space.transform(TEXTS), lambda n: zeros[n, 0], examples)
    scores = model.score(zeros, space.transform(TEXTS), zeros[:, 0])
    back = [dict(one.stages)["return"] for one in scores]
    told = [score for score, text in zip(back, TEXTS, strict=True) if text[-1] in "abc"]
    others = [score for score, text in zip(back, TEXTS, strict=True) if text[-1] not in "abc"]
    assert min(told) > max(others)
    assert all(dict(one.stages)["in_transit"] == pytest.approx(0, abs=0.001) for one in scores)


def test_an_unknown_text_has_no_ngrams_and_does_not_fail() -> None:
    space = NgramSpace.fit(TEXTS)
    assert space.transform(["ሰላም"]).nnz == 0
