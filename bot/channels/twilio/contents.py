"""Content templates for WhatsApp buttons and lists (https://www.twilio.com/docs/content).

A template fixes only how many options it has; every text in it is a variable. So a handful of
templates, named below, serves all menus in all languages inside the service window.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.channels.outgoing import Style

# A new number when the shape of the templates changes, so that old ones are not reused.
EDITION = "v1"
# What the button of the invitation carries; every other tap names a message of ours.
INVITATION_TAP = "haki_open"
# WhatsApp's category for what a person has asked for themselves.
INVITATION_CATEGORY = "UTILITY"
# Languages in which WhatsApp knows templates under another code than ours. It lists none of the
# three that are sent as English; their template therefore says it in English as well.
_TEMPLATE_LANGUAGES = {"pt": "pt_BR", "zh": "zh_CN", "am": "en", "ht": "en", "ne": "en"}


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


def invitation_name(language: str) -> str:
    """Return the name, at Twilio and at WhatsApp, of the template that says an answer waits."""
    return f"haki_answer_{EDITION}_{language}"


def invitation(language: str, body: str, title: str, english: str) -> dict[str, Any]:
    """Return the JSON body that makes the invitation in `language`.

    It has no variables: WhatsApp approves exactly what people read. `english` is added where
    WhatsApp has no templates in `language`.
    """
    code = _TEMPLATE_LANGUAGES.get(language, language)
    text = f"{body}\n{english}" if code == "en" and language != "en" else body
    return {
        "friendly_name": invitation_name(language),
        "language": code,
        "types": {
            "twilio/quick-reply": {
                "body": text,
                "actions": [{"type": "QUICK_REPLY", "title": title, "id": INVITATION_TAP}],
            }
        },
    }
