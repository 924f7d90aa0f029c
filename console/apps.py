"""Django application of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Sign-in and the list of people who asked for a person."""

    name = "console"
