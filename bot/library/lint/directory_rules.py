"""Contacts: a number that cannot be dialled, or that nobody vouches for, helps nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.library.errors import Mistake
from bot.library.lint.scope import Scope
from bot.library.model import INTERNATIONAL, Contact, Country

_PHONE = re.compile(r"\+?\d[\d -]*\d$")
_PAGE = re.compile(r"https?://\S+$")
_VERIFIED = re.compile(r"(19|20)\d{2}(-(0[1-9]|1[0-2])(-\d{2})?)?$")


def check_directory(scope: Scope) -> Iterator[Mistake]:
    """Every shelf with cards has its directory; every contact can be reached, read and trusted."""
    edition = scope.edition
    seen: dict[str, str] = {}
    for code, country in edition.countries.items():
        contacts = edition.contacts[code]
        file = f"directory/{country.folder}.yml"
        shelf_is_used = any(card.country == code for card in scope.cards)
        if shelf_is_used and not contacts:
            yield Mistake(file, "", "has no contact", "directory")
        if contacts and code != INTERNATIONAL and contacts[0].kind != "emergency":
            yield Mistake(file, "", "has no emergency number", "directory")
        for contact in contacts:
            if contact.id in seen:
                reason = f"stands in {seen[contact.id]} too"
                yield Mistake(file, contact.id, reason, "directory")
            seen[contact.id] = file
            yield from _check_contact(file, contact, country)


def _check_contact(file: str, contact: Contact, country: Country) -> Iterator[Mistake]:
    def wrong(key: str, reason: str) -> Mistake:
        return Mistake(file, f"{contact.id}.{key}", reason, "directory")

    if not contact.id.startswith(f"{country.folder}-"):
        yield wrong("id", f"must begin with `{country.folder}-`")
    for key, number in (("phone", contact.phone), ("whatsapp", contact.whatsapp)):
        if number and not _PHONE.match(number):
            yield wrong(key, f"`{number}` cannot be dialled: digits, spaces, - and a leading +")
    if contact.kind == "emergency" and not contact.phone:
        yield wrong("phone", "an emergency contact without a number")
    if contact.url and not _PAGE.match(contact.url):
        yield wrong("url", f"`{contact.url}` is not an address of a page")
    vouched_for = contact.verified or contact.confidence != "unconfirmed"
    if vouched_for and not _VERIFIED.match(contact.verified):
        yield wrong("verified", f"`{contact.verified}` is not a year or a month like 2026-11")
    if not contact.read_at and contact.confidence != "unconfirmed":
        yield wrong("read_at", f"{contact.confidence}, but no page was read")
    if not contact.topics:
        yield wrong("topics", "for which topics?")
    for key, texts in (("name", contact.name), ("serves", contact.serves)):
        for language in country.languages:
            if not texts.get(language):
                yield wrong(f"{key}.{language}", "is missing")
    if contact.hours:
        for language in country.languages:
            if language not in contact.hours:
                yield wrong(f"hours.{language}", "is missing")
