"""Content templates for WhatsApp buttons and lists (https://www.twilio.com/docs/content).

A template fixes only how many options it has; every text in it is a variable. So a handful of
templates, named below, serves all menus in all languages inside the service window.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.channels.outgoing import Style

# A new number when the shape of the templates changes, so that old ones are not reused.
EDITION = "v1"


class ContentBook(Protocol):
    """Remembers which content SID belongs to which template name."""

    def get(self, name: str) -> str | None:
        """Return the SID of `name`, None when it was not made yet."""

    def put(self, name: str, sid: str) -> None:
        """Remember that `name` was made as `sid`."""

    def forget(self, name: str) -> None:
        """Forget `name`: Twilio no longer has it."""


def template_name(style: Style, count: int) -> str:
    """Return the friendly name of the template with `count` options."""
    return f"haki_{EDITION}_{style}_{count}"


def template(style: Style, count: int) -> dict[str, Any]:
    """Return the JSON body that makes the template at POST /v1/Content."""
    if style is Style.BUTTONS:
        kind = "twilio/quick-reply"
        shape: dict[str, Any] = {
            "body": "{{1}}",
            "actions": [
                {"title": f"{{{{{2 * n + 2}}}}}", "id": f"{{{{{2 * n + 3}}}}}"}
                for n in range(count)
            ],
        }
    else:
        kind = "twilio/list-picker"
        shape = {
            "body": "{{1}}",
            "button": "{{2}}",
            "items": [
                {
                    "item": f"{{{{{2 * n + 3}}}}}",
                    "id": f"{{{{{2 * n + 4}}}}}",
                    "description": "",
                }
                for n in range(count)
            ],
        }
    samples = {str(n): "Haki" for n in range(1, 2 * count + 3)}
    return {
        "friendly_name": template_name(style, count),
        "language": "en",
        "variables": samples,
        "types": {kind: shape},
    }


def variables(
    style: Style, text: str, choices: Sequence[tuple[str, str]], list_label: str
) -> Mapping[str, str]:
    """Return ContentVariables for `choices` of (title, token)."""
    values = [text] if style is Style.BUTTONS else [text, list_label]
    for title, token in choices:
        values += [title, token]
    return {str(number): value for number, value in enumerate(values, 1)}
