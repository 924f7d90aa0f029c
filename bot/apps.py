"""The Django application that carries Haki's own commands."""

from django.apps import AppConfig


class BotConfig(AppConfig):
    """`bot` is an installed application only so that Django finds its commands."""

    name = "bot"
    label = "haki"
