"""May this card be sent today? A pure function of the card, the day and the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.library.model import REVIEW_STATUSES, Card

GRACE = timedelta(days=30)
"""How long a card is still served, with a warning, after the day its review was due."""

Withheld = Literal["", "review", "overdue"]


@dataclass(frozen=True)
class Serving:
    """`served` says whether the card may be sent; `overdue` that its reader must be warned.

    `withheld` says why it may not: its `review` is below what the deployment asks, or it has
    been `overdue` for longer than the grace. `draft` says that nobody checked it yet.
    """

    served: bool
    overdue: bool
    draft: bool
    withheld: Withheld = ""


def review_level(status: str) -> int:
    """How much a review status is worth, 0 for a draft. Raises ValueError for any other word."""
    if status not in REVIEW_STATUSES:
        raise ValueError(f"`{status}` is not one of: {', '.join(REVIEW_STATUSES)}")
    return REVIEW_STATUSES.index(status)


def serving(card: Card, today: date, lowest_review: str = "draft") -> Serving:
    """Raises ValueError if `lowest_review` is not draft, checked or reviewed."""
    needed = review_level(lowest_review)
    overdue = today > card.review.due
    draft = card.review.status == "draft"
    if REVIEW_STATUSES.index(card.review.status) < needed:
        return Serving(False, overdue, draft, "review")
    if today > card.review.due + GRACE:
        return Serving(False, True, draft, "overdue")
    return Serving(True, overdue, draft)
