"""What the console stores: organisations and their people, cases, consent, the audit."""

from console.models.audit import AuditLine
from console.models.cases import Case, CaseEntry, EntryKind, Sending, Share, Status, Urgency
from console.models.organisations import Invitation, Membership, Organisation, Role, Target
from console.models.persons import (
    Consent,
    Person,
    Precautions,
    Referral,
    ReferralState,
    SafetyPlan,
    UnmetNeed,
)
from console.models.preferences import Preference
from console.models.writing import CannedReply, Draft

__all__ = [
    "AuditLine",
    "CannedReply",
    "Case",
    "CaseEntry",
    "Consent",
    "Draft",
    "EntryKind",
    "Invitation",
    "Membership",
    "Organisation",
    "Person",
    "Precautions",
    "Preference",
    "Referral",
    "ReferralState",
    "Role",
    "SafetyPlan",
    "Sending",
    "Share",
    "Status",
    "Target",
    "UnmetNeed",
    "Urgency",
]
