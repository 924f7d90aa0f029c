"""Processor time and memory of process trees, from Linux's /proc (proc(5))."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")  # a second's, for the times in /proc/<pid>/stat


@dataclass(frozen=True)
class Process:
    """One line of /proc/<pid>/stat. Times in clock ticks, `reaped` of children that ended."""

    pid: int
    parent: int
    own: int
    reaped: int


def parse_stat(text: str) -> Process:
    """Read one /proc/<pid>/stat. The program's name may hold spaces and brackets."""
    pid, rest = text.split(" (", 1)
    fields = rest.rpartition(") ")[2].split()
    # fields[0] is proc(5)'s field 3: ppid is 4, utime to cstime are 14 to 17
    user, system, reaped_user, reaped_system = (int(value) for value in fields[11:15])
    return Process(int(pid), int(fields[1]), user + system, reaped_user + reaped_system)


def parse_pss(text: str) -> int:
    """Return the proportional set size of a /proc/<pid>/smaps_rollup in bytes.

    Memory shared by processes counts once over all of them.
    """
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError("no Pss in smaps_rollup")


def running_processes() -> dict[int, Process]:
    """Return all processes of the machine that have not ended while we looked."""
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                process = parse_stat((entry / "stat").read_text(encoding="utf-8"))
            except (FileNotFoundError, ProcessLookupError):
                continue
            found[process.pid] = process
    return found


def tree(root: int, processes: Mapping[int, Process]) -> list[Process]:
    """Return `root` and all that descend from it. Raises KeyError if `root` ended."""
    children: dict[int, list[Process]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process)
    found = [processes[root]]
    for process in found:  # grows while we walk it
        found.extend(children.get(process.pid, ()))
    return found


def cpu_seconds(roots: Mapping[str, int]) -> dict[str, float]:
    """Return by name the processor seconds of each tree since it began.

    Includes processes of the tree that ended and were waited for, so it never shrinks.
    """
    processes = running_processes()
    return {
        name: sum(process.own + process.reaped for process in tree(root, processes)) / TICKS
        for name, root in roots.items()
    }


def memory(roots: Mapping[str, int]) -> dict[str, int]:
    """Return by name the proportional set size of each tree in bytes."""
    processes = running_processes()
    return {
        name: sum(_pss(process.pid) for process in tree(root, processes))
        for name, root in roots.items()
    }


def _pss(pid: int) -> int:
    try:
        return parse_pss((PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii"))
    except (FileNotFoundError, ProcessLookupError):
        return 0  # ended since the list was made


def children_of(parent: int, besides: Iterable[int] = ()) -> list[int]:
    """Return the ids of direct children of `parent`, without those in `besides`."""
    left_out = set(besides)
    return sorted(
        process.pid
        for process in running_processes().values()
        if process.parent == parent and process.pid not in left_out
    )


def program_of(pid: int) -> str:
    """Return the name of the program that a process runs now, at most 15 characters of it."""
    return (PROC / str(pid) / "comm").read_text(encoding="utf-8").strip()
