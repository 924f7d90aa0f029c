"""The rights library: loads, checks and searches `content/`. Knows nothing of Django or Rasa."""

from bot.library.errors import ContentError, Mistake, UnknownTextError
from bot.library.library import Edition, Found, Library, read_edition
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
from bot.library.search import Hit
from bot.library.serving import Serving, serving
from bot.library.treaties import Backing, TreatyView

__all__ = [
    "INTERNATIONAL",
    "LANGUAGES",
    "SECTIONS",
    "STAGES",
    "Backing",
    "Card",
    "Contact",
    "ContentError",
    "Country",
    "Edition",
    "Found",
    "Hit",
    "Library",
    "Mistake",
    "Serving",
    "Text",
    "Topic",
    "TreatyView",
    "UnknownTextError",
    "read_edition",
    "serving",
    "text_hash",
]
