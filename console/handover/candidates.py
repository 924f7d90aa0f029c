"""The organisations that could take a case now, as routing wants them."""

import time

from django.db.models import Count, Exists, OuterRef, Q

from bot.handover.routing import Partner
from console.models import Membership, Organisation, Role
from console.models.cases import UNRESOLVED

# Seconds for which one worker believes what it read. Opening a case reads anew.
FRESH_FOR = 30.0
_ANSWERING = (Role.COORDINATOR, Role.CASE_WORKER)


class _Read:
    partners: tuple[Partner, ...] = ()
    until: float = 0.0


def candidates() -> tuple[Partner, ...]:
    """Return the organisations with room, at most 30 seconds old."""
    if time.monotonic() >= _Read.until:
        _Read.partners = read()
        _Read.until = time.monotonic() + FRESH_FOR
    return _Read.partners


def forget() -> None:
    """Read anew next time: somebody turned out to be gone or full."""
    _Read.until = 0.0


def read(organisation_id: int | None = None) -> tuple[Partner, ...]:
    """Return the active organisations that have people and room, or just that one."""
    people = Membership.objects.filter(
        organisation=OuterRef("pk"), active=True, role__in=_ANSWERING, user__is_active=True
    )
    found = (
        Organisation.objects.filter(Exists(people), active=True)
        .annotate(
            load=Count("cases", filter=Q(cases__status__in=UNRESOLVED)),
            trained=Exists(people.filter(trained_for_sensitive=True)),
        )
        .order_by("pk")
    )
    if organisation_id is not None:
        found = found.filter(pk=organisation_id)
    return tuple(_partner(one) for one in found if one.load < one.capacity)


def _partner(one: Organisation) -> Partner:
    return Partner(
        id=one.pk,
        name=one.name,
        countries=tuple(one.countries),
        origins=tuple(one.origins),
        topics=tuple(one.topics),
        languages=tuple(one.languages),
        hours=one.hours,
        zone=one.zone,
        load=one.load,  # type: ignore[attr-defined]
        capacity=one.capacity,
        trained=one.trained,  # type: ignore[attr-defined]
        coordinating=one.coordinating,
    )
