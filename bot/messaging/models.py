"""What is stored of a person and of each message.

Addresses and texts are sealed (see `fields`); what stands open is what routing, order and
counting need: channel, kind, card and version, state, times.
"""

import uuid

from django.db import models
from django.utils import timezone

from bot.channels.names import Channel
from bot.messaging.fields import SealedJSONField, SealedTextField
from bot.messaging.incidents import Incident as Incident


class Holder(models.TextChoices):
    """Who answers a person: the bot, a partner organisation, or nobody."""

    BOT = "bot"
    PARTNER = "partner"
    NOBODY = "nobody"


class Contact(models.Model):
    """One person on one channel. `id` is what Rasa, jobs and logs call them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=12, choices=[(name, name) for name in Channel])
    address_hash = models.CharField(max_length=64)
    address = SealedTextField()
    our_address = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=3, blank=True)
    origin = models.CharField(max_length=3, blank=True)
    stage = models.CharField(max_length=20, blank=True)
    country_of_prefix = models.CharField(max_length=3, blank=True)
    welcomed_at = models.DateTimeField(null=True, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    erase_requested_at = models.DateTimeField(null=True, blank=True)
    unreachable_at = models.DateTimeField(null=True, blank=True)
    last_inbound_at = models.DateTimeField(default=timezone.now)
    # WhatsApp said that its service window was closed although our clock said it was open.
    window_closed_at = models.DateTimeField(null=True, blank=True)
    # When and how the person agreed to get messages: they wrote first, or sent START again.
    opted_in_at = models.DateTimeField(null=True, blank=True)
    opted_in_how = models.CharField(max_length=12, blank=True)
    holder = models.CharField(max_length=8, choices=Holder.choices, default=Holder.BOT)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_hash"], name="one_contact_per_address"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Direction(models.TextChoices):
    """Which way a message went."""

    INBOUND = "in"
    OUTBOUND = "out"


class State(models.TextChoices):
    """Where a message stands. Inbound: received, answered. Outbound: the others.

    HELD: kept until the person opens WhatsApp's service window (bot.messaging.service_window).
    """

    RECEIVED = "received"
    ANSWERED = "answered"
    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Message(models.Model):
    """One inbound message, or one outgoing bubble with its kind, card and version."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=12)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    provider_id = models.CharField(max_length=80, null=True, blank=True)
    kind = models.CharField(max_length=16)
    text = SealedTextField()
    details = SealedJSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices)
    error_code = models.CharField(max_length=40, blank=True)
    card = models.CharField(max_length=120, blank=True)
    card_version = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=3, blank=True)
    segments = models.PositiveSmallIntegerField(default=0)
    reply_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    # How often it was handed over without knowing whether an earlier try had gone out.
    uncertain_sends = models.PositiveSmallIntegerField(default=0)
    # Milliseconds that the dialogue took to answer this inbound message; None without a dialogue.
    dialogue_ms = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "direction", "provider_id"],
                name="one_message_per_provider_id",
            )
        ]
        indexes = [
            models.Index(fields=["contact", "direction", "-id"], name="contact_latest"),
            models.Index(
                fields=["contact", "id"],
                condition=models.Q(state__in=["received", "queued", "sending"]),
                name="messages_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.pk} {self.kind} {self.state}"


class ContentTemplate(models.Model):
    """A Twilio content template that was made for our account."""

    name = models.CharField(max_length=64, primary_key=True)
    sid = models.CharField(max_length=34)
    # WhatsApp's word on a template that needs its approval, as Twilio last told it; '' before.
    approval = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return self.name


class Feedback(models.Model):
    """Whether one answer was useful. It outlives the person's messages and names nobody."""

    card = models.CharField(max_length=120)
    card_version = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    language = models.CharField(max_length=3, blank=True)
    useful = models.BooleanField()
    created_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"{self.card} {self.useful}"
