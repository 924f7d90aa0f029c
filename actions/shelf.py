"""The library and the phrases, read once by the action server."""

import os
from functools import lru_cache
from pathlib import Path

from bot.library import Library
from bot.library.phrases import Phrases

CONTENT = Path(
    os.environ.get("HAKI_CONTENT_DIR") or Path(__file__).resolve().parents[1] / "content"
)
LOWEST_REVIEW = os.environ.get("HAKI_LOWEST_REVIEW") or "draft"


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the edition. Raises bot.library.ContentError when it has mistakes."""
    return Library.load(CONTENT, lowest_review=LOWEST_REVIEW)


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """Return Haki's own sentences in all languages."""
    return Phrases.load(CONTENT)
