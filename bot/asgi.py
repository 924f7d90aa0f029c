"""The web process: Django, its static files, and in a demonstration the stand-in phones."""

import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings.project")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from starlette.routing import Route, Router
from starlette.staticfiles import StaticFiles

from bot.settings.environment import PROJECT, environment

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SIMULATOR = "/simulator"
STATIC = "/static"
LIVE = "/console/live"
# Our views are synchronous. Each of these threads keeps its database connection; under Django's
# own ASGI handler every request gets a thread, a connection and a dozen hops between loops anew.
THREADS = 4


def route(site: Application, mounted: Mapping[str, Application]) -> Application:
    """Return one application: what is mounted under a prefix gets its paths, `site` all others.

    Paths stay as they are. Lifespan events go to the first mounted application.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        for prefix, inside in mounted.items():
            if scope["type"] == "lifespan" or path.startswith(f"{prefix}/") or path == prefix:
                await inside(scope, receive, send)
                return
        await site(scope, receive, send)

    return application


def _static_files() -> Application:
    """Serve the console's files; they are few and small, so no proxy or manifest is needed."""
    packages: list[str | tuple[str, str]] = [
        (name, "static") for name in ("allauth.account", "allauth.mfa")
    ]
    files = StaticFiles(directory=PROJECT / "console" / "static", packages=packages)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await files(
                {**scope, "path": scope["path"].removeprefix(STATIC)}, receive, _checked(send)
            )

    return application


def _checked(send: Send) -> Send:
    """Tell browsers to take a file for what we say it is, and to ask whether it changed."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message["headers"],
                (b"x-content-type-options", b"nosniff"),
                (b"cache-control", b"no-cache"),
            ]
        await send(message)

    return sending


def _application() -> Application:
    django: Any = get_wsgi_application()
    pages = WSGIMiddleware(django, workers=THREADS)
    # Our views need Django's applications, which are loaded only now.
    from bot.messaging import webhooks
    from bot.webhook_door import door

    site = door(webhooks.DOORS, pages.executor, cast(Application, pages))
    mounted: dict[str, Application] = {}
    if environment().mode == "demo":
        from bot.simulator.app import create_app
        from bot.simulator.settings import from_environment

        mounted[SIMULATOR] = cast(Application, create_app(from_environment(os.environ)))
    # A live connection stays open for hours: it must not hold one of Django's few threads.
    from console.live import live  # needs Django's applications, which are loaded only now

    mounted[LIVE] = cast(Application, Router([Route(f"{LIVE}/", live)]))
    mounted[STATIC] = _static_files()
    return route(site, mounted)


application = _application()
