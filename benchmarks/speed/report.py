"""The figures of a run, as a table for people and as JSON for whoever compares runs."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.speed.figures import Spread, spread
from benchmarks.speed.measuring import PEOPLE, Measured, Plan, Stage, per_second
from bot.processes.state import PROJECT

# docs/decisions/0005: what Haki must reach in the same run.
LEAST_RATIO = 3.0  # times stock's answers per CPU-second
MOST_MEDIAN = 150.0  # ms from webhook to provider at 5 messages a second
MOST_AT_HALF = 400.0  # ms, the 95th percentile at half of what is sustained
MOST_MEMORY = 2e9  # bytes, the whole service
MOST_GROWTH = 1.5  # median latency late in a conversation beside that around its 10th message

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Machine:
    """Where and when a run was made. `load` is the load average just before it."""

    date: str
    cores: int
    processor: str
    memory_gb: float
    load: float
    system: str
    python: str
    rasa: str
    commit: str
    stock_examples: int


def this_machine(stock_examples: int) -> Machine:
    """Describe this machine as it is now."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return Machine(
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        cores=len(os.sched_getaffinity(0)),
        processor=models[0] if models else platform.machine(),
        memory_gb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3,
        load=os.getloadavg()[0],
        system=platform.system(),
        python=platform.python_version(),
        rasa=version("rasa"),
        commit=head.stdout.strip() or "not a clone",
        stock_examples=stock_examples,
    )


def of_kind(measured: Measured, kind: str, at_a_time: int | None = None) -> list[Stage]:
    """Return the stages of a kind, all of them or those with so many questions under way."""
    return [
        stage
        for stage in measured.stages
        if stage.kind == kind and at_a_time in (None, stage.at_a_time)
    ]


def cost(stages: Sequence[Stage]) -> dict[str, float]:
    """Return by process the CPU milliseconds of one answer over all `stages`."""
    answers = sum(stage.answers for stage in stages)
    return {
        name: 1000 * sum(stage.cpu[name] for stage in stages) / answers for name in stages[0].cpu
    }


def per_cpu_second(stages: Sequence[Stage]) -> float:
    """Return answers per CPU-second over all `stages`."""
    return 1000 / sum(cost(stages).values())


def latency(stages: Sequence[Stage]) -> Spread:
    """Return how the latencies of all `stages` lie, in ms."""
    return spread([value for stage in stages for value in stage.latencies])


def ratio(measured: Mapping[str, Measured], kind: str) -> float:
    """Return how many times stock's answers per CPU-second Haki gives in stages of `kind`."""
    haki, stock = (of_kind(measured[name], kind) for name in ("haki", "stock"))
    return per_cpu_second(haki) / per_cpu_second(stock)


def missed_targets(measured: Mapping[str, Measured]) -> list[str]:
    """Return a sentence for each target that was not reached."""
    missed = []
    if (times := ratio(measured, "closed")) < LEAST_RATIO:
        missed.append(
            f"{times:.2f} times stock's answers per CPU-second; the target is {LEAST_RATIO:g}."
        )
    if (median := latency(of_kind(measured["haki"], "open")).p50) >= MOST_MEDIAN:
        missed.append(f"median latency {median:.0f} ms; the target is below {MOST_MEDIAN:g} ms.")
    if (high := latency(of_kind(measured["haki"], "half")).p95) >= MOST_AT_HALF:
        missed.append(
            f"95th percentile {high:.0f} ms at half of what is sustained; "
            f"the target is below {MOST_AT_HALF:g} ms."
        )
    if (memory := sum(measured["haki"].memory_end.values())) >= MOST_MEMORY:
        missed.append(f"{memory / 1e6:.0f} MB of memory; the target is {MOST_MEMORY / 1e6:g}.")
    growth = list(measured["haki"].growth.values())
    if (times := max(growth[1:]) / growth[0]) > MOST_GROWTH:
        missed.append(
            f"answers late in a conversation take {times:.2f} times as long; "
            f"the target is {MOST_GROWTH:g}."
        )
    return missed


def markdown(machine: Machine, plan: Plan, measured: Mapping[str, Measured]) -> str:
    """Return the whole report."""
    missed = missed_targets(measured)
    parts = [
        "# Answers: Haki beside stock Rasa",
        _about(machine),
        "Targets: " + ("missed: " + " ".join(missed) if missed else "all reached."),
        "## In short",
        _table(["", "Haki", "stock", "Haki / stock"], _headlines(plan, measured)),
        "## Latency from webhook to provider (ms)",
        _table(["", "", "answers", "p50", "p95", "p99"], _latencies(plan, measured)),
        "## With more workers",
        _workers(plan, measured["haki"]),
        "## CPU-milliseconds of one answer, by process",
        _table(
            ["", "", "closed loops", f"{plan.per_second:g} a second", "one long conversation"],
            _costs(measured),
        ),
        "## Memory by process (MB, shared pages split)",
        _table(["", "", "after first contacts", "at the end"], _memories(measured)),
        "## One long conversation: median latency around its n-th message (ms)",
        _growth(measured),
        "## How it was measured",
        _method(plan, measured),
    ]
    return "\n\n".join(parts) + "\n"


def to_json(machine: Machine, plan: Plan, measured: Mapping[str, Measured]) -> str:
    """Return machine, plan, each stage and the ratios as JSON."""
    systems = {name: {**asdict(each), "stages": _stages(each)} for name, each in measured.items()}
    summary = {
        "ratio_per_cpu_second": {kind: ratio(measured, kind) for kind in ("closed", "open")},
        "median_latency_ms": latency(of_kind(measured["haki"], "open")).p50,
        "missed": missed_targets(measured),
    }
    whole = {"machine": asdict(machine), "plan": asdict(plan), **summary, "systems": systems}
    return json.dumps(whole, indent=1, default=str) + "\n"


def _stages(measured: Measured) -> list[dict[str, Any]]:
    found = []
    for stage in measured.stages:
        values = asdict(stage)
        values["latencies"] = asdict(spread(stage.latencies))
        found.append(values)
    return found


def _about(machine: Machine) -> str:
    return (
        f"{machine.date}, {machine.cores} cores ({machine.processor}), "
        f"{machine.memory_gb:.0f} GB, {machine.system}, load average {machine.load:.1f} before the "
        f"run; Haki {machine.commit}, Rasa {machine.rasa} in both, Python {machine.python}; stock "
        f"trained on {machine.stock_examples} examples."
    )


def _headlines(plan: Plan, measured: Mapping[str, Measured]) -> Rows:
    haki, stock = measured["haki"], measured["stock"]
    rows = [
        _compared("answers per CPU-second, closed loops", per_cpu_second, haki, stock, "closed"),
        _compared(
            f"answers per CPU-second at {plan.per_second:g} a second",
            per_cpu_second,
            haki,
            stock,
            "open",
        ),
    ]
    rows += [
        _compared(f"answers a second, {lanes} at a time", per_second, haki, stock, "closed", lanes)
        for lanes in plan.at_a_time
    ]
    rows.append(
        _compared(
            f"median latency at {plan.per_second:g} a second, ms",
            lambda stages: latency(stages).p50,
            haki,
            stock,
            "open",
        )
    )
    memories = [sum(each.memory_end.values()) / 1e6 for each in (haki, stock)]
    rows.append(_row("memory at the end, MB", *memories))
    idle = [1000 * sum(each.idle_cpu.values()) for each in (haki, stock)]
    rows.append([*_row("CPU-milliseconds a second when idle", *idle)[:3], ""])
    return rows


def _compared(
    name: str,
    figure: Any,
    haki: Measured,
    stock: Measured,
    kind: str,
    at_a_time: int | None = None,
) -> Sequence[str]:
    return _row(name, *(figure(of_kind(each, kind, at_a_time)) for each in (haki, stock)))


def _row(name: str, haki: float, stock: float) -> Sequence[str]:
    return [name, _number(haki), _number(stock), f"{haki / stock:.2f}" if stock else ""]


def _latencies(plan: Plan, measured: Mapping[str, Measured]) -> Rows:
    rows = []
    for name, each in measured.items():
        kinds = [(f"{plan.per_second:g} a second", of_kind(each, "open"))]
        half = of_kind(each, "half")
        kinds.append((f"half of sustained, {_number(per_second(half))} a second", half))
        kinds += [
            (f"{lanes} at a time", of_kind(each, "closed", lanes)) for lanes in plan.at_a_time
        ]
        for title, stages in kinds:
            lies = latency(stages)
            percentiles = (lies.p50, lies.p95, lies.p99)
            rows.append([name, title, str(lies.count), *(_number(value) for value in percentiles)])
    return rows


def _workers(plan: Plan, haki: Measured) -> str:
    rows = []
    for count in plan.workers:
        stages = of_kind(haki, "workers", count)
        lies = latency(stages)
        figures = (per_second(stages), lies.p50, lies.p95, lies.p99, sum(cost(stages).values()))
        rows.append([str(count), *(_number(figure) for figure in figures)])
    title = f"answers a second, {max(plan.at_a_time)} at a time"
    return _table(["workers", title, "p50, ms", "p95, ms", "p99, ms", "CPU-ms an answer"], rows)


def _costs(measured: Mapping[str, Measured]) -> Rows:
    rows = []
    for name, each in measured.items():
        costs = [cost(of_kind(each, kind)) for kind in ("closed", "open", "growth")]
        rows += [[name, part, *(_number(some[part]) for some in costs)] for part in costs[0]]
        rows.append([name, "**all**", *(f"**{_number(sum(some.values()))}**" for some in costs)])
    return rows


def _memories(measured: Mapping[str, Measured]) -> Rows:
    rows = []
    for name, each in measured.items():
        for part in each.memory_warm:
            values = (each.memory_warm[part], each.memory_end[part])
            rows.append([name, part, *(f"{value / 1e6:.0f}" for value in values)])
    return rows


def _growth(measured: Mapping[str, Measured]) -> str:
    numbers = sorted({number for each in measured.values() for number in each.growth})
    rows = [
        [name, *(_number(each.growth[n]) if n in each.growth else "" for n in numbers)]
        for name, each in measured.items()
    ]
    return _table(["", *(f"{number:,}" for number in numbers)], rows)


def _method(plan: Plan, measured: Mapping[str, Measured]) -> str:
    calls = {
        name: sum(stage.calls for stage in each.stages)
        / sum(stage.answers for stage in each.stages)
        for name, each in measured.items()
    }
    driving = {
        name: 1000 * sum(s.driving for s in stages) / sum(s.answers for s in stages)
        for name, stages in ((name, of_kind(each, "closed")) for name, each in measured.items())
    }
    return (
        f"{plan.rounds} rounds, the systems in turns; {plan.closed_count} messages in each closed "
        f"loop, {plan.open_count} at {plan.per_second:g} a second, from {PEOPLE} people who have "
        "all written twice before; then one person's long conversation ("
        f"{', '.join(f'{name} {count:,} messages' for name, count in plan.growth.items())}). "
        "Processor time is that of whole process trees until a second after the "
        "last answer, delivery reports included; the stand-in provider (CPU-ms an answer: "
        f"{', '.join(f'{name} {_number(value)}' for name, value in driving.items())}) is not in "
        "it. Messages to the provider for each of a person's: "
        f"{', '.join(f'{name} {value:.2f}' for name, value in calls.items())}. Wall-clock figures "
        "share the cores with the stand-in and with whatever else the machine did; processor time "
        "hardly depends on it. See docs/decisions/0005-rasa-beside-stock.md."
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _table(head: Sequence[str], rows: Rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
