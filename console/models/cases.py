"""A case: one conversation that a person gave to one organisation, and its timeline."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from bot.messaging.fields import SealedJSONField, SealedTextField
from bot.messaging.models import Contact, Message

# Crockford's base 32: no letters that are mistaken for another when read out aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_public_id() -> str:
    """Return eight random letters (40 bits): what addresses, exports and the audit call a case."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


class Urgency(models.IntegerChoices):
    """How pressing a case is; the smaller, the sooner."""

    DANGER = 0
    HIGH = 1
    NORMAL = 2


class Status(models.TextChoices):
    """Open: waits for us. Pending: waits for the person. Snoozed: until a time or a message."""

    OPEN = "open"
    PENDING = "pending"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


UNRESOLVED = (Status.OPEN, Status.PENDING, Status.SNOOZED)


class Share(models.TextChoices):
    """What the person agreed to show."""

    CONVERSATION = "conversation"
    SUMMARY = "summary"
    QUESTION = "question"


class Case(models.Model):
    """One case. While it is unresolved its organisation holds the conversation.

    `contact` may be seen by the console only through `console.models.Person`. `origin` to
    `channel` are as the person gave them at the opening. `waiting_since` is when the person's
    oldest unanswered message came, None when it is not our turn. `routing` is why this
    organisation: {"key", "params"} (bot.handover.routing). `withdrawn_at`: the person took the
    consent back; the organisation then sees that there was a case and nothing of what was said.
    `knocked_at`: when the neutral message went out that comes before the first reply.
    `reopens_until`: a message before then reopens a resolved case. `sensitive`: for trained
    members only.
    """

    public_id = models.CharField(max_length=8, unique=True, default=new_public_id, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="cases")
    organisation = models.ForeignKey(
        "console.Organisation", on_delete=models.PROTECT, related_name="cases"
    )
    assignee = models.ForeignKey(
        "console.Membership",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_cases",
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    one_touch = models.BooleanField(default=False)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.NORMAL)
    topic = models.CharField(max_length=24, blank=True)
    country = models.CharField(max_length=3, blank=True)
    origin = models.CharField(max_length=3, blank=True)
    stage = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=3, blank=True)
    channel = models.CharField(max_length=12)
    share = models.CharField(max_length=12, choices=Share.choices)
    called_by = SealedTextField(default=str)
    routing = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=timezone.now)
    first_reply_due = models.DateTimeField(null=True, blank=True)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    last_entry_at = models.DateTimeField(default=timezone.now)
    knocked_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)
    rating = models.CharField(max_length=8, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reopens_until = models.DateTimeField(null=True, blank=True)
    allows_export = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # One owner at any time: a person is with one organisation at most.
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(status__in=["open", "pending", "snoozed"]),
                name="one_unresolved_case",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "status", "urgency", "waiting_since"], name="case_list"
            ),
            models.Index(fields=["organisation", "assignee", "status"], name="case_of_member"),
        ]

    def __str__(self) -> str:
        return self.public_id


class EntryKind(models.TextChoices):
    """What a line of the timeline is."""

    INBOUND = "inbound"
    REPLY = "reply"
    BOT = "bot"
    NOTE = "note"
    SYSTEM = "system"


class Sending(models.TextChoices):
    """Where a reply of ours stands before `message` takes over with its delivery ticks."""

    NONE = ""
    WAITING = "waiting"
    HELD = "held"
    HANDED_OVER = "handed_over"
    NOT_SENT = "not_sent"


class CaseEntry(models.Model):
    """One line of a case's timeline; `text` is a copy of what was shared, sealed.

    `bot` lines are the shared part of the conversation before the case (`said_by_person` tells
    whose words). `system` lines have `what` (a word of console.cases.lines) and `params` instead
    of text. A reply that waits or did not go out says why in `reason`. `masks`: what was
    blotted out, as {"start", "length", "member", "at"}; the letters are gone from `text`.
    `hidden`: consent was withdrawn; the database shows the line to no organisation.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    organisation = models.ForeignKey("console.Organisation", on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    author = models.ForeignKey(
        "console.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_by_person = models.BooleanField(default=False)
    text = SealedTextField(default=str)
    what = models.CharField(max_length=24, blank=True)
    params = SealedJSONField(default=dict)
    mentions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    masks = models.JSONField(default=list, blank=True)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="case_entries"
    )
    card = models.CharField(max_length=120, blank=True)
    sending = models.CharField(
        max_length=12, choices=Sending.choices, default=Sending.NONE, blank=True
    )
    reason = models.CharField(max_length=24, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "case entries"
        indexes = [
            models.Index(fields=["organisation", "-id"], name="entry_latest"),
            # Mentions stand in notes only, and notes are few.
            models.Index(
                fields=["organisation"], condition=models.Q(kind="note"), name="entry_notes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
