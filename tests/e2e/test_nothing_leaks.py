"""After conversations on all channels, neither database nor logs hold a number or a text."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import redis

from bot.processes import waiting
from bot.processes.stack import Stack
from tests.e2e.conftest import TestPhone

pytestmark = pytest.mark.stack

PEOPLE = [
    ("sms", "+60100000201", "my agent Ramesh took 9000 ringgit from me"),
    ("whatsapp", "+60100000202", "the landlord Suresh threw us out in Klang"),
    ("telegram", "700000203", "they keep my daughter Anita in a room in Ipoh"),
]
HANDED_OVER = "+60100000204"
# From the wish for a person to the open case: who, what may be seen, name, hours, care, consent.
ANSWERS = ("1", "Bikramjeet", "1", "3", "mangowadi", "1")
SECRETS = [
    "60100000201", "60100000202", "700000203", "Ramesh", "Suresh", "Anita", "9000 ringgit",
    "60100000204", "Bikramjeet", "mangowadi", "Fernandez",
]  # fmt: skip


@pytest.fixture(scope="module")
def conversations(stack: Stack) -> None:
    stack.command("demo_people", HAKI_DEMO_PASSWORD=stack.credentials.sign_in)
    for channel, address, text in PEOPLE:
        mine = TestPhone(stack, channel, address)
        mine.send(text=text, answers=1)
        mine.send(text="HUMAN", answers=1)
        mine.send(kind="voice") if channel != "sms" else None
    handed_over = TestPhone(stack, "sms", HANDED_OVER)
    handed_over.send(text="my boss Fernandez does not pay me, i am in malaysia", answers=2)
    # A worker that looked for organisations before there were any looks again within 30 s.
    assert waiting.until(lambda: _offered(handed_over), 60, every=5)
    for answer in ANSWERS:
        (*_, last) = handed_over.send(text=answer, answers=2 if answer == "mangowadi" else 1)
    assert handed_over.stored(last).kind == "case_opened", last["text"]
    handed_over.send(text="Fernandez says next month again", answers=0)


def _offered(phone: TestPhone) -> bool:
    (answer,) = phone.send(text="HUMAN")
    return "Demo organisation" in str(answer["text"])


def _needles() -> list[str]:
    return [*SECRETS, *(secret.encode().hex() for secret in SECRETS)]


@pytest.mark.usefixtures("conversations")
def test_a_dump_of_the_database_holds_no_number_and_no_text(stack: Stack) -> None:
    with psycopg.connect(stack.environment["HAKI_DATABASE_URL"]) as database:
        tables = database.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE'"
        ).fetchall()
        dump = {
            name: "\n".join(
                row[0]
                for row in database.execute(f'SELECT t::text FROM "{name}" t').fetchall()  # noqa: S608
            )
            for (name,) in tables
        }

    assert "messaging_message" in dump
    assert dump["messaging_message"]
    found = [
        (name, needle) for name, text in dump.items() for needle in _needles() if needle in text
    ]
    assert found == []


@pytest.mark.usefixtures("conversations")
def test_no_log_line_holds_a_number_or_a_text(stack: Stack) -> None:
    logs = {path.name: path.read_text(errors="replace") for path in stack.state.logs.iterdir()}

    found = [
        (name, needle) for name, text in logs.items() for needle in _needles() if needle in text
    ]

    assert "worker.log" in logs
    assert found == []


@pytest.mark.usefixtures("conversations")
def test_the_conversation_state_in_redis_holds_no_text_and_ends(stack: Stack) -> None:
    with redis.Redis.from_url(stack.environment["HAKI_REDIS_URL"], decode_responses=True) as state:
        keys = list(state.scan_iter("haki:tracker:*"))
        values: Any = [str(state.get(key)) for key in keys]
        lives: Any = [state.ttl(key) for key in keys]

    assert keys
    assert all(0 < life <= 172800 for life in lives)
    assert [secret for secret in SECRETS if any(secret in value for value in values)] == []


def test_the_needles_would_be_found(stack: Stack, phone: Callable[[str, str], Any]) -> None:
    """The search itself works: what stands open in the database is found by it."""
    phone("sms", "+60100000209").send(text="hello")

    with psycopg.connect(stack.environment["HAKI_DATABASE_URL"]) as database:
        rows = database.execute("SELECT t::text FROM messaging_contact t").fetchall()

    assert any("sms" in row[0] for row in rows)
