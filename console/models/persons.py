"""What stands about a person beside their cases: consent, safety, referrals."""

from django.db import models
from django.utils import timezone

from bot.messaging.fields import SealedTextField
from bot.messaging.models import Contact
from console.models.cases import Case, Share


class Person(models.Model):
    """What the console may know of a contact: the same row, without addresses.

    Unmanaged on purpose: the console's database role may read these columns and no other.
    """

    id = models.UUIDField(primary_key=True)
    channel = models.CharField(max_length=12)
    language = models.CharField(max_length=3)
    country = models.CharField(max_length=3)
    origin = models.CharField(max_length=3)
    stage = models.CharField(max_length=20)
    holder = models.CharField(max_length=8)
    opted_out_at = models.DateTimeField(null=True)
    unreachable_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField()
    window_closed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "messaging_contact"

    def __str__(self) -> str:
        return str(self.id)


class Precautions(models.Model):
    """What the console may know of a safety plan: the same row, without the code word."""

    contact_id = models.UUIDField()
    hours_from = models.TimeField(null=True)
    hours_until = models.TimeField(null=True)
    zone = models.CharField(max_length=40)
    neutral_first = models.BooleanField()
    hidden_since = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "console_safetyplan"

    def __str__(self) -> str:
        return f"precautions {self.pk}"


class Consent(models.Model):
    """What a person agreed to, with whom, when, in which language and in which words.

    `wording` is the key of the phrase that asked and `wording_version` the first 12 hex digits
    of the SHA-256 of its text. `answer` False is a refusal: it is recorded and opens no case.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(
        "console.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="consents"
    )
    answer = models.BooleanField(default=True)
    share = models.CharField(max_length=12, choices=Share.choices)
    language = models.CharField(max_length=3)
    wording = models.CharField(max_length=60)
    wording_version = models.CharField(max_length=12)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class SafetyPlan(models.Model):
    """When and how it is safe to write to a person.

    `hours_from`/`hours_until` are in `zone`, both None for any time; until may be before
    from (over midnight). `neutral_first`: the first message after a pause hides who we are.
    `code_word` means "someone is looking"; it is normalised, and the console may never read it.
    `hidden_since`: it was said, nothing goes out until the person says it again or START.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="safety")
    hours_from = models.TimeField(null=True, blank=True)
    hours_until = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=40, default="UTC")
    neutral_first = models.BooleanField(default=False)
    code_word = SealedTextField(default=str)
    hidden_since = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"safety plan {self.pk}"


class ReferralState(models.TextChoices):
    """Where a referral stands. Only a fresh yes of the person makes it a case elsewhere."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Referral(models.Model):
    """One organisation asks the person whether another may take over."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    from_organisation = models.ForeignKey(
        "console.Organisation", on_delete=models.PROTECT, related_name="referrals_made"
    )
    to_organisation = models.ForeignKey(
        "console.Organisation", on_delete=models.PROTECT, related_name="referrals_received"
    )
    asked_by = models.ForeignKey("console.Membership", on_delete=models.PROTECT, related_name="+")
    share = models.CharField(max_length=12, choices=Share.choices, default=Share.SUMMARY)
    state = models.CharField(
        max_length=8, choices=ReferralState.choices, default=ReferralState.ASKED
    )
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.SET_NULL)
    new_case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="came_by"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state="asked"),
                name="one_open_referral",
            )
        ]

    def __str__(self) -> str:
        return f"referral {self.pk} {self.state}"


class UnmetNeed(models.Model):
    """Somebody asked for a person and no organisation fitted. It names nobody."""

    topic = models.CharField(max_length=24, blank=True)
    country = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=3, blank=True)
    danger = models.BooleanField(default=False)
    created_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"{self.topic} {self.country}"
