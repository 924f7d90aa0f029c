"""The stages of one run: the same questions to both systems, in turns."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from benchmarks.speed import processes
from benchmarks.speed.figures import percentile
from benchmarks.speed.phones import Answer, Phones
from benchmarks.speed.questions import QUESTIONS, people
from benchmarks.speed.systems import System

# Everybody asks some 25 questions in all: stock answers slow down as a conversation grows.
PEOPLE = 48
# Seconds after the last answer in which the rest of its work (delivery reports, jobs put away)
# still counts as its cost.
AFTERMATH = 1.0
_READ_ANSWER = 0.04  # seconds between an answer and the same person's next question
_DRIVING = "stand-in"
_WINDOW = 21  # messages whose median latency stands for the one in their middle


@dataclass(frozen=True)
class Plan:
    """How much is measured. `growth` is by name of the system: messages of one conversation."""

    rounds: int = 2
    at_a_time: tuple[int, ...] = (1, 4, 8)
    closed_count: int = 168
    per_second: float = 5.0
    open_count: int = 120
    growth: dict[str, int] = field(default_factory=lambda: {"haki": 1000, "stock": 300})
    idle: float = 5.0
    workers: tuple[int, ...] = (1, 2, 4)


@dataclass(frozen=True)
class Stage:
    """One stage of one system. `cpu` in seconds by process; `driving` is the stand-in's."""

    kind: str  # closed open half growth workers
    at_a_time: int  # of kind workers: how many of them
    round: int
    seconds: float
    answers: int
    calls: int
    latencies: tuple[float, ...]  # ms
    cpu: dict[str, float]
    driving: float


@dataclass
class Measured:
    """All that was measured of one system. Memory in bytes by process."""

    stages: list[Stage] = field(default_factory=list)
    growth: dict[int, float] = field(default_factory=dict)  # message -> median latency, ms
    idle_cpu: dict[str, float] = field(default_factory=dict)  # seconds a second, by process
    memory_warm: dict[str, int] = field(default_factory=dict)
    memory_end: dict[str, int] = field(default_factory=dict)


class Meter:
    """Runs stages on one system."""

    def __init__(self, system: System, phones: Phones) -> None:
        self.system = system
        self.measured = Measured()
        self._phones = phones

    async def warm_up(self) -> None:
        """Let everybody's first contact pass, then note memory and what idling costs."""
        await self._phones.warm_up(rounds=2)
        self.measured.memory_warm = processes.memory(self.system.roots)

    async def idle(self, seconds: float) -> None:
        """Measure a quiet system."""
        await asyncio.sleep(AFTERMATH)
        before = processes.cpu_seconds(self.system.roots)
        await asyncio.sleep(seconds)
        after = processes.cpu_seconds(self.system.roots)
        self.measured.idle_cpu = {name: (after[name] - before[name]) / seconds for name in after}

    async def closed(self, count: int, at_a_time: int, round_: int) -> None:
        """Measure how many answers a second come with so many questions always under way."""
        await self._stage("closed", at_a_time, round_, self._phones.closed_loop(count, at_a_time))

    async def open(self, count: int, per_second: float, round_: int) -> None:
        """Measure latency at a steady pace."""
        await self._stage("open", 0, round_, self._phones.open_loop(count, per_second))

    async def half(self, count: int) -> None:
        """Measure latency at half of the most answers a second that closed loops gave."""
        by_lanes: dict[int, list[Stage]] = {}
        for stage in self.measured.stages:
            if stage.kind == "closed":
                by_lanes.setdefault(stage.at_a_time, []).append(stage)
        most = max(per_second(stages) for stages in by_lanes.values())
        await self._stage("half", 0, 1, self._phones.open_loop(count, most / 2))

    async def work(self, count: int, at_a_time: int, workers: int) -> None:
        """Measure the closed loop with so many workers from now on."""
        self.system.have_workers(workers)
        await self._stage("workers", workers, 1, self._phones.closed_loop(count, at_a_time))

    async def grow(self, count: int) -> None:
        """Measure latency along one long conversation of somebody new."""
        person = people(PEOPLE + 1)[-1]
        await self._phones.one_conversation(person, 2, _READ_ANSWER)
        await self._phones.answers()
        conversation = self._phones.one_conversation(person, count, _READ_ANSWER)
        answers = await self._stage("growth", 1, 1, conversation)
        self.measured.growth = along([answer.latency for answer in answers])
        self.measured.memory_end = processes.memory(self.system.roots)

    async def _stage(
        self, kind: str, at_a_time: int, round_: int, work: Awaitable[float]
    ) -> list[Answer]:
        """Await `work`, which returns its seconds, and add what it cost to `measured`."""
        roots = {**self.system.roots, _DRIVING: self.system.provider_pid}
        before = processes.cpu_seconds(roots)
        seconds = await work
        await asyncio.sleep(AFTERMATH)
        answers = await self._phones.answers()
        after = processes.cpu_seconds(roots)
        cpu = {name: after[name] - before[name] for name in roots}
        driving = cpu.pop(_DRIVING)
        calls = sum(answer.calls for answer in answers)
        latencies = tuple(answer.latency for answer in answers)
        self.measured.stages.append(
            Stage(kind, at_a_time, round_, seconds, len(answers), calls, latencies, cpu, driving)
        )
        return answers


def per_second(stages: Sequence[Stage]) -> float:
    """Return answers a second over all `stages`."""
    return sum(stage.answers for stage in stages) / sum(stage.seconds for stage in stages)


def along(latencies: Sequence[float]) -> dict[int, float]:
    """Return by message number the median latency of the _WINDOW messages around it.

    For the 10th, the 100th and every further 100th message, and the 1,000th or last one.
    """
    half = _WINDOW // 2
    wanted = (10, *range(100, len(latencies) + 1, 100))
    found = {}
    for number in wanted:
        end = min(len(latencies), max(number + half, _WINDOW))
        found[number] = percentile(latencies[end - _WINDOW : end], 50)
    return found


async def measure(
    systems: Sequence[System], plan: Plan, say: Callable[[str], None]
) -> dict[str, Measured]:
    """Run the whole plan and return what was measured by system.

    One system at a time is under load, in turns; the others idle. Raises NoAnswerError.
    """
    async with AsyncExitStack() as opened:
        meters = []
        for system in systems:
            phones = Phones(system.provider, people(PEOPLE), QUESTIONS)
            meters.append(Meter(system, await opened.enter_async_context(phones)))
        for meter in meters:
            say(f"{meter.system.name}: first contacts")
            await meter.warm_up()
        for meter in meters:
            await meter.idle(plan.idle)
        for round_ in range(1, plan.rounds + 1):
            await _round(meters, plan, round_, say)
        for meter in meters:
            say(f"{meter.system.name}: half of what it sustains")
            await meter.half(plan.open_count)
        for meter in meters:
            say(f"{meter.system.name}: one long conversation")
            await meter.grow(plan.growth[meter.system.name])
        await _more_workers(meters, plan, say)
    return {meter.system.name: meter.measured for meter in meters}


async def _more_workers(meters: Sequence[Meter], plan: Plan, say: Callable[[str], None]) -> None:
    """Last, as workers are only added. Stock has none."""
    for workers in plan.workers:
        for meter in meters:
            if meter.system.has_workers:
                say(f"{meter.system.name}: workers {workers}")
                await meter.work(plan.closed_count, max(plan.at_a_time), workers)


async def _round(
    meters: Sequence[Meter], plan: Plan, round_: int, say: Callable[[str], None]
) -> None:
    for at_a_time in plan.at_a_time:
        for meter in meters:
            say(f"{meter.system.name}: {at_a_time} at a time, round {round_}")
            await meter.closed(plan.closed_count, at_a_time, round_)
    for meter in meters:
        say(f"{meter.system.name}: {plan.per_second:g} a second, round {round_}")
        await meter.open(plan.open_count, plan.per_second, round_)
