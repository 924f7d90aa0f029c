"""Two hands at the same moment, with real connections: one owner, nothing said twice or after."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction

from bot.channels.outgoing import Reply
from bot.messaging import outbox
from bot.messaging.floor import take_floor
from bot.messaging.models import Contact, Direction, Holder, Message, State
from console import walls
from console.cases import closing, errors, owning, writing
from console.handover import ending, sending
from console.models import Case, CaseEntry
from tests.cases.conftest import World, make_case, make_contact, make_member, make_world

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], Any]


@pytest.fixture
def open_world() -> World:
    return make_world()


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []

    def send(contact: Contact, bubble: Any, tokens: Any, message_id: int) -> str:
        shown.append(bubble.text)
        return f"SM{message_id:032d}"

    monkeypatch.setattr(outbox, "send", send)
    return shown


def at_once(*works: Work) -> list[Any]:
    """Run all of `works` at the same moment, each with its own connection; return what came."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Work) -> None:
        try:
            barrier.wait(10)
            results[place] = work()
        except Exception as error:  # noqa: BLE001 - what came is what the test looks at
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def within(member: Any, work: Work) -> Work:
    def inside() -> Any:
        with walls.within(member):
            return work()

    return inside


def test_of_many_who_claim_one_case_one_wins(open_world: World) -> None:
    members = [make_member(open_world.north) for _ in range(5)]

    results = at_once(*(within(m, partial(owning.claim, m, open_world.case)) for m in members))

    winners = [result for result in results if isinstance(result, Case)]
    assert len(winners) == 1
    assert sum(isinstance(result, errors.Taken) for result in results) == 4
    open_world.case.refresh_from_db()
    assert open_world.case.assignee_id == winners[0].assignee_id
    assert open_world.case.entries.filter(what="claimed").count() == 1


def test_an_answer_of_the_bot_is_not_said_once_a_worker_has_the_conversation(
    open_world: World,
) -> None:
    with walls.within(open_world.worker):
        closing.resolve(open_world.worker, open_world.case)
    question = _question(open_world.contact)
    assert question.contact.holder == Holder.BOT
    with walls.within(open_world.worker):
        closing.reopen(open_world.worker, open_world.case)

    with pytest.raises(outbox.HolderChanged):
        outbox.store_answer(question, [Reply("card", "the bot speaks", "en")])

    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()
    question.refresh_from_db()
    assert question.state == State.RECEIVED


def test_bot_and_worker_at_the_same_moment_never_both_speak(open_world: World) -> None:
    for _ in range(5):
        with walls.within(open_world.worker):
            closing.resolve(open_world.worker, open_world.case)
        Message.objects.filter(direction=Direction.OUTBOUND).delete()
        question = _question(Contact.objects.get(pk=open_world.contact.pk))

        bot, worker = at_once(
            partial(outbox.store_answer, question, [Reply("card", "the bot speaks", "en")]),
            within(open_world.worker, lambda: closing.reopen(open_world.worker, open_world.case)),
        )

        assert isinstance(worker, Case)
        assert isinstance(bot, (list, outbox.HolderChanged))
        open_world.contact.refresh_from_db()
        assert open_world.contact.holder == Holder.PARTNER


def test_nothing_is_said_after_withdrawal_whoever_comes_first(
    open_world: World, screen: list[str]
) -> None:
    for _ in range(5):
        contact, case = _fresh_case(open_world)
        with walls.within(open_world.worker):
            entry = writing.reply(open_world.worker, case, "We can write to him.")
        order: list[str] = []

        def withdraw(contact: Contact = contact, order: list[str] = order) -> None:
            with transaction.atomic():
                take_floor(contact.pk)
                ending.withdraw(contact, {})
            order.append("withdrawn")

        at_once(partial(sending.send, entry.pk), withdraw)

        entry.refresh_from_db()
        message = Message.objects.filter(contact=contact, direction=Direction.OUTBOUND).first()
        said = message is not None and message.state == State.SENT
        if entry.sending == "not_sent":
            assert not said
        assert (Contact.objects.get(pk=contact.pk).holder, order) == ("bot", ["withdrawn"])
        before = len(screen)
        sending.send(entry.pk)
        assert len(screen) == before


def test_a_reply_after_withdrawal_is_refused(open_world: World) -> None:
    with transaction.atomic():
        take_floor(open_world.contact.pk)
        ending.withdraw(open_world.contact, {})

    with walls.within(open_world.worker), pytest.raises(errors.CaseClosed):
        writing.reply(open_world.worker, open_world.case, "We can write to him.")
    assert not CaseEntry.objects.filter(kind="reply").exists()


def test_a_person_is_never_with_two_organisations(open_world: World) -> None:
    with walls.within(open_world.worker):
        closing.resolve(open_world.worker, open_world.case)

    def south() -> Case:
        with transaction.atomic():
            return make_case(open_world.south, open_world.contact)

    at_once(
        south,
        within(open_world.worker, lambda: closing.reopen(open_world.worker, open_world.case)),
    )

    assert Case.objects.exclude(status="resolved").count() == 1


def test_deadlocks_do_not_come_of_words_and_replies_at_once(open_world: World) -> None:
    contact = Contact.objects.get(pk=open_world.contact.pk)

    def words() -> None:
        message = _question(contact)
        effect = {"do": "case_words", "texts": ["again"], "message": message.pk, "danger": ""}
        outbox.store_answer(message, [], [effect])

    def reply() -> None:
        writing.reply(open_world.worker, open_world.case, "hello")

    works = [words, within(open_world.worker, reply)] * 3
    results = at_once(*works)

    assert results == [None] * len(works)
    said = [entry.text for entry in open_world.case.entries.filter(kind="inbound")]
    assert said.count("again") == 3


def _question(contact: Contact) -> Message:
    number = Message.objects.count() + threading.get_ident()
    return Message.objects.create(
        contact=Contact.objects.get(pk=contact.pk),
        channel=contact.channel,
        direction=Direction.INBOUND,
        kind="text",
        text="where is my passport",
        state=State.RECEIVED,
        provider_id=f"race:{number}",
    )


def _fresh_case(world: World) -> tuple[Contact, Case]:
    contact = make_contact()
    return contact, make_case(world.north, contact)


def test_the_races_run_on_real_connections() -> None:
    assert not connection.in_atomic_block
