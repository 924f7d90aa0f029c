"""Addresses of the web process."""

from django.urls import include, path
from django.views.generic import RedirectView

from bot.messaging import webhooks
from bot.messaging.health import healthz
from bot.messaging.metrics import metrics
from bot.settings.environment import environment

HOME = "/simulator/" if environment().mode == "demo" else "/console/"

urlpatterns = [
    path("", RedirectView.as_view(url=HOME)),
    path("healthz", healthz),
    path("metrics", metrics),
    *(path(address.removeprefix("/"), view) for address, view in webhooks.DOORS.items()),
    path("console/", include("console.urls")),
]
