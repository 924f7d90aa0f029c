import json

import pytest

from benchmarks.speed.measuring import Measured, Plan, Stage, along
from benchmarks.speed.report import Machine, markdown, missed_targets, ratio, to_json

MACHINE = Machine("2026-11-23 10:00 UTC", 2, "a processor", 24, 0.5, "Linux", "3.10", "3.6", "x", 9)
PLAN = Plan(rounds=1, at_a_time=(1, 4), workers=(1, 2))


def stage(kind: str, at_a_time: int, cpu: dict[str, float], latency: float = 30) -> Stage:
    return Stage(kind, at_a_time, 1, 5.0, 100, 100, (latency,) * 100, cpu, 0.2)


def system(cpu: dict[str, float], latency: float = 30) -> Measured:
    return Measured(
        stages=[
            stage("closed", 1, cpu),
            stage("closed", 4, cpu),
            stage("open", 0, cpu, latency),
            stage("half", 0, cpu, latency),
            stage("growth", 1, cpu),
            stage("workers", 1, cpu),
            stage("workers", 2, {**cpu, "worker 2": 0.5}),
        ],
        growth={10: 30.0, 100: 31.0},
        idle_cpu=dict.fromkeys(cpu, 0.01),
        memory_warm=dict.fromkeys(cpu, 10**8),
        memory_end=dict.fromkeys(cpu, 2 * 10**8),
    )


def test_the_ratio_is_that_of_all_processes_together() -> None:
    measured = {"haki": system({"web": 1.0, "rasa": 0.5}), "stock": system({"rasa": 5.0})}

    assert ratio(measured, "closed") == pytest.approx(10 / 3)
    assert missed_targets(measured) == []


def test_a_missed_target_is_said_with_its_number() -> None:
    measured = {"haki": system({"rasa": 4.0}, latency=151), "stock": system({"rasa": 5.0})}

    (slow_cpu, slow_answer) = missed_targets(measured)

    assert "1.25 times" in slow_cpu
    assert "151 ms" in slow_answer


def test_the_other_targets_are_said_with_their_numbers_too() -> None:
    haki = system({"rasa": 1.0}, latency=400)
    haki.growth = {10: 30.0, 100: 31.0, 200: 60.0}
    haki.memory_end = {"rasa": 2_100_000_000}

    (_, half, memory, growth) = missed_targets({"haki": haki, "stock": system({"rasa": 5.0})})

    assert "400 ms at half" in half
    assert "2100 MB" in memory
    assert "2.00 times as long" in growth


def test_the_report_names_the_parts_and_every_table_is_well_formed() -> None:
    measured = {"haki": system({"web": 1.0, "rasa": 1.0}), "stock": system({"rasa": 5.0})}

    report = markdown(MACHINE, PLAN, measured)

    assert "| answers per CPU-second, closed loops | 50.0 | 20.0 | 2.50 |" in report
    assert "| haki | **all** | **20.0** | **20.0** | **20.0** |" in report
    assert "| haki | web | 100 | 200 |" in report
    assert "| haki | half of sustained, 20.0 a second | 100 | 30.0 | 30.0 | 30.0 |" in report
    assert "| 2 | 20.0 | 30.0 | 30.0 | 30.0 | 25.0 |" in report
    for block in report.split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1


def test_the_json_holds_the_same_ratio() -> None:
    measured = {"haki": system({"rasa": 2.0}), "stock": system({"rasa": 5.0})}

    read = json.loads(to_json(MACHINE, PLAN, measured))

    assert read["ratio_per_cpu_second"]["closed"] == pytest.approx(2.5)
    assert read["systems"]["haki"]["stages"][0]["latencies"]["p50"] == 30


def test_growth_is_the_median_around_each_message() -> None:
    found = along([float(number) for number in range(1, 301)])

    assert found == {10: 11, 100: 100, 200: 200, 300: 290}
