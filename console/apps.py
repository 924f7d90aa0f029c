"""Django application of the console."""

from django.apps import AppConfig
from django.conf import settings

from console.shell.catalogues import compile_catalogues


class ConsoleConfig(AppConfig):
    """The pages in which partner organisations answer."""

    name = "console"

    def ready(self) -> None:
        """Compile the translations that changed, and listen to sign-ins and changes."""
        compile_catalogues(settings.LOCALE_DIR, settings.COMPILED_LOCALE_DIR)
        from console.handover.registering import plug_in
        from console.shell import language  # noqa: F401 - its receiver must be connected

        plug_in()
