"""Whose case it is: taking one, giving one to a colleague."""

from console.cases.access import change, in_hand, require_trained, require_unresolved
from console.cases.errors import NotAllowed, Taken
from console.cases.events import publish
from console.cases.lines import audit, say
from console.models import Case, Membership, Role


def claim(member: Membership, case: Case) -> Case:
    """Take a case that nobody has. Of two who try, one wins; the other gets Taken.

    Nothing happens when it is the member's already. Raises NotAllowed, CaseClosed.
    """
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    require_trained(member, fresh)
    if fresh.assignee_id == member.pk:
        return fresh
    if fresh.assignee_id is not None:
        raise Taken
    change(fresh, assignee=member)
    say(fresh, "claimed", member)
    audit(member, "claimed", fresh)
    publish(fresh.organisation_id, fresh.public_id, "changed")
    return fresh


def assign(member: Membership, case: Case, to: Membership | None, note: str = "") -> Case:
    """Give the case to a colleague, or to nobody. `note` is for them, in the case.

    Raises NotAllowed when the colleague cannot have it, CaseClosed.
    """
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    if to is not None:
        colleague = to.active and to.organisation_id == member.organisation_id
        if not colleague or to.role == Role.ANALYST:
            raise NotAllowed
        require_trained(to, fresh)
    change(fresh, assignee=to)
    if to is None:
        say(fresh, "unassigned", member, note=note)
    else:
        say(fresh, "assigned", member, to=to.name, note=note)
    audit(member, "assigned", fresh, to=to.pk if to else None)
    publish(fresh.organisation_id, fresh.public_id, "changed")
    return fresh
