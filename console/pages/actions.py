"""What members do with a case: each is one form, one service, and back to the case."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from console.cases import access, closing, errors, exporting, owning, referring, writing
from console.models import CaseEntry, Membership, Referral, ReferralState, Share, Status
from console.pages.doors import WORKERS, Request, page

ACTION = ("POST",)
EXPORTS = {"json": "application/json", "pdf": "application/pdf"}


def _back(public_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("case", args=[public_id]))


@page(WORKERS, ACTION)
def write(request: Request, public_id: str) -> HttpResponse:
    """Send a reply, or add a private note."""
    me = request.membership
    case = access.find(me, public_id)
    text = request.POST.get("text", "")
    if request.POST.get("as") == "note":
        wanted = [int(one) for one in request.POST.getlist("mention") if one.isdigit()]
        told = Membership.objects.filter(organisation=me.organisation_id, pk__in=wanted)
        writing.note(me, case, text, list(told))
    else:
        card = request.POST.get("card", "")
        writing.reply(me, case, text, card=card, resolve="resolve" in request.POST)
    return _back(public_id)


@page(WORKERS, ACTION)
def claim(request: Request, public_id: str) -> HttpResponse:
    """Take a case."""
    owning.claim(request.membership, access.find(request.membership, public_id))
    return _back(public_id)


@page(WORKERS, ACTION)
def assign(request: Request, public_id: str) -> HttpResponse:
    """Give a case to a colleague, or to nobody."""
    me = request.membership
    wanted = request.POST.get("to", "")
    to = None
    if wanted:
        to = Membership.objects.filter(
            organisation=me.organisation_id, pk=wanted if wanted.isdigit() else 0
        ).first()
        if to is None:
            raise Http404
    owning.assign(me, access.find(me, public_id), to, request.POST.get("note", "")[:1000])
    return _back(public_id)


@page(WORKERS, ACTION)
def snooze(request: Request, public_id: str) -> HttpResponse:
    """Put a case aside for some hours, or until a time in the organisation's zone."""
    me = request.membership
    choice = request.POST.get("until", "")
    if choice.isdigit():
        until: datetime | None = timezone.now() + timedelta(hours=int(choice[:4]))
    else:
        until = _local(request.POST.get("at", ""), me.organisation.zone)
    if until is None:
        raise errors.WrongTime
    closing.snooze(me, access.find(me, public_id), until)
    return _back(public_id)


def _local(text: str, zone: str) -> datetime | None:
    try:
        given = parse_datetime(text)
    except ValueError:
        return None
    return given.replace(tzinfo=ZoneInfo(zone)) if given else None


@page(WORKERS, ACTION)
def wait(request: Request, public_id: str) -> HttpResponse:
    """Say whose turn it is: the person's, or ours again."""
    case = access.find(request.membership, public_id)
    turn = closing.put_back if case.status != Status.OPEN else closing.wait
    turn(request.membership, case)
    return _back(public_id)


@page(WORKERS, ACTION)
def resolve(request: Request, public_id: str) -> HttpResponse:
    """Close a case."""
    case = access.find(request.membership, public_id)
    closing.resolve(request.membership, case, request.POST.get("outcome", "answered"))
    return _back(public_id)


@page(WORKERS, ACTION)
def reopen(request: Request, public_id: str) -> HttpResponse:
    """Open a closed case again."""
    try:
        closing.reopen(request.membership, access.find(request.membership, public_id))
    except errors.NotConsented:
        words = _("The person went back to the bot: only they can begin again.")
        messages.error(request, words)
    return _back(public_id)


@page(WORKERS, ACTION)
def refer(request: Request, public_id: str) -> HttpResponse:
    """Ask the person whether another organisation may take over."""
    me = request.membership
    wanted = request.POST.get("to", "")
    to = referring.partners(me).filter(pk=wanted if wanted.isdigit() else 0).first()
    if to is None or request.POST.get("share") not in Share.values:
        raise Http404
    referring.refer(me, access.find(me, public_id), to, Share(request.POST["share"]))
    return _back(public_id)


@page(WORKERS, ACTION)
def cancel_referral(request: Request, public_id: str) -> HttpResponse:
    """Take the question of a referral back."""
    me = request.membership
    case = access.find(me, public_id)
    asked = Referral.objects.filter(case=case, state=ReferralState.ASKED).first()
    if asked is None:
        raise errors.Taken
    referring.cancel(me, asked)
    return _back(public_id)


@page(WORKERS, ACTION)
def mask(request: Request, public_id: str, entry: int) -> HttpResponse:
    """Blot some words out of a line, for good."""
    me = request.membership
    case = access.find(me, public_id)
    line = CaseEntry.objects.filter(case=case, pk=entry).first()
    if line is None:
        raise Http404
    wanted = request.POST.get("words", "")
    start = line.text.find(wanted) if wanted else -1
    if start < 0:
        messages.error(request, _("These words do not stand in that line."))
    else:
        writing.mask(me, line, start, len(wanted))
    return _back(public_id)


@page(WORKERS, ACTION)
def ask_export(request: Request, public_id: str) -> HttpResponse:
    """Ask the person whether a file may be made of the case."""
    exporting.ask(request.membership, access.find(request.membership, public_id))
    return _back(public_id)


@page(WORKERS, ACTION)
def export(request: Request, public_id: str, form: str) -> HttpResponse:
    """Give the case as a file, if the person agreed to a copy."""
    if form not in EXPORTS:
        raise Http404
    make = exporting.as_json if form == "json" else exporting.as_pdf
    made = make(request.membership, access.find(request.membership, public_id))
    answer = HttpResponse(made, content_type=EXPORTS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="haki-{public_id}.{form}"'
    return answer
