"""What stands beside the thread: the person, their safety, consent, referrals, earlier cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from console.aliases import alias
from console.cases import access
from console.cases.composing import plan_of
from console.models import (
    Case,
    Consent,
    Membership,
    Person,
    Referral,
    ReferralState,
    Share,
    Status,
)
from console.pages import words
from console.pages.rows import Badge, badges

REFERRAL_STATES: Final[dict[str, Promise]] = {
    ReferralState.ASKED: gettext_lazy("the person was asked"),
    ReferralState.AGREED: gettext_lazy("the person agreed"),
    ReferralState.REFUSED: gettext_lazy("the person refused"),
    ReferralState.LAPSED: gettext_lazy("taken back"),
}


@dataclass(frozen=True)
class Head:
    """A case as its page shows it."""

    public_id: str
    alias: str
    called_by: str
    status: str
    status_name: str
    unresolved: bool
    assignee_id: int | None
    assignee_name: str
    badges: list[Badge]
    channel: str
    channel_name: str
    language: str
    language_name: str
    why: str
    allows_export: bool


def head(case: Case) -> Head:
    """Return what the page says about a case itself."""
    return Head(
        public_id=case.public_id,
        alias=alias(case.contact_id),
        called_by=case.called_by,
        status=case.status,
        status_name=str(words.STATUSES[case.status]),
        unresolved=case.status != Status.RESOLVED,
        assignee_id=case.assignee_id,
        assignee_name=case.assignee.name if case.assignee else "",
        badges=badges(case, timezone.now()),
        channel=case.channel,
        channel_name=words.channel(case.channel),
        language=case.language,
        language_name=words.language(case.language),
        why=why(case.routing),
        allows_export=case.allows_export,
    )


def why(routing: dict[str, Any]) -> str:
    """Return the written reason for which a case came to this organisation."""
    params = routing.get("params") or {}
    reasons = {
        "country": _("You work in %(place)s.")
        % {"place": words.country(params.get("country", ""))},
        "origin": _("You work with people from %(place)s.")
        % {"place": words.country(params.get("origin", ""))},
        "coordinating": _("No other partner fits, and you coordinate."),
    }
    said = [reasons.get(str(routing.get("key", "")), "")]
    if params.get("topic"):
        said.append(_("Topic: %(name)s.") % {"name": words.topic(params["topic"])})
    if params.get("language"):
        said.append(_("Language: %(name)s.") % {"name": words.language(params["language"])})
    if params.get("trained"):
        said.append(_("It needs trained people."))
    return " ".join(part for part in said if part) or "–"


def profile(case: Case, person: Person) -> list[tuple[str, str]]:
    """Return the person's profile as names and values; what is unknown is left out."""
    rows = [
        (_("Language"), words.language(person.language or case.language)),
        (_("Channel"), words.channel(case.channel)),
        (_("Country"), words.country(case.country) if case.country else ""),
        (_("From"), words.country(case.origin) if case.origin else ""),
        (_("Stage"), words.stage(case.stage)),
        (_("Topic"), words.topic(case.topic)),
        (_("Last wrote"), _when(person.last_inbound_at)),
        (_("Case"), case.public_id),
    ]
    if person.opted_out_at:
        rows.append((_("Messages"), _("stopped by the person")))
    if person.unreachable_at:
        rows.append((_("Messages"), _("the number or chat is gone")))
    return [(name, value) for name, value in rows if value]


def safety(case: Case) -> list[str]:
    """Return when and how it is safe to write, as sentences; empty when nothing was asked for."""
    plan = plan_of(case)
    if plan is None:
        return []
    said = []
    if plan.hidden_since:
        said.append(_("Somebody is looking now: nothing goes out."))
    if plan.hours_from is not None and plan.hours_until is not None:
        said.append(
            _("Safe from %(begin)s to %(end)s (%(zone)s).")
            % {
                "begin": plan.hours_from.strftime("%H:%M"),
                "end": plan.hours_until.strftime("%H:%M"),
                "zone": plan.zone,
            }
        )
    if plan.neutral_first:
        said.append(_("First a neutral message that hides who writes."))
    return said


def consents(case: Case) -> list[str]:
    """Return what the person agreed to, as sentences, the latest first."""
    said = []
    for one in Consent.objects.filter(case=case):
        parts = {
            "share": str(words.SHARES[one.share]),
            "when": _when(one.given_at),
            "language": words.language(one.language),
        }
        said.append(_("%(share)s, %(when)s, asked in %(language)s") % parts)
        if one.withdrawn_at:
            said.append(_("Taken back %(when)s") % {"when": _when(one.withdrawn_at)})
    return said


def referrals(case: Case) -> list[dict[str, Any]]:
    """Return the case's referrals as sentences."""
    return [
        {
            "text": f"{one.to_organisation.name}: {REFERRAL_STATES[one.state]}, "
            f"{_when(one.answered_at or one.asked_at)}",
            "open": one.state == ReferralState.ASKED,
        }
        for one in Referral.objects.filter(case=case).select_related("to_organisation")
    ]


def history(member: Membership, case: Case) -> list[dict[str, Any]]:
    """Return the same person's other cases with this organisation, the latest first."""
    others = access.visible(member).filter(contact=case.contact_id).exclude(pk=case.pk)
    return [
        {
            "public_id": one.public_id,
            "opened_at": one.opened_at,
            "topic": words.topic(one.topic),
            "status": str(words.STATUSES[one.status]),
        }
        for one in others.order_by("-opened_at")[:10]
    ]


def shares() -> Sequence[tuple[str, Promise]]:
    """Return what may be shared, for a choice; the least that still helps stands first."""
    return [
        (share, words.SHARES[share])
        for share in (Share.SUMMARY, Share.CONVERSATION, Share.QUESTION)
    ]


def _when(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
