"""Puts the stand-in providers, the phones and the page together as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from bot.simulator import page
from bot.simulator.control import Control
from bot.simulator.faults import Faults
from bot.simulator.poster import Poster
from bot.simulator.settings import SimulatorSettings
from bot.simulator.telegram.api import TelegramApi
from bot.simulator.telegram.methods import Methods
from bot.simulator.telegram.person import TelegramPhones
from bot.simulator.telegram.updates import Updates
from bot.simulator.twilio.api import TwilioApi
from bot.simulator.twilio.callbacks import Callbacks, SignedPosts
from bot.simulator.twilio.content import ContentShelf
from bot.simulator.twilio.inbound import TwilioPhones
from bot.simulator.twilio.outbound import Outbox
from bot.simulator.world import World

#: All paths begin with this, alone or inside Haki's web process.
PREFIX = "/simulator"


def create_app(settings: SimulatorSettings) -> Starlette:
    """An application that serves everything under ``/simulator/``.

    Hand it requests with their path unchanged (no mount prefix removed). It starts lazily, so a
    host that does not forward ASGI lifespan events may still use it. ``app.state.world`` holds
    the phones and the log.
    """
    world, faults, poster = World(settings), Faults(), Poster(settings)
    posts = SignedPosts(world, poster)
    contents = ContentShelf(settings.account_sid, f"{settings.own_url}/content")
    outbox = Outbox(world, faults, contents, Callbacks(world, faults, posts))
    twilio_phones = TwilioPhones(world, faults, posts, outbox)
    updates = Updates(world, faults, poster)
    telegram_phones = TelegramPhones(world, updates)
    methods = Methods(world, updates, telegram_phones)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await world.close()
        await poster.close()

    routes: list[BaseRoute] = [
        *TwilioApi(world, faults, outbox, contents, twilio_phones).routes(),
        *TelegramApi(world, faults, methods).routes(),
        *Control(world, faults, twilio_phones, telegram_phones).routes(),
        *page.routes(),
    ]
    app = Starlette(
        routes=[Route(PREFIX, page.with_slash), Mount(PREFIX, routes=routes)], lifespan=lifespan
    )
    app.state.world, app.state.faults = world, faults
    return app
