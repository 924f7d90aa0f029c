"""Organisations that answer, the people in them, and how quickly they mean to answer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from console.models.cases import Urgency


class Role(models.TextChoices):
    """What a member may do: run the organisation, answer, or only read."""

    COORDINATOR = "coordinator"
    CASE_WORKER = "case_worker"
    ANALYST = "analyst"


def _codes(length: int) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=length), default=list, blank=True)


class Organisation(models.Model):
    """A partner civil-society organisation. What routing needs to know of it stands open.

    `countries`, `origins` are ISO 3166-1 alpha-3 codes of stay and of origin, `topics` ids of
    content/topics.yml, `languages` our language codes; an empty list of topics means all of
    them, an empty list of countries or origins means none. `hours` maps weekdays "0" (Monday)
    to "6" to a list of ["HH:MM", "HH:MM"] in `zone`. `capacity` is how many cases may be
    unresolved at once.
    """

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    coordinating = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    countries = _codes(3)
    origins = _codes(3)
    topics = _codes(24)
    languages = _codes(3)
    hours = models.JSONField(default=dict, blank=True)
    zone = models.CharField(max_length=40, default="UTC")
    capacity = models.PositiveIntegerField(default=40)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["coordinating"],
                condition=models.Q(coordinating=True, active=True),
                name="one_coordinating_organisation",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person in one organisation; `name` is what colleagues see."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=12, choices=Role.choices)
    trained_for_sensitive = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each")
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link that makes somebody a member, once. Only the hash of its token is kept."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    trained_for_sensitive = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Target(models.Model):
    """Within how many minutes of opening hours-time a first reply is due, per urgency."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="targets")
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["organisation", "urgency"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "urgency"], name="one_target_each")
        ]

    def __str__(self) -> str:
        return f"{self.urgency}: {self.minutes} min"
