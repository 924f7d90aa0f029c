"""The commands of the Telegram bot: shown in its menu, and taken like the reserved words."""

import re

from bot.library.phrases import phrases
from bot.settings.environment import environment
from bot.understanding.reserved import LANGUAGE_CHANGE, Reserved

# In the order of Telegram's menu: what people need most stands first. Name, and act.
COMMANDS = {
    "menu": "menu",
    "human": "human",
    "language": LANGUAGE_CHANGE,
    "help": "help",
    "delete": "delete_data",
    "stop": "stop",
    "start": "start",
}
# With the bot's name behind it (from a group's menu) or a deep link's parameter, which we ignore.
_COMMAND = re.compile(rf"/({'|'.join(COMMANDS)})(@\w+)?(\s.*)?", re.IGNORECASE | re.DOTALL)


def find(text: str) -> Reserved | None:
    """Return what a command such as `/menu` asks for; it says nothing of the person's language."""
    found = _COMMAND.fullmatch(text.strip())
    return Reserved(COMMANDS[found[1].lower()], "") if found else None


def menu(language: str) -> list[tuple[str, str]]:
    """Return the (command, description) pairs of Telegram's menu in `language`."""
    texts = phrases(environment().content_dir)
    return [(name, texts.get(f"command.{name}", language)) for name in COMMANDS]
