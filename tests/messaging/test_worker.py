"""The worker's loop: takes over from the dead, survives its database, puts every job away."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app

from bot.channels.incoming import InboundKind
from bot.messaging import worker as worker_module
from bot.messaging.incidents import Incident
from bot.messaging.models import Message, State
from bot.messaging.worker import Worker
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Worker]]:
    """Return a function that starts a worker in threads of this process."""
    monkeypatch.setattr(worker_module, "SILENCE", 0.5)
    monkeypatch.setattr(worker_module, "SETTLE", 0.2)
    monkeypatch.setattr(worker_module, "LOOK_EVERY", 0.2)
    started: list[tuple[Worker, threading.Thread]] = []

    def start() -> Worker:
        worker = Worker(app, concurrency=2)
        thread = threading.Thread(target=worker.run, args=(5.0,))
        thread.start()
        started.append((worker, thread))
        return worker

    yield start
    for worker, thread in started:
        worker.stop()
        thread.join()
    time.sleep(0.5)
    connections.close_all()


def jobs() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, attempts FROM procrastinate_jobs"
            " WHERE task_name = 'haki.handle_message' ORDER BY id"
        )
        return [(str(status), int(attempts)) for status, attempts in cursor.fetchall()]


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_job_is_done_and_put_away(write: Write, run_worker: Callable[[], Worker]) -> None:
    message = write("", kind=InboundKind.VOICE)
    Message.objects.update(state=State.ANSWERED)

    run_worker()

    assert eventually(lambda: jobs() == []), message


def test_a_job_of_a_dead_worker_is_taken_over(
    write: Write, run_worker: Callable[[], Worker]
) -> None:
    write("hello")
    Message.objects.update(state=State.ANSWERED)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 minute') RETURNING id"
        )
        (dead,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])

    run_worker()

    assert eventually(lambda: jobs() == [])


def test_a_job_that_a_living_worker_lost_hold_of_is_found(
    write: Write, run_worker: Callable[[], Worker]
) -> None:
    worker = run_worker()
    assert eventually(lambda: worker._id > 0)
    write("hello")
    Message.objects.update(state=State.ANSWERED)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker._id]
        )

    assert eventually(lambda: jobs() == [])


def test_the_worker_goes_on_after_all_its_connections_were_cut(
    write: Write, run_worker: Callable[[], Worker]
) -> None:
    worker = run_worker()
    assert eventually(lambda: worker._id > 0)
    time.sleep(0.5)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 3

    write("", kind=InboundKind.VOICE)
    Message.objects.update(state=State.ANSWERED)

    assert eventually(lambda: jobs() == [])


def test_a_message_without_its_dialogue_stays_and_is_tried_again(
    write: Write, run_worker: Callable[[], Worker]
) -> None:
    message = write("boss took my passport")

    run_worker()

    assert eventually(lambda: bool(jobs()) and jobs()[0][1] >= 1)
    message.refresh_from_db()
    assert message.state == State.RECEIVED
    assert not Incident.objects.filter(kind="message_given_up").exists()
