"""Counting those whom no organisation could take."""

from collections.abc import Mapping
from typing import Any

from bot.messaging.models import Contact
from console.models import UnmetNeed


def count(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Store topic, country and language of a wish that nobody could answer; no person."""
    UnmetNeed.objects.create(
        topic=str(effect.get("topic", "")),
        country=str(effect.get("country", "")),
        language=str(effect.get("language", "")),
        danger=bool(effect.get("danger", False)),
    )
