"""Django application of the messaging core."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Contacts, messages and their jobs."""

    name = "bot.messaging"
    label = "messaging"
