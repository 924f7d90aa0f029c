"""What a person chose for themselves in the console."""

from django.conf import settings
from django.db import models


class Preference(models.Model):
    """The language in which the console speaks to one account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    language = models.CharField(max_length=3, choices=settings.LANGUAGES)

    def __str__(self) -> str:
        return self.language
