"""The `haki` command: Django's command line with Haki's commands."""

import os
import sys

from bot.blas import kernels
from bot.settings.environment import SettingsError, for_offline_commands

# Commands for editors and for a first look, which touch no service and no stored data.
OFFLINE = ("content", "understand", "new_sealing_key", "help", "version")


def main() -> None:
    """Run a command; a wrong setting is said in one sentence, with exit status 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings.project")
    os.environ.update(kernels(os.environ))  # numpy reads it when it is loaded
    # These two start engines of their own, so the settings come after that.
    if sys.argv[1:2] == ["talk"]:
        from bot.talk.main import main as talk

        raise SystemExit(talk(sys.argv[2:]))
    if sys.argv[1:2] == ["demo"]:
        from bot.processes.demo import run_demo

        raise SystemExit(run_demo())
    from django.core.management import execute_from_command_line

    if sys.argv[1:2] and sys.argv[1] in OFFLINE:
        os.environ.update(for_offline_commands(os.environ))
    try:
        execute_from_command_line(sys.argv)
    except SettingsError as error:
        print(f"haki: {error}", file=sys.stderr)
        raise SystemExit(2) from None
