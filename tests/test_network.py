"""Tests of the tests: whatever they start, nothing reaches an outside network."""

import errno
import os
import socket
import subprocess
import sys

import httpx
import pytest

from tests import own_environment

OUTSIDE = "192.0.2.1"  # TEST-NET-1, RFC 5737: nobody's; a packet to it would just be lost

CONNECT = f"import socket; socket.create_connection(('{OUTSIDE}', 443), timeout=5)"
CONNECT_IN_A_LOOP = f"""
import asyncio
try:
    import uvloop as loops
except ImportError:
    loops = asyncio
loop = loops.new_event_loop()
connecting = loop.create_connection(asyncio.Protocol, '{OUTSIDE}', 443)
loop.run_until_complete(asyncio.wait_for(connecting, 5))
"""
REFUSALS = ("Network is unreachable", "OutsideNetworkError")


def test_this_process_cannot_connect_outside() -> None:
    with pytest.raises(OSError, match=r"unreachable|may not reach") as refused:
        socket.create_connection((OUTSIDE, 443), timeout=5)
    assert refused.value.errno in (errno.ENETUNREACH, None)


def test_this_process_cannot_look_up_a_name() -> None:
    with pytest.raises(OSError, match=r"."):
        socket.getaddrinfo("example.org", 443)


def test_an_http_client_cannot_leave() -> None:
    with pytest.raises((httpx.ConnectError, OSError)):
        httpx.get(f"http://{OUTSIDE}/", timeout=5)


@pytest.mark.parametrize("program", [CONNECT, CONNECT_IN_A_LOOP], ids=["sockets", "event loop"])
def test_a_child_cannot_connect_outside(program: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert child.returncode == 1
    assert any(refusal in child.stderr for refusal in REFUSALS), child.stderr


def test_the_guard_refuses_where_there_is_no_namespace() -> None:
    program = "import os; os.environ['HAKI_TEST_NETWORK'] = 'guard'\n"
    program += "from tests import network; assert network.cut_off() == 'guard'\n"
    program += f"import subprocess, sys; code = {CONNECT!r}\n"
    program += "sys.exit(subprocess.run([sys.executable, '-c', code]).returncode)"
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert child.returncode == 1
    assert "OutsideNetworkError" in child.stderr


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_no_setting_of_the_caller_survives() -> None:
    assert os.environ["HAKI_STATE_DIR"] == str(own_environment.FOLDER)
    assert os.environ["HAKI_ENV"] == "test"
