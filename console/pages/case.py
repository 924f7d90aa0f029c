"""One case: its thread, its side panel, its composer."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bot.channels.names import Channel
from bot.messaging.service_window import WINDOW
from console.aliases import alias
from console.cases import access, canned, referring, timeline, writing
from console.models import Case, Membership, Person, Role, Status
from console.pages import composer, lists, profile, words
from console.pages.doors import READERS, WORKERS, Request, page
from console.pages.thread import thread

SNOOZES = (
    ("1", gettext_lazy("for an hour")),
    ("4", gettext_lazy("for four hours")),
    ("24", gettext_lazy("until tomorrow, this time")),
    ("168", gettext_lazy("for a week")),
)


# A page shows so many of the latest lines at first: opening and laying out one takes some
# milliseconds.
LINES = 50


@page(READERS)
def show(request: Request, public_id: str) -> HttpResponse:
    """Show a case beside its folder. That somebody looked stands in the audit."""
    me = request.membership
    case = access.find(me, public_id)
    mentioned = access.view(me, case)
    frame = lists.frame(request, lists.folder_of(request))
    context = {**frame, **_about(me, case), **_lines(request, case)}
    context["open_case"] = case.public_id
    if me.role in WORKERS:
        context |= _tools(me, case)
    answer = render(request, "console/inbox.html", context)
    if mentioned:
        # The folders stand outside of what htmx swaps; their count is less now.
        answer.headers["HX-Trigger"] = "haki:seen"
    return answer


@page(READERS)
def entries(request: Request, public_id: str) -> HttpResponse:
    """Return the thread as it is now, and the case's state beside its name."""
    me = request.membership
    case = access.find(me, public_id)
    context = {
        "case": profile.head(case),
        **_lines(request, case),
        "may_work": me.role in WORKERS,
        "oob": True,
        "stale": request.GET.get("was", case.status) != case.status,
    }
    return render(request, "console/parts/entries.html", context)


def _lines(request: Request, case: Case) -> dict[str, Any]:
    """Return the latest lines, all of them on request."""
    rows = timeline.entries(request.membership, case)
    everything = "all" in request.GET
    latest = list(rows if everything else rows.order_by("-id")[: LINES + 1])
    if not everything:
        latest.reverse()
    earlier = not everything and len(latest) > LINES
    found = thread(latest[-LINES:] if earlier else latest, alias(case.contact_id))
    return {
        "bot_lines": found.bot_lines,
        "lines": found.lines,
        "earlier": earlier,
        "everything": everything,
    }


def _about(me: Membership, case: Case) -> dict[str, Any]:
    person = Person.objects.get(pk=case.contact_id)
    return {
        "case": profile.head(case),
        "may_work": me.role in WORKERS,
        "profile": profile.profile(case, person),
        "safety": profile.safety(case),
        "consents": profile.consents(case),
        "referrals": profile.referrals(case),
        "history": profile.history(me, case),
        **_window(case, person),
    }


def _window(case: Case, person: Person) -> dict[str, Any]:
    """Return until when WhatsApp takes free text, while it does."""
    ends = person.last_inbound_at + WINDOW
    left = ends - timezone.now()
    if case.channel != Channel.WHATSAPP or left < timedelta(0):
        return {}
    return {"window_ends": ends, "window_left": words.span(left)}


def _tools(me: Membership, case: Case) -> dict[str, Any]:
    note = writing.draft_of(me, case, is_note=True)
    draft = writing.draft_of(me, case)
    colleagues = Membership.objects.filter(organisation=me.organisation_id, active=True)
    return {
        "colleagues": list(colleagues.exclude(role=Role.ANALYST)),
        "partners": list(referring.partners(me)) if case.status != Status.RESOLVED else [],
        "shares": profile.shares(),
        "snooze_choices": [{"value": value, "name": name} for value, name in SNOOZES],
        "timezone_name": me.organisation.zone,
        "canned": list(canned.for_language(me, case.language).filter(language=case.language)),
        "draft": draft or note,
        "draft_is_note": bool(note and not draft),
        "obstacle": composer.obstacle(case),
        "measure": composer.measured(case, draft) if draft else None,
    }
