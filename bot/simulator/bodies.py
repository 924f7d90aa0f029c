"""Reading request bodies as the real providers do: bounded, forms with blanks kept, JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

#: Far above what either provider's text messages need.
MAX_BODY = 1_000_000


class BadBodyError(ValueError):
    """The body is too large, not UTF-8, or not what its type says."""


async def read(request: Request) -> bytes:
    """The raw body. Raises `BadBodyError` over `MAX_BODY` octets."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise BadBodyError("request body too large")
        chunks.append(chunk)
    return b"".join(chunks)


def pairs(raw: bytes | str) -> list[tuple[str, str]]:
    """Form fields in order, blank ones kept. Raises `BadBodyError` when not UTF-8."""
    try:
        text = raw.decode("ascii") if isinstance(raw, bytes) else raw
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise BadBodyError("form is not valid UTF-8") from error


def json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object. Raises `BadBodyError`."""
    try:
        value = json.loads(raw or b"{}")
    except ValueError as error:
        raise BadBodyError("body is not valid JSON") from error
    if not isinstance(value, dict):
        raise BadBodyError("body is not a JSON object")
    return value


async def form(request: Request) -> dict[str, str]:
    """A urlencoded form as a mapping; of a repeated field the last value counts."""
    return dict(pairs(await read(request)))
