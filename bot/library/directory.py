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
    Unconfirmed contacts are left out unless nobody else is left (see `known_or_all`); the caller
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
    """Those not unconfirmed; unconfirmed emergency numbers only when no other emergency number is
    left, and other unconfirmed contacts only when nobody else is. The order stays."""
    kept = {
        contact.id
        for group in (True, False)
        for contact in _known([c for c in contacts if (c.kind == "emergency") is group])
    }
    return [contact for contact in contacts if contact.id in kept]


def _known(group: list[Contact]) -> list[Contact]:
    return [contact for contact in group if contact.confidence != "unconfirmed"] or group
