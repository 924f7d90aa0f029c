"""Understanding: what each part of the pipeline is worth, beside stock Rasa, and how fast it is.

    .venv/bin/python benchmarks/understanding.py [--stock] [--held-out] [--json FILE]

Models are trained on data/nlu and asked the test set of tests/understanding; with --held-out, on
four fifths of data/nlu and asked the last fifth. --stock also trains the pipeline that `rasa init`
writes (DIET) on the same messages, in the environment of benchmarks/stock, in minutes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.stock.environment import STOCK, environment_of_stock  # noqa: E402
from bot.understanding.classifier import Example, IntentModel  # noqa: E402
from bot.understanding.encoder import Vectors, encode  # noqa: E402
from bot.understanding.evaluation.labelled import read_cases  # noqa: E402
from bot.understanding.examples import Labelled, read_examples  # noqa: E402
from bot.understanding.kernel import Floats  # noqa: E402
from bot.understanding.language import LanguageModel  # noqa: E402
from bot.understanding.live import Reader  # noqa: E402
from bot.understanding.meaning import (  # noqa: E402
    ngram_rows,
    ngram_space,
    sentence_vectors,
)
from bot.understanding.ngrams import NgramSpace  # noqa: E402
from bot.understanding.normalise import normalise  # noqa: E402
from bot.understanding.reader import Known  # noqa: E402
from bot.understanding.topics import TOPICS  # noqa: E402
from bot.understanding.training import train  # noqa: E402

_STOCK_CONFIG = """recipe: default.v1
assistant_id: stock
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: EPOCHS
  constrain_similarities: true
"""
_ASK_STOCK = """import asyncio, json, sys
from rasa.core.agent import Agent
async def main():
    agent = Agent.load(sys.argv[1])
    for line in sys.stdin:
        parsed = await agent.parse_message(json.loads(line))
        print("RANKING " + json.dumps([i["name"] for i in parsed["intent_ranking"]]), flush=True)
asyncio.run(main())
"""
Rankings = list[list[str]]


@dataclass(frozen=True)
class Split:
    """Messages to learn from and to be asked; `right` holds the acceptable topics of each asked."""

    learnt: list[Labelled]
    asked: list[str]
    languages: list[str]
    right: list[tuple[str, ...]]


def test_set() -> Split:
    """All of data/nlu against the topics of the test set."""
    cases = [case for case in read_cases() if case.act == "ask" and case.topics]
    return Split(
        list(read_examples()),
        [case.text for case in cases],
        [case.language for case in cases],
        [case.topics for case in cases],
    )


def held_out() -> Split:
    """Four fifths of data/nlu against the topics of the last, drawn once and for all."""
    every = list(read_examples())
    order = np.random.default_rng(5).permutation(len(every))
    last = {int(number) for number in order[::5]}
    asked = [every[n] for n in sorted(last) if every[n].example.intent in TOPICS]
    return Split(
        [item for number, item in enumerate(every) if number not in last],
        [item.text for item in asked],
        [item.language for item in asked],
        [(item.example.intent, *item.example.also) for item in asked],
    )


def variants(split: Split) -> dict[str, Rankings]:
    """The intents that each combination of features ranks, best first, for every asked message."""
    texts, examples = [item.text for item in split.learnt], [item.example for item in split.learnt]
    known = LanguageModel.fit((item.text, item.language) for item in split.learnt)
    learnt, asked = _features(known, texts), _features(known, split.asked)
    space = ngram_space(texts, [known.detect(text) for text in texts])
    both = _ngrams(known, space, texts), _ngrams(known, space, split.asked)
    typed_space = NgramSpace.fit([normalise(text) for text in texts])
    typed = _typed(typed_space, texts), _typed(typed_space, split.asked)
    none = tuple(csr_matrix((len(some), 1), dtype=np.float32) for some in (texts, split.asked))
    zeros = tuple(np.zeros((len(some), 1), np.float32) for some in (texts, split.asked))
    raw, glossed = (learnt[0], asked[0]), (learnt[1], asked[1])
    return {
        "n-grams alone": _rank(zeros, typed, examples),
        "encoder alone": _rank(raw, none, examples),
        "encoder and n-grams": _rank(raw, typed, examples),
        "glossaries, encoder": _rank(glossed, none, examples),
        "glossaries, encoder, n-grams": _rank(glossed, both, examples),
        "the same, linear (SVM)": _rank_linear(glossed, both, examples),
    }


Pair = tuple[Vectors, ...]
Sparse = tuple[csr_matrix, ...]


def _features(known: LanguageModel, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
    """Sentence vectors of the texts as typed and through the glossaries."""
    raw = encode([normalise(text) for text in texts])
    return raw, sentence_vectors(texts, [known.detect(text) for text in texts])


def _ngrams(known: LanguageModel, space: NgramSpace, texts: Sequence[str]) -> csr_matrix:
    return ngram_rows(space, texts, [known.detect(text) for text in texts])


def _typed(space: NgramSpace, texts: Sequence[str]) -> csr_matrix:
    return space.transform([normalise(text) for text in texts])


def _no_lists(numbers: Sequence[int]) -> Floats:
    return np.zeros(len(numbers), np.float32)


def _rank(vectors: Pair, ngrams: Sparse, examples: Sequence[Example]) -> Rankings:
    model = IntentModel.fit(vectors[0], ngrams[0], _no_lists, examples)
    scores = model.score(vectors[1], ngrams[1], _no_lists(range(len(vectors[1]))))
    return [[name for name, _ in score.intents] for score in scores]


def _rank_linear(vectors: Pair, ngrams: Sparse, examples: Sequence[Example]) -> Rankings:
    """The same features without the kernel: one hyperplane an intent."""
    rows = [csr_matrix(hstack([csr_matrix(v), n])) for v, n in zip(vectors, ngrams, strict=True)]
    model = LinearSVC(C=0.3, class_weight="balanced").fit(rows[0], [one.intent for one in examples])
    order = np.argsort(-model.decision_function(rows[1]), axis=1)
    return [[str(model.classes_[column]) for column in row] for row in order]


def stock(split: Split, epochs: int) -> Rankings:
    """What the default pipeline of `rasa init` ranks. Raises CalledProcessError with its output."""
    with tempfile.TemporaryDirectory(prefix="haki-stock-") as name:
        folder = Path(name)
        (folder / "config.yml").write_text(_STOCK_CONFIG.replace("EPOCHS", str(epochs)), "utf-8")
        (folder / "nlu.yml").write_text(_as_yaml(split.learnt), "utf-8")
        rasa = [str(STOCK.python), "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml"]
        _run([*rasa, "--config", "config.yml", "--fixed-model-name", "stock"], folder, "")
        archive = str(folder / "models" / "stock.tar.gz")
        lines = "".join(json.dumps(text) + "\n" for text in split.asked)
        out = _run([str(STOCK.python), "-c", _ASK_STOCK, archive], folder, lines)
    return [json.loads(row[8:]) for row in out.splitlines() if row.startswith("RANKING ")]


def _run(command: list[str], folder: Path, given: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        input=given,
        env=environment_of_stock(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _as_yaml(learnt: Sequence[Labelled]) -> str:
    by_intent: dict[str, list[str]] = {}
    for item in learnt:
        by_intent.setdefault(item.example.intent, []).append(item.text)
    blocks = ['version: "3.1"', "nlu:"]
    for intent, texts in by_intent.items():
        blocks += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(blocks) + "\n"


def shares(rankings: Rankings, split: Split) -> dict[str, dict[str, float]]:
    """Share of messages whose first topic, and one of whose first three, is right, by language."""
    counts: Counter[tuple[str, str]] = Counter()
    for ranked, language, right in zip(rankings, split.languages, split.right, strict=True):
        topics = [name for name in ranked if name in TOPICS]
        for group in (language, "all"):
            counts[group, "n"] += 1
            counts[group, "first"] += bool(set(right) & set(topics[:1]))
            counts[group, "three"] += bool(set(right) & set(topics[:3]))
    return {
        group: {
            "first": counts[group, "first"] / counts[group, "n"],
            "three": counts[group, "three"] / counts[group, "n"],
        }
        for group in [*sorted(set(split.languages)), "all"]
    }


def speed(split: Split) -> dict[str, float]:
    """Seconds to learn everything; messages a second in batches and one by one, without cards."""
    started = time.perf_counter()
    reader = Reader(train(split.learnt))
    learnt = time.perf_counter() - started
    asked = (split.asked * (1 + 1000 // max(len(split.asked), 1)))[:1000]
    reader.read(asked[:5], [Known()] * 5)
    started = time.process_time()
    for _ in reader.read_stream((text, Known()) for text in asked):
        pass
    batch = len(asked) / (time.process_time() - started)
    times = []
    for text in asked[:300]:
        started = time.process_time()
        reader.read([text], [Known()])
        times.append(time.process_time() - started)
    return {
        "training_s": learnt,
        "batch_messages_per_cpu_s": batch,
        "one_message_cpu_ms": 1000 * float(np.median(times)),
    }


def main() -> int:
    """Print the tables; the exit status is 1 when there is nothing to ask."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--stock", action="store_true", help="train stock Rasa too (minutes)")
    parser.add_argument("--epochs", type=int, default=100, help="of stock Rasa's training")
    parser.add_argument("--only-stock", action="store_true", help="train nothing else")
    parser.add_argument("--held-out", action="store_true", help="ask a fifth of data/nlu instead")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    split = held_out() if options.held_out else test_set()
    if not split.asked:
        print("There is no test set; see --held-out.", file=sys.stderr)
        return 1
    ours = {} if options.only_stock else variants(split)
    results = {name: shares(rankings, split) for name, rankings in ours.items()}
    if options.stock or options.only_stock:
        name = f"stock Rasa (DIET, {options.epochs} epochs)"
        results[name] = shares(stock(split, options.epochs), split)
    figures = {} if options.only_stock else speed(split)
    print(f"{len(split.learnt)} messages learnt, {len(split.asked)} asked; first topic right:")
    groups = list(next(iter(results.values())))
    print(f"{'':32}" + "".join(f"{group:>7}" for group in groups) + "  first three")
    for name, row in results.items():
        cells = "".join(f"{row[group]['first']:7.2f}" for group in groups)
        print(f"{name:32}{cells}{row['all']['three']:13.2f}")
    print(", ".join(f"{name} {value:.1f}" for name, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps({"topics": results, "speed": figures}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
