"""What was chosen so far on the way to a person.

It rides in the options of our own questions, which PostgreSQL keeps sealed; Redis, where Rasa
keeps a conversation, never holds a name or a code word.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from actions.commands import command
from actions.turn import Turn

INTENT = "handover"
STATE = "state"


@dataclass(frozen=True)
class State:
    """`partner` is the organisation's id, `urgency` danger, high or normal.

    `hours` is "HH:MM-HH:MM" in the person's own time, or '' for any time.
    """

    partner: str
    partner_name: str
    topic: str = ""
    urgency: str = "normal"
    share: str = ""
    called_by: str = ""
    hours: str = ""
    neutral: bool = False
    code_word: str = ""

    def having(self, **changes: Any) -> "State":
        """Return the same state with `changes`."""
        return replace(self, **changes)

    def option(self, step: str, answer: str) -> str:
        """Return the command that answers question `step` with `answer`."""
        told = {name: value for name, value in asdict(self).items() if value}
        return command(INTENT, step=step, answer=answer, state=json.dumps(told))


@dataclass(frozen=True)
class Answered:
    """An answer to one of our questions on the way to a person."""

    step: str
    answer: str
    state: State


def from_command(turn: Turn) -> Answered | None:
    """Return what an option of ours says; None when it is none that we made."""
    return _read(turn.parameters)


def from_question(payload: str) -> Answered | None:
    """Return the question whose first option has `payload`, to be answered in words.

    None when `payload` is no option of the way to a person.
    """
    head = f"/{INTENT}{{"
    if not payload.startswith(head):
        return None
    try:
        parameters = json.loads(payload[len(head) - 1 :])
    except ValueError:
        return None
    return _read(parameters) if isinstance(parameters, dict) else None


def _read(parameters: Mapping[str, Any]) -> Answered | None:
    try:
        told = json.loads(str(parameters.get(STATE, "")))
    except ValueError:
        return None
    known = {field.name for field in fields(State)}
    if not isinstance(told, dict) or not {"partner", "partner_name"} <= set(told) <= known:
        return None
    return Answered(
        str(parameters.get("step", "")), str(parameters.get("answer", "")), State(**told)
    )
