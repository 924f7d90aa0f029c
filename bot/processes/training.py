"""Trains the Rasa model when what it is made from changed."""

import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.processes.child import Child
from bot.processes.environment import for_training
from bot.processes.errors import StartError, require_space
from bot.processes.fingerprint import training_fingerprint

# Always the newest model, for whoever does not care which (`rasa shell`, `haki understand`).
NEWEST = "haki.tar.gz"
KEPT = 3  # trained models; going back to an earlier state of the data then costs nothing
_SPACE = 300  # MB
_TELL_EVERY = 5.0  # seconds


def trained_model(
    project: Path,
    models: Path,
    logs: Path,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> Path:
    """Return the model for the project as it is now, trained if there is none in `models` yet.

    Safe beside other processes that ask for the same. Raises StartError.
    """
    models.mkdir(parents=True, exist_ok=True)
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        model = models / f"haki-{training_fingerprint(project)}.tar.gz"
        if not model.exists():
            _train(project, model, logs, environment, say)
        model.touch()  # the most recently used are kept
        _point_newest_to(model)
        _forget_old(models)
    return model


def _train(
    project: Path,
    model: Path,
    logs: Path,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> None:
    require_space(model.parent, _SPACE)
    folder = Path(tempfile.mkdtemp(prefix="training-", dir=model.parent))
    try:
        child = Child(
            "training",
            [sys.executable, "-m", "rasa", "train", "--fixed-model-name", "haki"]
            + ["--augmentation", "0", "--skip-validation", "--force", "--out", str(folder)],
            log=logs / "training.log",
            folder=project,
            environment={
                **for_training(environment),
                "RASA_CACHE_DIRECTORY": str(folder / "cache"),
            },
        )
        try:
            _tell_until_ended(child, say)
        finally:
            child.stop()
        trained = folder / NEWEST
        if child.how_it_ended() != "stopped with exit status 0" or not trained.exists():
            raise StartError(
                f"Training the model failed: it {child.how_it_ended()}. The end of {child.log} "
                f"says:\n{child.last_words(8)}"
            )
        trained.replace(model)
    finally:
        shutil.rmtree(folder)


def _tell_until_ended(child: Child, say: Callable[[str], None]) -> None:
    started = told = time.monotonic()
    while child.running():
        time.sleep(0.2)
        if time.monotonic() - told >= _TELL_EVERY:
            told = time.monotonic()
            say(f"still training the model ({told - started:.0f} s)")


def _point_newest_to(model: Path) -> None:
    newest = model.with_name(NEWEST)
    if newest.exists() and newest.samefile(model):
        return
    unfinished = model.with_name(f"newest-{os.getpid()}")
    os.link(model, unfinished)
    unfinished.replace(newest)


def _forget_old(models: Path) -> None:
    trained = sorted(models.glob("haki-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for model in trained[:-KEPT]:
        model.unlink()
