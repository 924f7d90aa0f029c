"""What the organisation can read about itself: the audit, and what is broken right now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from bot.messaging.incidents import Kind, open_incidents
from console import walls
from console.models import AuditLine
from console.pages import words
from console.pages.doors import COORDINATORS, READERS, Request, page

LINES = 100
INCIDENTS = {
    Kind.ACCOUNT_REFUSED: gettext_lazy("The provider refuses our account or sender"),
    Kind.PROVIDER_AWAY: gettext_lazy("The provider does not answer"),
    Kind.DIALOGUE_AWAY: gettext_lazy("The bot does not answer"),
    Kind.MESSAGE_GIVEN_UP: gettext_lazy("A message could not be answered"),
    Kind.ANSWER_TOO_OLD: gettext_lazy("An answer was too old to be sent"),
    Kind.UNCERTAIN_SEND: gettext_lazy("A message may have gone out twice"),
}


@page(COORDINATORS)
def audit(request: Request) -> HttpResponse:
    """Show who viewed, exported or changed what; the latest first."""
    lines = AuditLine.objects.filter(organisation=request.membership.organisation_id)
    before, case = request.GET.get("before", ""), request.GET.get("case", "").strip().upper()
    if before.isdigit():
        lines = lines.filter(pk__lt=int(before))
    if case:
        lines = lines.filter(case=case)
    found = list(lines.select_related("member").order_by("-pk")[:LINES])
    shown = [
        {
            "at": line.at,
            "who": line.member.name if line.member else "Haki",
            "what": line.what,
            "case": line.case,
            "details": ", ".join(f"{name}: {value}" for name, value in line.details.items()),
        }
        for line in found
    ]
    context = {
        "place": "audit",
        "lines": shown,
        "case_filter": case,
        "before": found[-1].pk if len(found) == LINES else "",
    }
    return render(request, "console/audit.html", context)


@page(READERS)
def incidents(request: Request) -> HttpResponse:
    """Show what is wrong with sending and answering now. It names nobody, so all may read it."""
    with walls.as_owner():
        found = open_incidents()
    shown = [
        {
            "what": INCIDENTS[Kind(one.kind)],
            "channel": words.channel(one.channel) if one.channel else "",
            "code": one.code,
            "count": one.count,
            "opened_at": one.opened_at,
            "last_at": one.last_at,
        }
        for one in found
    ]
    return render(request, "console/incidents.html", {"place": "incidents", "incidents": shown})
