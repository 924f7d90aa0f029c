"""Our reader of data/nlu gives Rasa what Rasa's own would."""

import json
import shutil
from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.examples import NLU_FOLDER
from bot.understanding.importer import MessageImporter

FILES = ("en/danger.yml", "ne/topics_3.yml", "am/voices_6.yml")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A training folder with a few real files, and the real rules beside them."""
    for name in FILES:
        target = tmp_path / "nlu" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(NLU_FOLDER / name, target)
    shutil.copytree(NLU_FOLDER.parent / "rules", tmp_path / "rules")
    return tmp_path


def told(data: TrainingData) -> list[tuple[str, str, str]]:
    return sorted(
        (
            str(message.get("text")),
            str(message.get("intent")),
            json.dumps((message.get("metadata") or {}).get("intent"), sort_keys=True),
        )
        for message in data.intent_examples
    )


def test_messages_and_labels_are_those_that_rasa_reads(data: Path) -> None:
    ours = MessageImporter(training_data_paths=[str(data)]).get_nlu_data()
    theirs = RasaFileImporter(training_data_paths=[str(data / "nlu")]).get_nlu_data()

    assert len(theirs.intent_examples) > 200
    assert told(ours) == told(theirs)


def test_rules_are_still_read_by_rasa(data: Path) -> None:
    domain = str(NLU_FOLDER.parents[1] / "domain.yml")
    importer = MessageImporter(domain_path=domain, training_data_paths=str(data))
    assert importer.get_stories().story_steps


def test_two_messages_are_told_apart_by_text_and_labels(data: Path) -> None:
    messages = MessageImporter(training_data_paths=[str(data)]).get_nlu_data().intent_examples
    first = messages[0].fingerprint()
    messages[0].set("intent_ranking", [])

    assert messages[0].fingerprint() == first
    assert len({message.fingerprint() for message in messages}) == len(messages)
