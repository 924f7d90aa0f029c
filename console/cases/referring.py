"""Asking a person whether another organisation may take over."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from console import walls
from console.cases.access import in_hand, require_trained, require_unresolved
from console.cases.errors import NotAllowed, Taken
from console.cases.events import publish
from console.cases.lines import audit, say
from console.models import (
    Case,
    Membership,
    Organisation,
    Referral,
    ReferralState,
    Sending,
    Share,
)
from console.tasks import send_soon


def partners(member: Membership) -> QuerySet[Organisation]:
    """Return the organisations that a case could go to."""
    return Organisation.objects.filter(active=True).exclude(pk=member.organisation_id)


def refer(
    member: Membership, case: Case, to: Organisation, share: Share = Share.SUMMARY
) -> Referral:
    """Ask the person, in their language, whether `to` may take over with what `share` names.

    Until they say yes nothing leaves this organisation. Raises Taken when a question is out
    already, NotAllowed, CaseClosed.
    """
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    require_trained(member, fresh)
    if to.pk == member.organisation_id or not to.active:
        raise NotAllowed
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                case=fresh,
                from_organisation_id=member.organisation_id,
                to_organisation=to,
                asked_by=member,
                share=share,
            )
    except IntegrityError as error:
        raise Taken from error
    question = say(fresh, "asked_referral", member, Sending.WAITING, to=to.name, share=share)
    with walls.as_owner():
        send_soon(fresh.contact_id, question.pk)
    audit(member, "referred", fresh, to=to.pk)
    publish(fresh.organisation_id, fresh.public_id, "changed")
    return referral


def cancel(member: Membership, referral: Referral) -> None:
    """Take the question back; a later yes to it does nothing. Raises Taken when answered."""
    case = in_hand(member, referral.case)
    mine = Referral.objects.filter(pk=referral.pk, state=ReferralState.ASKED)
    if not mine.update(state=ReferralState.LAPSED, answered_at=timezone.now()):
        raise Taken
    say(case, "referral_lapsed", member, to=referral.to_organisation.name)
    audit(member, "referral_cancelled", case)
    publish(case.organisation_id, case.public_id, "changed")
