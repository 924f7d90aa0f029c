"""Choosing whom to name: emergency numbers first, unconfirmed ones only for want of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.library.model import Contact


def choose(
    contacts: Iterable[Contact],
    *,
    topics: Collection[str] = (),
    kinds: Collection[str] = (),
    language: str = "en",
    include_unconfirmed: bool = False,
) -> list[Contact]:
    """Contacts for `topics` and `kinds` (each empty: any), emergency first.

    Emergency numbers are kept whatever the topic, unless `kinds` leaves them out. Then come those
    who answer more of the topics, then those who speak `language`, else the order of the file.
    Unconfirmed contacts are left out, unless nobody but the emergency numbers is left; the caller
    must then say so (`contact.confidence`).
    """
    fitting = [
        contact
        for contact in contacts
        if (not kinds or contact.kind in kinds)
        and (not topics or contact.kind == "emergency" or set(topics) & set(contact.topics))
    ]
    known = fitting if include_unconfirmed else known_or_all(fitting)
    return sorted(
        known,
        key=lambda contact: (
            contact.kind != "emergency",
            -len(set(topics) & set(contact.topics)),
            language not in contact.languages,
        ),
    )


def known_or_all(contacts: Collection[Contact]) -> list[Contact]:
    """Those not unconfirmed; all of them when only emergency numbers would be left."""
    known = [contact for contact in contacts if contact.confidence != "unconfirmed"]
    if any(contact.kind != "emergency" for contact in known):
        return known
    return list(contacts)
