"""Trains the stock project when what it is made from changed."""

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stock.environment import STOCK, environment_of_stock
from benchmarks.stock.project import write_project
from bot.processes.child import Child
from bot.processes.errors import StartError
from bot.processes.state import PROJECT

_TELL_EVERY = 20.0  # seconds


@dataclass(frozen=True)
class StockModel:
    """A trained stock project."""

    project: Path
    file: Path
    examples: int


def trained_stock_model(languages: tuple[str, ...], say: Callable[[str], None]) -> StockModel:
    """Return the stock model for the project as it is now. Raises StartError.

    Rasa's own cache lies beside it, so that only what changed is trained again.
    """
    project = STOCK.folder / "project"
    write_project(PROJECT, project, languages)
    file = STOCK.folder / "models" / f"stock-{_fingerprint(project)}.tar.gz"
    if not file.exists():
        _train(project, file, say)
    return StockModel(project, file, _examples(project))


def _train(project: Path, file: Path, say: Callable[[str], None]) -> None:
    say("training the stock project (DIET and TED: several minutes)")
    finished = file.parent / "unfinished"
    shutil.rmtree(finished, ignore_errors=True)
    child = Child(
        "training of the stock project",
        [str(STOCK.python), "-m", "rasa", "train", "--fixed-model-name", "stock"]
        + ["--out", str(finished)],
        log=STOCK.folder / "training.log",
        folder=project,
        environment={
            **environment_of_stock(),
            "RASA_CACHE_DIRECTORY": str(STOCK.folder / "cache"),
        },
    )
    try:
        started = told = time.monotonic()
        while child.running():
            time.sleep(0.5)
            if time.monotonic() - told >= _TELL_EVERY:
                told = time.monotonic()
                say(f"still training the stock project ({told - started:.0f} s)")
    finally:
        child.stop()
    trained = finished / "stock.tar.gz"
    if child.how_it_ended() != "stopped with exit status 0" or not trained.exists():
        raise StartError(f"Training the stock project failed. Its log ends:\n{child.last_words(8)}")
    trained.replace(file)
    for old in file.parent.glob("stock-*.tar.gz"):
        if old != file:
            old.unlink()


def _fingerprint(project: Path) -> str:
    digest = hashlib.sha256(STOCK.lock.read_bytes())
    for path in sorted(path for path in project.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(project).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _examples(project: Path) -> int:
    files = (project / "data" / "nlu").rglob("*.yml")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return sum(line.lstrip().startswith("- ") and "intent:" not in line for line in lines)
