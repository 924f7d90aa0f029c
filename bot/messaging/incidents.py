"""What goes wrong for more than one message: open until it works again, without a person's number.

An incident is found from real results: refusals by a provider, a dialogue that does not answer,
a message that no try could answer. Operators see the open ones in /healthz, /metrics and the
console; `note` and `over` keep them, from any process.
"""

import threading
import time
from collections import Counter
from datetime import timedelta
from enum import Enum

from django.db import models
from django.db.models import F
from django.utils import timezone


class Kind(str, Enum):
    """What can go wrong."""

    ACCOUNT_REFUSED = "account_refused"  # the provider refuses our account, sender or country
    PROVIDER_AWAY = "provider_away"  # passing errors of a provider, one after the other
    DIALOGUE_AWAY = "dialogue_away"  # Rasa or its actions do not answer
    MESSAGE_GIVEN_UP = "message_given_up"  # a message that no try could answer
    ANSWER_TOO_OLD = "answer_too_old"  # an answer that could not be sent within its validity
    NO_TEMPLATE = "no_template"  # WhatsApp approved no template to say that an answer waits
    SMS_CEILING = "sms_ceiling"  # people reached HAKI_MONTHLY_SMS_CEILING; their answers are short
    UNCERTAIN_SEND = "uncertain_send"  # sent again without knowing whether the first one went out

    def __str__(self) -> str:
        return self.value


# These end when the same thing works again; the others, which are events, a day after the last one.
ENDED_BY_SUCCESS = (Kind.ACCOUNT_REFUSED, Kind.PROVIDER_AWAY, Kind.DIALOGUE_AWAY)
EVENTS_STAY = timedelta(days=1)
# Seconds for which a process believes what it last read of the open incidents.
_FRESH = 5.0


class Incident(models.Model):
    """One thing that went wrong `count` times from `opened_at` to `last_at`.

    `sender` is our own number or bot where it matters, never a person's address; `code` is the
    provider's last error code or the name of an exception.
    """

    kind = models.CharField(max_length=24)  # of Kind
    channel = models.CharField(max_length=12, blank=True)
    sender = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "messaging"
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "sender"],
                condition=models.Q(closed_at=None),
                name="one_open_incident_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.code} x{self.count}"


def open_incidents() -> list[Incident]:
    """Return what is wrong now, the latest first."""
    return list(Incident.objects.filter(closed_at=None))


def note(kind: Kind, code: str, channel: str = "", sender: str = "") -> None:
    """Count one more failure, opening an incident if none of this kind is open."""
    now = timezone.now()
    mine = Incident.objects.filter(kind=kind, channel=channel, sender=sender, closed_at=None)
    if not mine.update(count=F("count") + 1, last_at=now, code=code[:40]):
        new = Incident(kind=kind, channel=channel, sender=sender, code=code[:40])
        # Of two processes that open it at once, one does.
        Incident.objects.bulk_create([new], ignore_conflicts=True)
    _known.forget()


def note_in_a_row(least: int, kind: Kind, code: str, channel: str = "", sender: str = "") -> None:
    """Note a failure that may be chance: counted only from the `least`-th in a row on.

    Each process counts for itself, until `over`.
    """
    with _lock:
        _in_a_row[kind, channel, sender] += 1
        enough = _in_a_row[kind, channel, sender] >= least
    if enough:
        note(kind, code, channel, sender)


def over(kind: Kind, channel: str = "", sender: str = "") -> None:
    """Close the open incident of this kind, as it worked again. Costs nothing when there is none.

    A success in another process within the last seconds may be overlooked; the next one counts.
    """
    with _lock:
        _in_a_row.pop((kind, channel, sender), None)
    if (kind, channel, sender) not in _known.read():
        return
    mine = Incident.objects.filter(kind=kind, channel=channel, sender=sender, closed_at=None)
    mine.update(closed_at=timezone.now())
    _known.forget()


def close_old_events() -> None:
    """Close incidents that are events, a day after the last one."""
    events = Incident.objects.filter(closed_at=None).exclude(kind__in=ENDED_BY_SUCCESS)
    now = timezone.now()
    events.filter(last_at__lt=now - EVENTS_STAY).update(closed_at=now)


class _Known:
    """The open incidents that success can end, as this process last read them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = -_FRESH
        self._open: frozenset[tuple[str, str, str]] = frozenset()

    def read(self) -> frozenset[tuple[str, str, str]]:
        with self._lock:
            if time.monotonic() - self._read_at < _FRESH:
                return self._open
        rows = Incident.objects.filter(closed_at=None, kind__in=ENDED_BY_SUCCESS)
        found = frozenset(rows.values_list("kind", "channel", "sender"))
        with self._lock:
            self._open, self._read_at = found, time.monotonic()
        return found

    def forget(self) -> None:
        with self._lock:
            self._read_at = -_FRESH


_known = _Known()
_lock = threading.Lock()
_in_a_row: Counter[tuple[str, str, str]] = Counter()
