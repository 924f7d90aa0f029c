import os
import subprocess
import sys
import time

import pytest

from benchmarks.speed.processes import (
    Process,
    children_of,
    cpu_seconds,
    memory,
    parse_pss,
    parse_stat,
    tree,
)

STAT = (
    "4242 (odd) (name) 1) S 17 4242 4242 0 -1 4194304 900 1200 0 0 31 7 20 5 20 0 1 0 1000 "
    "10000000 800 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0"
)
BURN = "import time\nwhile time.process_time() < 0.5: pass\n"


def test_a_stat_line_is_read_even_when_the_name_holds_brackets() -> None:
    assert parse_stat(STAT) == Process(pid=4242, parent=17, own=38, reaped=25)


def test_pss_is_in_bytes_and_its_lack_is_an_error() -> None:
    assert parse_pss("00-7f ---p [rollup]\nRss:  900 kB\nPss:  512 kB\nPss_Dirty: 1 kB\n") == 524288
    with pytest.raises(ValueError, match="Pss"):
        parse_pss("Rss: 900 kB\n")


def test_a_tree_holds_descendants_only() -> None:
    parents = {1: 0, 2: 1, 3: 2, 4: 3, 5: 1}
    processes = {pid: Process(pid, parent, 0, 0) for pid, parent in parents.items()}

    assert sorted(process.pid for process in tree(2, processes)) == [2, 3, 4]


def test_time_of_a_child_counts_while_it_runs_and_after_it_was_reaped() -> None:
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\ninput()"
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        assert parent.pid in children_of(os.getpid())
        assert parent.pid not in children_of(os.getpid(), besides=[parent.pid])
        deadline = time.monotonic() + 30
        while children_of(parent.pid) or cpu_seconds({"it": parent.pid})["it"] < 0.3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert memory({"it": parent.pid})["it"] > 2**20
    finally:
        parent.communicate(b"\n", timeout=30)
