"""What an answer changes besides being said; applied in the transaction that stores the answer."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from bot.messaging.models import Contact, Feedback

Effect = Mapping[str, Any]

PROFILE_FIELDS = ("language", "country", "origin", "stage")


class UnknownEffect(Exception):
    """The dialogue asked for a change that this version does not know."""


Change = Callable[[Contact, Effect], None]


def register(name: str, change: Change) -> None:
    """Let `change` apply effects called `name`; a keeper of cases adds its own this way."""
    _CHANGES[name] = change


def apply(contact: Contact, effect: Effect) -> None:
    """Apply one effect of the dialogue to `contact`.

    Known: {"do": "profile", language|country|origin|stage: value}, {"do": "welcomed"},
    {"do": "feedback", "card", "version", "language", "useful"}, {"do": "erase"},
    {"do": "opt_out"}, {"do": "opt_in"}, and what was registered (console.handover.registering).
    Raises UnknownEffect for another.
    """
    change = _CHANGES.get(str(effect.get("do")))
    if change is None:
        raise UnknownEffect(f"unknown effect {effect.get('do')!r}")
    change(contact, effect)


def _profile(contact: Contact, effect: Effect) -> None:
    changed = [name for name in PROFILE_FIELDS if name in effect]
    for name in changed:
        setattr(contact, name, str(effect[name]))
    contact.save(update_fields=changed)


def _welcomed(contact: Contact, effect: Effect) -> None:
    contact.welcomed_at = timezone.now()
    contact.save(update_fields=["welcomed_at"])


def _feedback(contact: Contact, effect: Effect) -> None:
    Feedback.objects.create(
        card=str(effect["card"]),
        card_version=str(effect["version"]),
        channel=contact.channel,
        language=str(effect.get("language", "")),
        useful=bool(effect["useful"]),
    )


def _erase(contact: Contact, effect: Effect) -> None:
    """Let go of the address at once: whoever writes from it next is a new person.

    The row stays until the last words are delivered (bot.messaging.handling.erase).
    """
    contact.erase_requested_at = timezone.now()
    contact.address_hash = secrets.token_hex(32)
    contact.save(update_fields=["erase_requested_at", "address_hash"])


def _opt_out(contact: Contact, effect: Effect) -> None:
    contact.opted_out_at = timezone.now()
    contact.save(update_fields=["opted_out_at"])


def _opt_in(contact: Contact, effect: Effect) -> None:
    contact.opted_out_at = None
    contact.opted_in_at, contact.opted_in_how = timezone.now(), "sent START"
    contact.save(update_fields=["opted_out_at", "opted_in_at", "opted_in_how"])


_CHANGES: dict[str, Change] = {
    "profile": _profile,
    "welcomed": _welcomed,
    "feedback": _feedback,
    "erase": _erase,
    "opt_out": _opt_out,
    "opt_in": _opt_in,
}
