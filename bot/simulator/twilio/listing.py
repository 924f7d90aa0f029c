"""GET Messages.json: filters and paging (protocols.md 2.1, used to reconcile after a cut)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

from bot.simulator.twilio.errors import TwilioError

Resource = dict[str, Any]
_DAY = 24 * 3600


def public(resource: Resource) -> Resource:
    """The resource without the stand-in's own notes."""
    return {key: value for key, value in resource.items() if not key.startswith("_")}


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise TwilioError(20001, message=f"DateSent {text} is not a date") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()


def _matches(resource: Resource, query: dict[str, str]) -> bool:
    if query.get("To") and resource["to"] != query["To"]:
        return False
    if query.get("From") and resource["from"] != query["From"]:
        return False
    at = resource["_at"]
    if query.get("DateSent") and not 0 <= at - _moment(query["DateSent"]) < _DAY:
        return False
    # Dates are whole seconds: a message of the same second is on both sides.
    if query.get("DateSent<") and at >= _moment(query["DateSent<"]) + 1:
        return False
    return not (query.get("DateSent>") and at < _moment(query["DateSent>"]))


def page(everything: list[Resource], query: dict[str, str], path: str) -> Resource:
    """One page, newest first, shaped as in the 2010-04-01 API."""
    size = min(int(query.get("PageSize") or 50), 1000)
    number = int(query.get("Page") or 0)
    chosen = [r for r in everything if _matches(r, query)]
    start = number * size
    rows = [public(r) for r in chosen[start : start + size]]

    def link(to: int) -> str:
        kept = {k: v for k, v in query.items() if k not in {"Page", "PageToken", "PageSize"}}
        extra = {"PageToken": f"PASM{to}"} if to else {}
        return f"{path}?{urlencode({**kept, 'PageSize': size, 'Page': to, **extra})}"

    return {
        "messages": rows,
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(rows) - 1),
        "uri": link(number),
        "first_page_uri": link(0),
        "next_page_uri": link(number + 1) if start + size < len(chosen) else None,
        "previous_page_uri": link(number - 1) if number else None,
    }
