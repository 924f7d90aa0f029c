"""Who viewed, exported or changed what. Lines are added and never changed."""

from django.db import models
from django.utils import timezone


class AuditLine(models.Model):
    """One line. It holds ids only, so that it may outlive the people and texts it names.

    `what` is a word such as viewed, exported, replied, assigned, masked, invited; `case` is the
    case's public id or ''. A trigger of the database refuses UPDATE and DELETE.
    """

    organisation = models.ForeignKey(
        "console.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        "console.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    what = models.CharField(max_length=24)
    case = models.CharField(max_length=8, blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="audit_latest"),
            models.Index(
                fields=["member", "case", "at"],
                condition=models.Q(what="viewed"),
                name="audit_looks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.case}"
