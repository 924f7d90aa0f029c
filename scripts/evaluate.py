"""`make evaluate`: what Haki understands of the test set, and `rasa test` through the dialogues.

Trains the model first if there is none for the data as they are. Everything is written to
.haki/evaluation: the table and the confusions (evaluation.txt, evaluation.json), the picture
(evaluation.png), every mistake (mistakes.jsonl), and what `rasa test` writes (dialogues/).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from bot.processes.environment import for_rasa  # noqa: E402
from bot.processes.training import trained_model  # noqa: E402
from bot.understanding.evaluation.__main__ import main as evaluate  # noqa: E402

_OUT = PROJECT / ".haki" / "evaluation"
_DIALOGUES = PROJECT / "tests" / "understanding" / "dialogues"


def main() -> int:
    """Return 0 when everything was measured, whatever the figures; they are judged by people."""
    models = PROJECT / ".haki" / "models"
    logs = PROJECT / ".haki" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    model = trained_model(PROJECT, models, logs, os.environ, lambda line: print(line, flush=True))
    _OUT.mkdir(parents=True, exist_ok=True)
    mistakes = ["--mistakes", str(_OUT / "mistakes.jsonl")]
    status = evaluate(["--model", str(model), "--out", str(_OUT), *mistakes])
    return status or walk_dialogues(model)


def walk_dialogues(model: Path) -> int:
    """Run `rasa test core --e2e` on the dialogues and print what it counted."""
    folder = _OUT / "dialogues"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "rasa", "test", "core", "--e2e"]
    command += ["--stories", str(_DIALOGUES), "--model", str(model), "--out", str(folder)]
    with (folder / "rasa-test.log").open("w") as log:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env={**for_rasa(os.environ), "HAKI_ONLY_INTENTS": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        print(f"rasa test failed, see {folder / 'rasa-test.log'}", file=sys.stderr)
        return 1
    told = json.loads((folder / "story_report.json").read_text("utf-8"))["conversation_accuracy"]
    print(f"rasa test: {told['correct']} of {told['total']} dialogues right from end to end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
