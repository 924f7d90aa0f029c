"""One measured economy inside Rasa 3.6.21.

Rasa checks each answer of the action server against a JSON schema with `jsonschema.validate`,
which first checks the schema itself against its meta-schema, every time: 45 % of Rasa's CPU time
per message in our profile (docs/decisions/0006-lighter-rasa.md). The schema never changes, so it
is checked once and kept; the answers are validated exactly as before.
"""

from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction

from bot.dialogue import direct_graph, known_steps

_SCHEMA = RemoteAction.action_response_format_spec()
Draft202012Validator.check_schema(_SCHEMA)
_VALIDATOR = Draft202012Validator(_SCHEMA)


def _validate_action_result(_action: RemoteAction, result: dict[str, Any]) -> bool:
    """Raise jsonschema.ValidationError for an answer that is not of Rasa's form."""
    _VALIDATOR.validate(result)
    return True


def install() -> None:
    """Make Rasa use the validator that was prepared once. Called when our channel is loaded."""
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001
    direct_graph.install()
    known_steps.install()
