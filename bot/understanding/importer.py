"""How Rasa reads data/nlu: by our own reader, once.

Rasa's reads each YAML file four times in pure Python and checks it against a schema; for some
26,000 messages that and the prints of all of them took half a minute of every training. Stories and
rules stay with Rasa (config.yml names this class under `importers`).
"""

from functools import lru_cache
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.classifier import SAFE
from bot.understanding.examples import Labelled, read_examples

_NLU = "nlu"


class MessageImporter(RasaFileImporter):
    """Rasa's importer of files, but for the folder `nlu` of the training data."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Take the folder `nlu` of each of `training_data_paths` away from Rasa's reader."""
        given = training_data_paths or []
        paths = [Path(path) for path in ([given] if isinstance(given, str) else given)]
        self._folders = [path / _NLU for path in paths if (path / _NLU).is_dir()]
        rest = [
            str(child)
            for path in paths
            for child in (sorted(path.iterdir()) if path / _NLU in self._folders else [path])
            if child not in self._folders
        ]
        super().__init__(config_file, domain_path, rest)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return all messages with their intents and `metadata`; the same objects every time."""
        read = super().get_nlu_data(language)
        messages = [message for folder in self._folders for message in _messages(folder)]
        return read.merge(TrainingData(messages)) if messages else read


class _Read(Message):
    """A message that is told from others by what was read, not by what was made of it.

    Rasa asks for this print a million times, to drop doubles and for a cache that we do not keep.
    """

    def __deepcopy__(self, memo: object) -> "_Read":
        """Be the same message: Rasa copies all of them at every merge, and nothing changes two of
        the merged collections at once."""
        return self

    def fingerprint(self) -> str:
        """Return a print of text and labels, made once."""
        found: str | None = getattr(self, "_print", None)
        if found is None:
            found = self._print = super().fingerprint()
        return found


@lru_cache(maxsize=4)
def _messages(folder: Path) -> tuple[Message, ...]:
    messages = tuple(_message(labelled) for labelled in read_examples(folder))
    for message in messages:
        message.fingerprint()  # before anything is made of it
    return messages


def _message(labelled: Labelled) -> Message:
    example = labelled.example
    told: dict[str, object] = {"also": list(example.also)} if example.also else {}
    if example.danger != SAFE:
        told["danger"] = example.danger
    if example.stage:
        told["stage"] = example.stage
    return _Read.build(labelled.text, example.intent, intent_metadata=told or None)
