"""The edition as open JSON, for others to reuse under its licence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.library.edition import Edition
from bot.library.model import Card, Contact

FORMAT = 1
LICENCE = {
    "id": "CC-BY-SA-4.0",
    "url": "https://creativecommons.org/licenses/by-sa/4.0/",
    "attribution": "Haki rights library",
}
NOTE = (
    "Information, not legal advice. Read each card's review status and each source's confidence:"
    " a draft was checked by nobody."
)


def as_json(edition: Edition) -> dict[str, Any]:
    """Cards with all texts, the directory, topics, countries and treaties; a stable order."""
    return {
        "format": FORMAT,
        "licence": LICENCE,
        "note": NOTE,
        "topics": [asdict(topic) for topic in edition.topics.values()],
        "countries": [asdict(country) for country in edition.countries.values()],
        "cards": [_card(card) for card in edition.cards.values()],
        "directory": [
            _contact(contact) for shelf in edition.contacts.values() for contact in shelf
        ],
        "treaties": {
            "instruments": dict(edition.treaties.names),
            "topics": edition.treaties.by_topic,
            "countries": {
                country: {name: asdict(cell) for name, cell in cells.items()}
                for country, cells in edition.treaties.cells.items()
            },
            "compact_objectives": [
                asdict(objective) for objective in edition.treaties.objectives.values()
            ],
        },
    }


def _card(card: Card) -> dict[str, Any]:
    values = asdict(card)
    del values["country_languages"]
    values["version"] = card.version
    values["review"]["due"] = str(card.review.due)
    return values


def _contact(contact: Contact) -> dict[str, Any]:
    return asdict(contact)
