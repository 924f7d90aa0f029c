"""Topics, countries and the directory: the shelves that cards stand on."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.library.errors import Mistake
from bot.library.fields import Fields
from bot.library.files import UnreadableFileError, parse_yaml, read_text
from bot.library.model import CONFIDENCES, KINDS, LANGUAGES, Contact, Country, Topic

ROLES = ("origin", "destination", "transit")
_CONTACT_KEYS = (
    "id", "kind", "name", "serves", "hours", "topics", "languages", "phone", "whatsapp", "url",
    "verified", "read_at", "confidence",
)  # fmt: skip


def read_fields(root: Path, name: str, mistakes: list[Mistake]) -> Fields:
    """The YAML file `name` under `root`; without any value if it cannot be read."""
    try:
        values = parse_yaml(read_text(root / name, name), name)
    except UnreadableFileError as error:
        mistakes.append(error.mistake)
        values = {}
    return Fields(values, name, mistakes)


def read_topics(root: Path, mistakes: list[Mistake]) -> dict[str, Topic]:
    """`topics.yml` by id, in the order of the file."""
    topics = {}
    for part in read_fields(root, "topics.yml", mistakes).parts("topics"):
        part.expect_keys(("id", "label", "meaning"))
        labels, meanings = part.texts("label", LANGUAGES), part.texts("meaning", LANGUAGES)
        topic = Topic(part.text("id"), labels, meanings)
        topics[topic.id] = topic
    return topics


def read_countries(root: Path, mistakes: list[Mistake]) -> dict[str, Country]:
    """`countries.yml` by code, in the order of the file."""
    countries = {}
    for part in read_fields(root, "countries.yml", mistakes).parts("countries"):
        part.expect_keys(("code", "iso2", "names", "prefixes", "languages", "roles", "partners"))
        country = Country(
            code=part.text("code"),
            iso2=part.text("iso2", required=False),
            names=part.texts("names", LANGUAGES),
            prefixes=part.words("prefixes"),
            languages=part.words("languages", LANGUAGES),
            roles=part.words("roles", ROLES),
            partners=part.words("partners"),
        )
        countries[country.code] = country
    return countries


def read_directory(
    root: Path, country: Country, topics: Collection[str], mistakes: list[Mistake]
) -> list[Contact]:
    """The contacts of one country, emergency ones first, else in the order of the file.

    A country without a file has none; the linter asks for the file, the loader does not.
    """
    name = f"directory/{country.folder}.yml"
    if not (root / name).exists():
        return []
    fields = read_fields(root, name, mistakes)
    fields.expect_keys(("country", "entries"))
    if fields.text("country") not in ("", country.code):
        fields.wrong("country", f"must be {country.code}, as the file's name says")
    contacts = [_contact(part, country, topics) for part in fields.parts("entries")]
    return sorted(contacts, key=lambda contact: contact.kind != "emergency")


def _contact(part: Fields, country: Country, topics: Collection[str]) -> Contact:
    part.expect_keys(_CONTACT_KEYS)
    return Contact(
        id=part.text("id"),
        country=country.code,
        kind=part.choice("kind", KINDS),
        name=part.texts("name", LANGUAGES),
        serves=part.texts("serves", LANGUAGES),
        hours=part.texts("hours", LANGUAGES),
        topics=part.words("topics", topics),
        languages=part.words("languages"),
        phone=part.text("phone", required=False),
        whatsapp=part.text("whatsapp", required=False),
        url=part.text("url", required=False),
        verified=part.text("verified", required=False),
        read_at=part.text("read_at", required=False),
        confidence=part.choice("confidence", CONFIDENCES),
    )
