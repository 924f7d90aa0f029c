"""One function for what a message means, on the models that the running Rasa uses.

`haki understand`, evaluation and benchmarks call it; Rasa's graph (`components`) takes the same
steps on the same models, so what is measured here is what people get.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from bot.understanding.archive import Models, read_models
from bot.understanding.classifier import Scores
from bot.understanding.clauses import clauses
from bot.understanding.danger import support
from bot.understanding.language import Language
from bot.understanding.meaning import codes_of, ngram_rows, sentence_vectors
from bot.understanding.reader import Known, Understanding, compose

_PROJECT = Path(__file__).resolve().parents[2]
_BATCH = 64


def trained_archive() -> Path:
    """Where the newest trained model of this machine lies (HAKI_STATE_DIR, else
    <project>/.haki)."""
    state = os.environ.get("HAKI_STATE_DIR")
    return (Path(state) if state else _PROJECT / ".haki") / "models" / "haki.tar.gz"


class Reader:
    """Understands messages with one set of models; safe to share between threads."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def read(self, texts: Sequence[str], known: Sequence[Known]) -> list[Understanding]:
        """Return what each of `texts` means, given what is known of its writer."""
        languages = [self._models.language.detect(text) for text in texts]
        cut = [clauses(t, language.code) for t, language in zip(texts, languages, strict=True)]
        pieces = [piece.text for message in cut for piece in message]
        theirs = [lang for lang, message in zip(languages, cut, strict=True) for _ in message]
        scores = iter(self._score([*texts, *pieces], [*languages, *theirs]))
        whole = list(islice(scores, len(texts)))
        parts = [list(zip(message, islice(scores, len(message)), strict=True)) for message in cut]
        messages = zip(texts, languages, whole, known, parts, strict=True)
        return [compose(*message) for message in messages]

    def _score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores]:
        return self._models.intents.score(
            sentence_vectors(texts, languages),
            ngram_rows(self._models.ngrams, texts, languages),
            support(texts, codes_of(languages)),
        )

    def read_stream(
        self, messages: Iterable[tuple[str, Known]], batch: int = _BATCH
    ) -> Iterator[tuple[Understanding, Known]]:
        """Like :meth:`read` for any number of messages, a batch at a time, in order; each with
        what was known."""
        rest = iter(messages)
        while chunk := list(islice(rest, batch)):
            texts, known = [text for text, _ in chunk], [about for _, about in chunk]
            yield from zip(self.read(texts, known), known, strict=True)


@lru_cache(maxsize=2)
def reader(archive: Path | None = None) -> Reader:
    """Return the reader for `archive`, by default the machine's newest model, loaded once.

    Raises archive.ModelMissing when there is none.
    """
    return Reader(read_models(archive or trained_archive()))


def understand(
    text: str,
    *,
    country: str | None = None,
    stage: str | None = None,
    language: str | None = None,
    channel: str | None = None,
) -> Understanding:
    """Return what `text` means. The other arguments are what is already known of the person:
    country (ISO 3166-1 alpha-3), stage of the journey, language, channel. Raises
    archive.ModelMissing."""
    known = Known(country=country, stage=stage, language=language, channel=channel)
    return reader().read([text], [known])[0]
