"""What the model is made from holds together: training itself no longer looks, to save its time."""

import os
import subprocess
import sys
from pathlib import Path

from bot.processes.environment import for_rasa

PROJECT = Path(__file__).resolve().parents[2]


def test_domain_rules_and_messages_fit_together(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rasa", "data", "validate", "--data", "data"]

    done = subprocess.run(
        [*command, "--domain", "domain.yml", "--config", "config.yml"],
        cwd=PROJECT,
        env=for_rasa({**os.environ, "HOME": str(tmp_path)}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
