"""Understanding: what each part of the pipeline is worth, beside stock Rasa, and how fast it is.

    .venv/bin/python benchmarks/understanding.py [--stock] [--held-out] [--json FILE]

Models are trained on data/nlu and asked the test set of tests/understanding; with --held-out, on
four fifths of data/nlu and asked the last fifth. --stock also trains the pipeline that `rasa init`
writes (DIET, 100 epochs) on the same messages, in the environment of benchmarks/stock, in minutes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.stock.environment import STOCK, environment_of_stock  # noqa: E402
from bot.understanding.classifier import Example, join, strongest  # noqa: E402
from bot.understanding.encoder import Vectors, encode  # noqa: E402
from bot.understanding.evaluation.labelled import read_cases  # noqa: E402
from bot.understanding.examples import Labelled, read_examples  # noqa: E402
from bot.understanding.live import Reader  # noqa: E402
from bot.understanding.meaning import sentence_vectors  # noqa: E402
from bot.understanding.ngrams import NgramSpace  # noqa: E402
from bot.understanding.normalise import normalise  # noqa: E402
from bot.understanding.reader import TOPICS, Known  # noqa: E402
from bot.understanding.softmax import fit  # noqa: E402
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
  epochs: 100
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
    models = train(split.learnt)
    texts = [item.text for item in split.learnt]
    examples = [item.example for item in split.learnt]

    def glossed(some: Sequence[str]) -> Vectors:
        return sentence_vectors(some, [models.language.detect(text) for text in some])

    def raw(some: Sequence[str]) -> Vectors:
        return encode([normalise(text) for text in some])

    def none(some: Sequence[str]) -> Vectors:
        return np.zeros((len(some), 1), np.float32)

    space = NgramSpace.fit(texts)
    directions = strongest(space.transform(texts))

    def rankings(vectors: Callable[[Sequence[str]], Vectors], ngrams: bool) -> Rankings:
        def features(some: Sequence[str]) -> Vectors:
            rows = space.transform(some)
            return join(vectors(some), rows if ngrams else csr_matrix(rows.shape), directions)

        return _rank(features(texts), examples, features(split.asked))

    return {
        "n-grams alone": rankings(none, ngrams=True),
        "encoder alone": rankings(raw, ngrams=False),
        "encoder and n-grams": rankings(raw, ngrams=True),
        "encoder behind the glossaries": rankings(glossed, ngrams=False),
        "glossaries, encoder, n-grams": rankings(glossed, ngrams=True),
    }


def _rank(learnt: Vectors, examples: Sequence[Example], asked: Vectors) -> Rankings:
    labels = [example.intent for example in examples]
    model = fit(learnt, range(len(labels)), labels, [1.0] * len(labels))
    order = np.argsort(-model.probabilities(asked), axis=1)
    return [[model.labels[column] for column in row] for row in order]


def stock(split: Split) -> Rankings:
    """What the default pipeline of `rasa init` ranks. Raises CalledProcessError with its output."""
    with tempfile.TemporaryDirectory(prefix="haki-stock-") as name:
        folder = Path(name)
        (folder / "config.yml").write_text(_STOCK_CONFIG, "utf-8")
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
    parser.add_argument("--held-out", action="store_true", help="ask a fifth of data/nlu instead")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    split = held_out() if options.held_out else test_set()
    if not split.asked:
        print("There is no test set; see --held-out.", file=sys.stderr)
        return 1
    results = {name: shares(rankings, split) for name, rankings in variants(split).items()}
    if options.stock:
        results["stock Rasa (DIET)"] = shares(stock(split), split)
    figures = speed(split)
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
