"""Haki beside a stock Rasa project: answers a second, cost, latency and memory, in one run.

    .venv/bin/python -m benchmarks.answers [--prepare | --quick]

Needs Linux (/proc) and, the first time only, the network for stock Rasa's packages (2 GB in
.haki/stock) and some minutes to train it; `--prepare` does just that. Then about six minutes, all
on loopback. Prints a table and writes benchmarks/results/answers.md and .json. Exit status 1 if a
target is missed, 2 if nothing could be measured. docs/decisions/0005 says what is compared.
"""

import argparse
import asyncio
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.speed.measuring import Plan, measure
from benchmarks.speed.phones import NoAnswerError
from benchmarks.speed.report import Machine, markdown, missed_targets, this_machine, to_json
from benchmarks.speed.systems import Haki, Stock
from benchmarks.stock.environment import ensure_environment
from benchmarks.stock.training import trained_stock_model
from bot.processes.errors import StartError

RESULTS = Path(__file__).resolve().parent / "results"
# The stock project learns English only: that makes it quicker, and Haki's lead smaller.
STOCK_LANGUAGES = ("en",)
QUICK = Plan(rounds=1, closed_count=48, open_count=25, growth={"haki": 60, "stock": 60})


def say(line: str) -> None:
    """Tell the person at the terminal how far we are."""
    print(f"[{time.strftime('%H:%M:%S')}] {line}", file=sys.stderr, flush=True)


def run(plan: Plan, *, prepare_only: bool, keep: bool) -> int:
    """Set up, measure and report; return the exit status. Raises StartError, NoAnswerError."""
    ensure_environment(say)
    model = trained_stock_model(STOCK_LANGUAGES, say)
    if prepare_only:
        return 0
    machine: Machine = this_machine(model.examples)
    with ExitStack() as running:
        systems = [running.enter_context(Haki(say)), running.enter_context(Stock(model, say))]
        measured = asyncio.run(measure(systems, plan, say))
    report = markdown(machine, plan, measured)
    print(report)
    if keep:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "answers.md").write_text(report, encoding="utf-8")
        (RESULTS / "answers.json").write_text(to_json(machine, plan, measured), encoding="utf-8")
    return int(bool(missed_targets(measured)))


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("--prepare", action="store_true", help="install and train stock Rasa only")
    parser.add_argument("--quick", action="store_true", help="a minute's look; writes no results")
    options = parser.parse_args()
    plan = QUICK if options.quick else Plan()
    try:
        return run(plan, prepare_only=options.prepare, keep=not options.quick)
    except (StartError, NoAnswerError) as problem:
        print(f"benchmark: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
