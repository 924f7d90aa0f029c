"""The rights library: time and memory to load it, time to find a card, and how often it is the one.

    .venv/bin/python benchmarks/library.py [--json] [--content FOLDER]

Load and memory are measured in a process of its own that does nothing else. How often: each of
500 questions of the edition is asked with that very question taken out of the index. Exit status 1
if a target is missed: load in 1 s, 100 MB, find in 5 ms (99th percentile).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from bot.library import Card, Library  # noqa: E402
from bot.library.lint import check  # noqa: E402

TARGETS = {"load_s": 1.0, "memory_mb": 100.0, "find_p99_ms": 5.0, "check_s": 10.0}
QUESTIONS = 500


def measure_load(content: str) -> dict[str, float]:
    """Load in this process, which should be a fresh one."""
    start, start_cpu = time.perf_counter(), time.process_time()
    library = Library.load(content)
    return {
        "load_s": time.perf_counter() - start,
        "load_cpu_s": time.process_time() - start_cpu,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cards": len(library.cards),
        "texts": sum(len(card.texts) for card in library.cards.values()),
    }


def in_a_fresh_process(content: str) -> dict[str, float]:
    """The best of three loads: the machine's other work is not what is measured."""
    command = [sys.executable, __file__, "--content", content, "--load-only"]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for _ in range(3)
    ]
    return dict(min(runs, key=lambda run: run["load_s"]))


def sample(library: Library) -> list[tuple[Card, str, str]]:
    """Questions with their card and language, always the same ones for the same edition."""
    questions = [
        (card, language, question)
        for card in library.cards.values()
        for language in card.texts
        for question in card.questions.get(language, ())
    ]
    return random.Random(0).sample(questions, min(QUESTIONS, len(questions)))  # noqa: S311


def measure_find(library: Library) -> dict[str, float]:
    """Milliseconds of a look-up by topic, country, origin and words, each the best of three:
    the machine's other work is not what is measured."""
    ordered = sorted(min(_time(library, *asked) for _ in range(3)) for asked in sample(library))
    return {
        "find_p50_ms": statistics.median(ordered),
        "find_p99_ms": ordered[int(len(ordered) * 0.99)],
    }


def _time(library: Library, card: Card, language: str, question: str) -> float:
    start = time.perf_counter()
    library.find(
        topic=card.topic, country=card.country, origin="NPL", text=question, language=language
    )
    return (time.perf_counter() - start) * 1000


def measure_hits(library: Library) -> dict[str, float]:
    """Share of questions whose card comes first, and among the first three."""
    counts = {"first": 0, "three": 0, "first_with_topic": 0, "three_with_topic": 0}
    asked = sample(library)
    for card, language, question in asked:
        with library.index.without(question):
            for suffix, topic in (("", None), ("_with_topic", card.topic)):
                found = library.find(
                    topic=topic, country=card.country, text=question, language=language, limit=3
                )
                ids = [item.card.id for item in found]
                counts["first" + suffix] += ids[:1] == [card.id]
                counts["three" + suffix] += card.id in ids
    return {name: count / len(asked) for name, count in counts.items()}


def main() -> int:
    """Print the measures, one a line or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--content", default=str(PROJECT / "content"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--load-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load_only:
        print(json.dumps(measure_load(options.content)))
        return 0
    results = in_a_fresh_process(options.content)
    library = Library.load(options.content)
    results |= measure_find(library) | measure_hits(library)
    start = time.perf_counter()
    check(Path(options.content), date.today())  # noqa: DTZ011 - any day will do
    results["check_s"] = time.perf_counter() - start
    missed = [name for name, limit in TARGETS.items() if results[name] >= limit]
    if options.json:
        print(json.dumps(results | {"missed": missed}, indent=2))
        return int(bool(missed))
    for name, value in results.items():
        limit = f"  (target below {TARGETS[name]:g})" if name in TARGETS else ""
        print(f"{name:18} {value:10.3f}{limit}")
    print("missed: " + ", ".join(missed) if missed else "all targets met")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
