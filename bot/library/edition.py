"""An edition: all that was read from one content folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.library.cards import read_card
from bot.library.errors import Mistake
from bot.library.model import Card, Contact, Country, Topic
from bot.library.shelves import read_countries, read_directory, read_topics
from bot.library.treaties import Treaties, read_treaties


@dataclass(frozen=True)
class Edition:
    """All that was read from one content folder."""

    root: Path
    topics: Mapping[str, Topic]
    countries: Mapping[str, Country]
    cards: Mapping[str, Card]
    contacts: Mapping[str, tuple[Contact, ...]]
    treaties: Treaties


def read_edition(root: Path, mistakes: list[Mistake]) -> Edition:
    """Everything readable under `root`; what is wrong is added to `mistakes`."""
    topics = read_topics(root, mistakes)
    countries = read_countries(root, mistakes)
    by_folder = {country.folder: country for country in countries.values()}
    cards: dict[str, Card] = {}
    shelves = root / "cards"
    for shelf in sorted(shelves.iterdir()) if shelves.is_dir() else ():
        if not shelf.is_dir() or shelf.name.startswith("."):
            continue
        if shelf.name not in by_folder:
            mistakes.append(Mistake(f"cards/{shelf.name}", "", "no such country", "files"))
            continue
        for folder in sorted(path for path in shelf.iterdir() if path.is_dir()):
            card = read_card(folder, by_folder[shelf.name], topics, mistakes)
            if card is not None:
                cards[card.id] = card
    contacts = {
        code: tuple(read_directory(root, country, topics, mistakes))
        for code, country in countries.items()
    }
    treaties = read_treaties(root, topics, mistakes)
    return Edition(root, topics, countries, cards, contacts, treaties)
