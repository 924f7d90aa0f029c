"""What time does to cases: snoozes end, targets come near and pass."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bot.messaging.floor import take_floor
from console.cases.events import publish
from console.cases.lines import say
from console.models import Case, Membership, Role, Status

LOG = logging.getLogger(__name__)
# A page marks a case this long before its first reply is due.
WARN_BEFORE = timedelta(minutes=30)
MOST = 500


def mind(now: datetime | None = None) -> None:
    """Wake, warn and tell. Safe to run at any time, and again."""
    moment = now or timezone.now()
    wake(moment)
    warn(moment)
    tell(moment)


def wake(now: datetime) -> None:
    """Put snoozed cases whose time has come back among the open ones."""
    due = Case.objects.filter(status=Status.SNOOZED, snoozed_until__lte=now)[:MOST]
    for case in due:
        with transaction.atomic():
            take_floor(case.contact_id)
            mine = Case.objects.filter(pk=case.pk, status=Status.SNOOZED, snoozed_until__lte=now)
            waiting = case.waiting_since or now
            if mine.update(status=Status.OPEN, snoozed_until=None, waiting_since=waiting):
                say(case, "woken")
                publish(case.organisation_id, case.public_id, "changed")


def _unanswered() -> QuerySet[Case]:
    return Case.objects.filter(first_reply_at=None).exclude(status=Status.RESOLVED)


def warn(now: datetime) -> None:
    """Let pages mark the cases whose first reply is soon due."""
    soon = _unanswered().filter(first_reply_due__lte=now + WARN_BEFORE, warned_at=None)
    for case in soon[:MOST]:
        if Case.objects.filter(pk=case.pk, warned_at=None).update(warned_at=now):
            publish(case.organisation_id, case.public_id, "changed")


def tell(now: datetime) -> None:
    """Write an e-mail without content for each case whose first reply is overdue, once.

    To its assignee, else to the organisation's coordinators.
    """
    late = _unanswered().filter(first_reply_due__lt=now, noticed_at=None)
    for case in late.select_related("assignee__user")[:MOST]:
        if not Case.objects.filter(pk=case.pk, noticed_at=None).update(noticed_at=now):
            continue
        addresses = _addresses(case)
        if addresses:
            _send(case, addresses)


def _addresses(case: Case) -> list[str]:
    people = Membership.objects.select_related("user").filter(
        organisation_id=case.organisation_id, active=True, user__is_active=True
    )
    mine = people.filter(pk=case.assignee_id) if case.assignee_id else people.none()
    chosen = mine if mine.exists() else people.filter(role=Role.COORDINATOR)
    return [member.user.email for member in chosen if member.user.email]


def _send(case: Case, addresses: list[str]) -> None:
    """No name, no topic, no text: e-mail is read by others."""
    try:
        send_mail(
            "Haki: a case waits for a first reply",
            f"Case {case.public_id} is past its target. "
            f"Open it in the console: {settings.HAKI.public_url}/console/",
            None,
            addresses,
        )
    except OSError as error:
        LOG.warning("a notice on case %s was not sent: %s", case.public_id, type(error).__name__)
