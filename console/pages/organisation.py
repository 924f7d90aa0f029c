"""The organisation's page: what it answers, hours, people, invitations, canned replies."""

from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot.library.model import LANGUAGES
from console.accounts import invitations
from console.cases import canned as canned_texts
from console.cases.lines import audit
from console.models import CannedReply, Invitation, Membership, Organisation, Role
from console.pages import scope, words
from console.pages.doors import COORDINATORS, READERS, WORKERS, Request, page

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
TIME_INPUT = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones())]


class HoursForm(forms.Form):
    """When the organisation answers and how many cases it can hold."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    capacity = forms.IntegerField(
        label=gettext_lazy("Cases at once"), min_value=0, max_value=10_000
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = _zones()  # type: ignore[attr-defined]
        self.initial = {"zone": organisation.zone, "capacity": organisation.capacity}
        for day in range(len(WEEKDAYS)):
            spans = organisation.hours.get(str(day)) or []
            for end, label in enumerate((gettext_lazy("from"), gettext_lazy("until"))):
                field = forms.TimeField(label=label, required=False, widget=TIME_INPUT)
                self.fields[f"day{day}_{end}"] = field
                if spans:
                    self.initial[f"day{day}_{end}"] = spans[0][end]

    def days(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Return each weekday's name with its two fields."""
        return [
            (name, self[f"day{day}_0"], self[f"day{day}_1"]) for day, name in enumerate(WEEKDAYS)
        ]

    def clean(self) -> dict[str, Any]:
        """Hold each day to a beginning before its end, or to neither."""
        given = super().clean() or {}
        for day, name in enumerate(WEEKDAYS):
            begin, end = given.get(f"day{day}_0"), given.get(f"day{day}_1")
            if bool(begin) != bool(end) or (begin and end and begin >= end):
                self.add_error(
                    f"day{day}_0", _("%(day)s: give both times, the first earlier.") % {"day": name}
                )
        return given

    def hours(self) -> dict[str, list[list[str]]]:
        """Return the hours as the organisation stores them."""
        found: dict[str, list[list[str]]] = {}
        for day in range(7):
            begin, end = self.cleaned_data[f"day{day}_0"], self.cleaned_data[f"day{day}_1"]
            if isinstance(begin, time) and isinstance(end, time):
                found[str(day)] = [[begin.strftime("%H:%M"), end.strftime("%H:%M")]]
        return found


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(words.ROLES.items()))
    trained = forms.BooleanField(
        label=gettext_lazy("Trained for violence and trafficking"), required=False
    )


class CannedForm(forms.Form):
    """A text that is sent often, in one language."""

    language = forms.ChoiceField(label=gettext_lazy("Language"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=60)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=canned_texts.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, words.language(code)) for code in LANGUAGES]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


def _home() -> HttpResponse:
    return HttpResponseRedirect(reverse("organisation"))


def show(request: Request, **forms_in_error: forms.BaseForm) -> HttpResponse:
    """Render the page; forms with mistakes come back as they were filled in."""
    me = request.membership
    organisation = Organisation.objects.get(pk=me.organisation_id)
    coordinates = me.role == Role.COORDINATOR
    context: dict[str, Any] = {
        "place": "organisation",
        "organisation": organisation,
        "coordinates": coordinates,
        "may_write": me.role in WORKERS,
        "members": Membership.objects.filter(organisation=organisation).order_by("-active", "name"),
        "roles": words.ROLES.items(),
        "canned": [
            (one, words.language(one.language))
            for one in CannedReply.objects.filter(organisation=organisation)
        ],
        "hours_form": HoursForm(organisation=organisation),
        "invite_form": InviteForm(auto_id="invite_%s"),
        "canned_form": CannedForm(auto_id="canned_%s"),
        "scope_form": scope.ScopeForm(organisation=organisation, auto_id="scope_%s"),
        "targets_form": scope.TargetsForm(organisation=organisation, auto_id="target_%s"),
        "targets": scope.targets(organisation),
        "countries": [words.country(code) for code in organisation.countries],
        "origins": [words.country(code) for code in organisation.origins],
        "topics": [words.topic(code) for code in organisation.topics],
        "speaks": [words.language(code) for code in organisation.languages],
        **forms_in_error,
    }
    if coordinates:
        context["invitations"] = Invitation.objects.filter(
            organisation=organisation, used_at=None, expires_at__gt=timezone.now()
        )
        context["link"] = request.session.pop("invitation_link", "")
    return render(request, "console/organisation.html", context)


@page(READERS)
def organisation(request: Request) -> HttpResponse:
    """Show the organisation that one works in."""
    return show(request)


@page(COORDINATORS, methods=("POST",))
def change_hours(request: Request) -> HttpResponse:
    """Store hours, time zone and capacity."""
    mine = Organisation.objects.get(pk=request.membership.organisation_id)
    form = HoursForm(request.POST, organisation=mine)
    if not form.is_valid():
        return show(request, hours_form=form)
    mine.hours, mine.zone = form.hours(), form.cleaned_data["zone"]
    mine.capacity = form.cleaned_data["capacity"]
    mine.save(update_fields=["hours", "zone", "capacity"])
    audit(request.membership, "hours_changed")
    messages.success(request, _("Stored."))
    return _home()


def _locked(member: Membership) -> Organisation:
    """Return the member's organisation, for them alone until the transaction ends."""
    return Organisation.objects.select_for_update().get(pk=member.organisation_id)


@page(COORDINATORS, methods=("POST",))
def change_scope(request: Request) -> HttpResponse:
    """Store the countries, origins, topics and languages that the organisation answers."""
    return _store(request, scope.ScopeForm, "scope")


@page(COORDINATORS, methods=("POST",))
def change_targets(request: Request) -> HttpResponse:
    """Store within how many minutes a first reply is due."""
    return _store(request, scope.TargetsForm, "targets")


def _store(
    request: Request, kind: type[scope.ScopeForm] | type[scope.TargetsForm], name: str
) -> HttpResponse:
    """Store the form of that `kind`, or show it again as `<name>_form` with what is wrong."""
    mine = _locked(request.membership)
    form = kind(request.POST, organisation=mine, auto_id=f"{name.removesuffix('s')}_%s")
    if not form.is_valid():
        return show(request, **{f"{name}_form": form})
    form.store(request.membership, mine)
    messages.success(request, _("Stored."))
    return _home()


@page(COORDINATORS, methods=("POST",))
def invite(request: Request) -> HttpResponse:
    """Make an invitation and show its link once; the coordinator hands it over."""
    form = InviteForm(request.POST, auto_id="invite_%s")
    if not form.is_valid():
        return show(request, invite_form=form)
    token = invitations.invite(request.membership, **form.cleaned_data)
    audit(request.membership, "invited", role=form.cleaned_data["role"])
    request.session["invitation_link"] = request.build_absolute_uri(
        reverse("invitation", args=[token])
    )
    return _home()


@page(COORDINATORS, methods=("POST",))
def withdraw_invitation(request: Request, number: int) -> HttpResponse:
    """End an invitation that was not used yet."""
    ended = Invitation.objects.filter(
        organisation=request.membership.organisation_id, pk=number, used_at=None
    ).update(expires_at=timezone.now())
    if not ended:
        raise Http404
    audit(request.membership, "uninvited")
    return _home()


@page(COORDINATORS, methods=("POST",))
def change_member(request: Request, number: int) -> HttpResponse:
    """Change a colleague's role, training, or whether they may come in at all."""
    member = Membership.objects.filter(
        organisation=request.membership.organisation_id, pk=number
    ).first()
    role = request.POST.get("role", "")
    if member is None or role not in Role.values:
        raise Http404
    if member.pk == request.membership.pk:
        messages.error(request, _("Nobody changes their own role: ask another coordinator."))
        return _home()
    member.role = role
    member.trained_for_sensitive = "trained" in request.POST
    member.active = "active" in request.POST
    member.save(update_fields=["role", "trained_for_sensitive", "active"])
    audit(request.membership, "member_changed", colleague=member.pk, role=role)
    messages.success(request, _("Stored."))
    return _home()


@page(WORKERS, methods=("POST",))
def add_canned(request: Request) -> HttpResponse:
    """Add a canned reply, or replace that of the same title and language."""
    form = CannedForm(request.POST, auto_id="canned_%s")
    if not form.is_valid():
        return show(request, canned_form=form)
    canned_texts.save(request.membership, **form.cleaned_data)
    return _home()


@page(WORKERS, methods=("POST",))
def delete_canned(request: Request, number: int) -> HttpResponse:
    """Delete a canned reply."""
    mine = CannedReply.objects.filter(organisation=request.membership.organisation_id, pk=number)
    if not mine.exists():
        raise Http404
    canned_texts.remove(request.membership, number)
    return _home()
