"""The rights library: loads, checks and searches `content/`. Knows nothing of Django or Rasa."""

from bot.library.edition import Edition, read_edition
from bot.library.errors import ContentError, Mistake, UnknownTextError
from bot.library.history import Archive, HistoryError, Kept
from bot.library.library import Found, Library
from bot.library.model import (
    INTERNATIONAL,
    LANGUAGES,
    SECTIONS,
    STAGES,
    Card,
    Contact,
    Country,
    Text,
    Topic,
    text_hash,
)
from bot.library.search import Hit, Reading
from bot.library.serving import Serving, serving
from bot.library.treaties import Backing, TreatyView

__all__ = [
    "INTERNATIONAL",
    "LANGUAGES",
    "SECTIONS",
    "STAGES",
    "Archive",
    "Backing",
    "Card",
    "Contact",
    "ContentError",
    "Country",
    "Edition",
    "Found",
    "HistoryError",
    "Hit",
    "Kept",
    "Library",
    "Mistake",
    "Reading",
    "Serving",
    "Text",
    "Topic",
    "TreatyView",
    "UnknownTextError",
    "read_edition",
    "serving",
    "text_hash",
]
