"""What helps in writing: canned replies of an organisation, drafts that survive."""

from django.db import models
from django.utils import timezone

from bot.messaging.fields import SealedTextField
from console.models.cases import Case
from console.models.organisations import Membership, Organisation


class CannedReply(models.Model):
    """A text that an organisation sends often, in one language."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="canned_replies"
    )
    language = models.CharField(max_length=3)
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=1600)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["language", "title"]
        verbose_name_plural = "canned replies"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "language", "title"], name="one_canned_reply_per_title"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """What a member was writing in a case when they were interrupted."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="drafts")
    note = models.BooleanField(default=False)
    text = SealedTextField(default=str)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "member", "note"], name="one_draft_each")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
