"""Faults on order: the next N calls or deliveries that match go wrong in a chosen way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

#: Calls that Haki makes (answered by a stand-in) ...
CALL_KINDS = ("error", "error_after_accept", "timeout_after_accept", "delay")
#: ... outbound messages that are accepted and fail later, by status callback ...
LATER_KINDS = ("fail_later",)
#: ... and posts that a stand-in makes to Haki.
POST_KINDS = ("duplicate", "drop", "reorder", "delay")

#: Seconds that a lost answer is withheld when the fault does not say.
LOST_ANSWER_SECONDS = 30.0

PLACES: dict[str, tuple[str, ...]] = {
    "twilio.call": CALL_KINDS,
    "twilio.send": CALL_KINDS,
    "twilio.later": LATER_KINDS,
    "telegram.call": CALL_KINDS,
    "telegram.send": CALL_KINDS,
    "twilio.inbound": POST_KINDS,
    "twilio.callback": POST_KINDS,
    "telegram.update": POST_KINDS,
}


class BadFaultError(ValueError):
    """The fault asked for does not exist."""


@dataclass
class Fault:
    """One kind of fault at one place, `times` times, after `skip` matching calls.

    `seconds` is a delay or how long an answer is withheld; `status`, `code`, `message` and
    `retry_after` shape the error; `address` limits it to one person.
    """

    on: str
    kind: str
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    status: int = 500
    code: int = 0
    message: str = ""
    retry_after: int = 0
    address: str = ""
    id: int = 0

    def check(self) -> None:
        """Raise `BadFaultError` when place or kind are unknown or a number is out of range."""
        if self.kind not in PLACES.get(self.on, ()):
            known = "; ".join(f"{place}: {', '.join(kinds)}" for place, kinds in PLACES.items())
            raise BadFaultError(f"No fault {self.kind!r} on {self.on!r}. Known: {known}.")
        if self.times < 1 or self.skip < 0 or not 0 <= self.seconds <= 3600:
            raise BadFaultError("times >= 1, skip >= 0 and 0 <= seconds <= 3600 are needed.")
        if not 400 <= self.status <= 599:
            raise BadFaultError("status must be an HTTP error, 400 to 599.")


class Faults:
    """The faults in force. `take` is a no-op in the common case of none."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = count(1)

    def add(self, values: dict[str, Any]) -> Fault:
        """Order a fault. Raises `BadFaultError`."""
        try:
            fault = Fault(**values)
        except TypeError as error:
            raise BadFaultError(f"A fault needs on and kind: {error}.") from error
        fault.check()
        fault.id = next(self._ids)
        self._faults.append(fault)
        return fault

    def take(self, *places: str, address: str = "") -> Fault | None:
        """The fault that applies now, used up by one; None when all is well."""
        if not self._faults:
            return None
        for fault in self._faults:
            if fault.on not in places or (fault.address and fault.address != address):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)
            return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        """Faults still to come."""
        return [asdict(fault) for fault in self._faults]

    def clear(self) -> None:
        """All is well again."""
        self._faults.clear()
