"""Snoozes end, targets warn before and tell after, e-mails say nothing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from console.handover import minding, targets
from console.models import Case, Membership, Target, Urgency
from tests.cases.conftest import World, make_organisation

pytestmark = pytest.mark.django_db


def test_a_snoozed_case_wakes_when_its_time_has_come(world: World) -> None:
    now = timezone.now()
    Case.objects.update(status="snoozed", snoozed_until=now, waiting_since=None)

    minding.mind(now - timedelta(seconds=1))
    world.case.refresh_from_db()
    assert world.case.status == "snoozed"
    minding.mind(now)
    world.case.refresh_from_db()
    assert (world.case.status, world.case.waiting_since) == ("open", now)
    assert world.case.entries.filter(what="woken").count() == 1


def test_an_overdue_case_is_told_once_and_without_content(world: World) -> None:
    now = timezone.now()
    Case.objects.update(first_reply_due=now - timedelta(minutes=1))

    minding.mind(now)
    minding.mind(now)

    (sent,) = mail.outbox
    assert sent.to == [world.coordinator.user.email]
    assert world.case.public_id in str(sent.body)
    assert "boss" not in str(sent.body)
    assert "wages" not in f"{sent.subject} {sent.body}"


def test_the_assignee_is_told_where_there_is_one(world: World) -> None:
    now = timezone.now()
    Case.objects.update(first_reply_due=now - timedelta(minutes=1), assignee=world.worker)

    minding.mind(now)

    assert mail.outbox[0].to == [Membership.objects.get(pk=world.worker.pk).user.email]


def test_an_answered_case_is_never_late(world: World) -> None:
    now = timezone.now()
    Case.objects.update(first_reply_due=now - timedelta(hours=1), first_reply_at=now)

    minding.mind(now)

    assert mail.outbox == []


def test_a_case_is_marked_before_it_is_late(world: World) -> None:
    now = timezone.now()
    Case.objects.update(first_reply_due=now + timedelta(minutes=29))

    minding.mind(now)

    world.case.refresh_from_db()
    assert world.case.warned_at == now
    assert mail.outbox == []


def test_time_runs_from_when_they_open(db: None) -> None:
    closed = make_organisation("closed", hours={"1": [["09:00", "17:00"]]}, zone="UTC")
    monday = timezone.now().replace(year=2026, month=11, day=23, hour=12, minute=0)

    assert targets.due(closed, Urgency.DANGER, monday).isoformat() == "2026-11-24T10:00:00+00:00"
    Target.objects.create(organisation=closed, urgency=Urgency.DANGER, minutes=15)
    assert targets.due(closed, Urgency.DANGER, monday).minute == 15
