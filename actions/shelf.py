"""The library and the phrases, read once by the action server."""

import os
from functools import lru_cache
from pathlib import Path
from threading import Thread

from bot.library import Library
from bot.library.phrases import Phrases
from bot.understanding.meaning import CARD_READING, reading_code

CONTENT = Path(
    os.environ.get("HAKI_CONTENT_DIR") or Path(__file__).resolve().parents[1] / "content"
)
LOWEST_REVIEW = os.environ.get("HAKI_LOWEST_REVIEW") or "draft"
# Where the cards' sentence vectors are kept between two starts, beside the trained models.
VECTORS = os.environ.get("HAKI_MODELS_DIR", "")

# In a running system cards are also compared by meaning; the tests of the actions do without, so
# that what they expect does not hang on an encoder.
BY_MEANING = os.environ.get("HAKI_ENV") in ("demo", "production")


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the edition. Raises bot.library.ContentError when it has mistakes."""
    edition = Library.load(CONTENT, lowest_review=LOWEST_REVIEW)
    if BY_MEANING and VECTORS:
        # The first time after a change of the texts this takes some ten seconds; until then words
        # alone decide.
        cache = Path(VECTORS) / f"reading-{reading_code()}.npz"
        Thread(target=edition.use_reading, args=(CARD_READING, cache), daemon=True).start()
    return edition


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """Return Haki's own sentences in all languages."""
    return Phrases.load(CONTENT)
