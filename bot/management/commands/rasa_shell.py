"""`haki rasa_shell`: Rasa's own shell on this project's model, beside a running demo."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bot.processes.environment import for_rasa
from bot.settings.environment import PROJECT, environment


class Command(BaseCommand):
    """Runs `rasa shell` with the demo's action server and Redis."""

    help = "Talk to the dialogue alone, in Rasa's shell; needs a running demo."

    def handle(self, *args: Any, **options: Any) -> None:
        model = environment().state_dir / "models" / "haki.tar.gz"
        if not model.exists():
            raise CommandError("There is no trained model yet: start `make demo` first.")
        os.chdir(PROJECT)
        values = {
            "HAKI_ACTIONS_URL": environment().actions_url,
            "HAKI_REDIS_URL": environment().redis_url,
            "HAKI_RASA_TOKEN": environment().rasa_token,
        }
        os.execve(  # noqa: S606 - our own interpreter, no shell
            sys.executable,
            [sys.executable, "-m", "rasa", "shell", "-m", str(model)]
            + ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
            for_rasa({**os.environ, **values}),
        )
