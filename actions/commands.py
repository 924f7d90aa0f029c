"""Commands that menu options stand for, in Rasa's `/intent{"name": "value"}` form."""

import json


def command(intent: str, **parameters: str) -> str:
    """Return the command for `intent` with its parameters."""
    return f"/{intent}{json.dumps(parameters)}" if parameters else f"/{intent}"
