"""Python imports this at start when it is on PYTHONPATH: it refuses the outside network.

Second line of defence, where the tests may not make a network namespace (tests/network.py).
"""

import ipaddress
import sys

LOCAL_NAMES = ("localhost", "", None)


class OutsideNetworkError(OSError):
    """A test, or a process that it started, wanted to leave this machine."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket, or none given
            return
        host = address[0]
    else:
        return
    if host == "0.0.0.0" or _is_local(host):  # noqa: S104 - looked up to listen on
        return
    raise OutsideNetworkError(f"tests may not reach {host} ({event})")


sys.addaudithook(_refuse_outside)
# uvloop connects in C, past the hook above; without it libraries use asyncio's own loop.
sys.modules["uvloop"] = None  # type: ignore[assignment]
