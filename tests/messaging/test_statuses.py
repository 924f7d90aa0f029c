"""Status callbacks move a message forwards only."""

import itertools

import pytest

from bot.channels.twilio.inbound import Status
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.statuses import apply_status
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db

SID = "SM" + "c" * 32


@pytest.fixture
def sent(write: Write) -> Message:
    inbound = write()
    return Message.objects.create(
        contact=inbound.contact,
        channel="sms",
        direction=Direction.OUTBOUND,
        kind="card",
        text="x",
        details={"options": [], "style": "plain", "list_label": ""},
        state=State.SENT,
        provider_id=SID,
    )


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read"])))
def test_in_any_order_the_furthest_state_stays(sent: Message, order: tuple[str, ...]) -> None:
    for status in order:
        assert apply_status(sent.pk, Status(SID, status, ""))

    sent.refresh_from_db()
    assert sent.state == State.READ


def test_a_lost_answer_is_repaired_by_our_own_id_in_the_callback(sent: Message) -> None:
    Message.objects.filter(pk=sent.pk).update(provider_id=None, state=State.SENDING)

    assert apply_status(sent.pk, Status(SID, "delivered", ""))

    sent.refresh_from_db()
    assert (sent.provider_id, sent.state) == (SID, State.DELIVERED)


def test_a_failure_keeps_the_providers_code(sent: Message) -> None:
    apply_status(None, Status(SID, "undelivered", "30008"))

    sent.refresh_from_db()
    assert (sent.state, sent.error_code) == (State.FAILED, "30008")


@pytest.mark.parametrize(
    ("code", "field"), [("21610", "opted_out_at"), ("30005", "unreachable_at")]
)
def test_what_a_code_says_of_the_person_is_kept(sent: Message, code: str, field: str) -> None:
    apply_status(None, Status(SID, "failed", code))

    assert getattr(Contact.objects.get(pk=sent.contact_id), field) is not None


def test_a_status_for_an_unknown_message_changes_nothing(sent: Message) -> None:
    assert not apply_status(None, Status("SM" + "d" * 32, "delivered", ""))
