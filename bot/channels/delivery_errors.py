"""How a provider's refusal is understood: whether trying again can help, and what it changes."""

from dataclasses import dataclass
from enum import Enum


class Outcome(str, Enum):
    """What to do after a provider did not take a message."""

    RETRY = "retry"
    PERMANENT = "permanent"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    CONFIGURATION = "configuration"

    def __str__(self) -> str:
        return self.value


@dataclass
class DeliveryError(Exception):
    """A provider did not take a message. `code` is the provider's own.

    `wait` is the number of seconds that the provider asked us to wait, 0 if it named none.
    `uncertain`: it may have taken the message all the same (a lost answer, a 5xx), so whoever
    tries again looks first. The message never holds an address or a text.
    """

    outcome: Outcome
    code: str
    wait: float = 0.0
    uncertain: bool = False

    def __str__(self) -> str:
        return f"{self.outcome} ({self.code})"
