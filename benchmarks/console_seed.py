"""Made-up cases and messages for benchmarks.console, the same at every run."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from bot.library.model import LANGUAGES
from bot.messaging.models import Contact, Direction, Message, State
from console.demonstration import email_of, make_demonstration
from console.models import (
    AuditLine,
    Case,
    CaseEntry,
    EntryKind,
    Membership,
    Organisation,
    Sending,
    Share,
    Status,
    Urgency,
)

SEED = 20261123
BATCH = 5000
STATUSES = (Status.OPEN, Status.PENDING, Status.SNOOZED, Status.RESOLVED)
TOPICS = ("wages", "documents", "contract", "detention", "health", "housing")
WORDS = ("boss", "passport", "salary", "agency", "contract", "room", "police", "doctor", "union")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Page = tuple[str, str, dict[str, str] | None]


@dataclass(frozen=True)
class Seeded:
    """A signed-in client and the pages to ask for."""

    client: Client
    pages: list[Page]


def seed(cases: int, messages: int) -> Seeded:
    """Fill the database, and return who asks for which pages."""
    make_demonstration(uuid.uuid4().hex)
    north = Organisation.objects.get(slug="demo-north")
    members = list(Membership.objects.filter(organisation=north).exclude(role="analyst"))
    chance = random.Random(SEED)  # noqa: S311 - made-up data, the same at every run
    made = _cases(north, members, cases, chance)
    _entries(north, members, made, messages, chance)
    AuditLine.objects.bulk_create(
        [
            AuditLine(organisation=north, member=members[0], what="viewed", case=one.public_id)
            for one in made
        ],
        batch_size=BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    user = User.objects.get(email=email_of("north", "coordinator"))
    client.force_login(user, backend=BACKEND)
    return Seeded(client, _pages(made))


def _cases(
    north: Organisation, members: list[Membership], number: int, chance: random.Random
) -> list[Case]:
    now = timezone.now()
    contacts = [
        Contact(
            id=uuid.UUID(int=chance.getrandbits(128)),
            channel=chance.choice(("sms", "whatsapp", "telegram")),
            address_hash=f"{place:064d}",
            address="+15005550100",
            language=chance.choice(LANGUAGES),
            country="MYS",
        )
        for place in range(number)
    ]
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    return Case.objects.bulk_create(
        [_case(north, members, contact, now, chance) for contact in contacts], batch_size=BATCH
    )


def _case(
    north: Organisation,
    members: list[Membership],
    contact: Contact,
    now: datetime,
    chance: random.Random,
) -> Case:
    status = chance.choices(STATUSES, weights=(20, 15, 5, 60))[0]
    opened = now - timedelta(minutes=chance.randrange(60 * 24 * 60))
    return Case(
        contact=contact,
        organisation=north,
        assignee=chance.choice((*members, None)),
        status=status,
        urgency=chance.choices(list(Urgency), weights=(2, 10, 88))[0],
        topic=chance.choice(TOPICS),
        country="MYS",
        origin="NPL",
        stage="at_destination",
        language=contact.language,
        channel=contact.channel,
        share=Share.CONVERSATION,
        routing={"key": "country", "params": {"country": "MYS"}},
        opened_at=opened,
        first_reply_due=opened + timedelta(hours=4),
        waiting_since=opened if status == Status.OPEN else None,
        last_entry_at=opened,
        snoozed_until=now + timedelta(days=1) if status == Status.SNOOZED else None,
        resolved_at=opened if status == Status.RESOLVED else None,
    )


def _entries(
    north: Organisation,
    members: list[Membership],
    cases: list[Case],
    number: int,
    chance: random.Random,
) -> None:
    """One case is long: 500 messages. The others share the rest."""
    places = [cases[0]] * 500 + [cases[chance.randrange(len(cases))] for _ in range(number - 500)]
    numbers = count()
    for first in range(0, len(places), BATCH):
        batch = places[first : first + BATCH]
        ours = [chance.random() < 0.5 for _ in batch]
        texts = [" ".join(chance.choices(WORDS, k=12)) for _ in batch]
        messages = Message.objects.bulk_create(
            [
                Message(
                    contact_id=case.contact_id,
                    channel=case.channel,
                    direction=Direction.OUTBOUND if our else Direction.INBOUND,
                    provider_id=f"seed:{next(numbers)}",
                    kind="case_reply" if our else "text",
                    text=text,
                    state=State.DELIVERED if our else State.ANSWERED,
                )
                for case, our, text in zip(batch, ours, texts, strict=True)
            ]
        )
        CaseEntry.objects.bulk_create(
            [
                CaseEntry(
                    case=case,
                    organisation=north,
                    kind=EntryKind.REPLY if our else EntryKind.INBOUND,
                    said_by_person=not our,
                    author=members[0] if our else None,
                    text=text,
                    message=message,
                    sending=Sending.HANDED_OVER if our else Sending.NONE,
                )
                for case, our, text, message in zip(batch, ours, texts, messages, strict=True)
            ]
        )


def _pages(cases: list[Case]) -> list[Page]:
    usual = next(case for case in cases[1:] if case.status == Status.OPEN)
    one, long = f"/console/cases/{usual.public_id}/", f"/console/cases/{cases[0].public_id}/"
    shown = f"/console/folders/open/news/?shown={usual.public_id}"
    return [
        ("all open", "/console/", None),
        ("mine", "/console/folders/mine/", None),
        ("resolved", "/console/folders/resolved/", None),
        ("next page of open", f"/console/folders/open/?before={usual.public_id}", None),
        ("counts of the folders", "/console/folders/open/counts/", None),
        ("what is new", shown, None),
        ("a row", f"{one}row/", None),
        ("a case of about 20 messages", one, None),
        ("a case of 500 messages", long, None),
        ("its messages only", f"{one}entries/", None),
        ("counting a text", f"{one}preview/", {"text": "Thank you, we read this."}),
        ("keeping a draft", f"{one}draft/", {"text": "Thank you", "as": "reply"}),
        ("cards for a case", f"{one}cards/", None),
        ("cards by words", f"{one}cards/?card_words=passport", None),
        ("search by a word in texts", "/console/search/?q=passport+union", None),
        ("search by topic", "/console/search/?q=detention", None),
        ("search without a hit", "/console/search/?q=zebra", None),
        ("organisation", "/console/organisation/", None),
        ("audit", "/console/audit/", None),
        ("incidents", "/console/incidents/", None),
    ]
