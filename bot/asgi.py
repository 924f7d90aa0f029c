"""The web process: Django, and in a demonstration the stand-in phones beside it."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings.project")

from django.core.asgi import get_asgi_application

from bot.settings.environment import environment

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SIMULATOR = "/simulator"


def with_simulator(site: Application, simulator: Application) -> Application:
    """Return one application: paths under /simulator go to the stand-ins, all else to `site`."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        inside = scope["type"] == "lifespan" or scope.get("path", "").startswith(SIMULATOR)
        await (simulator if inside else site)(scope, receive, send)

    return application


def _application() -> Application:
    site = cast(Application, get_asgi_application())
    if environment().mode != "demo":
        return site
    from bot.simulator.app import create_app
    from bot.simulator.settings import from_environment

    return with_simulator(site, create_app(from_environment(os.environ)))


application = _application()
