"""The page with the three phones: static files of this folder, under a strict policy."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

STATIC = Path(__file__).parent / "static"
#: Nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def _index(_: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers=HEADERS)


async def with_slash(_: Request) -> Response:
    """``/simulator`` is a folder."""
    return RedirectResponse("/simulator/")


async def _static(request: Request) -> Response:
    path = STATIC / request.path_params["name"]
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_file():
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(path, media_type=kind, headers=HEADERS)


def routes() -> list[Route]:
    """The page and its files; a name holds no slash, so nothing above the folder is served."""
    return [
        Route("/", _index),
        Route("/static/{name}", _static),
    ]
