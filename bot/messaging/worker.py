"""The worker: threads that take jobs from procrastinate's tables, do them and put them away.

The tables, the order within a conversation (`lock`) and what wakes us are procrastinate's; the
loop is ours, because procrastinate's own stops or forgets a job when PostgreSQL goes away in the
wrong moment (docs/decisions/0011-nothing-lost.md). This one survives that: whatever fails, it
connects anew and goes on, and it never leaves a job behind that it no longer works on.
"""

import asyncio
import inspect
import json
import logging
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import DatabaseError, IntegrityError, InterfaceError, connection
from procrastinate import App, JobContext, sql
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask
from psycopg.types.json import Jsonb

log = logging.getLogger(__name__)

# Seconds. A worker that neither holds its session lock nor has given a sign of life for SILENCE is
# dead; others look every LOOK_EVERY. So a dead worker's jobs are taken over within some 7 s. Where
# its machine is gone the lock may stay: then GONE decides.
HEARTBEAT, SILENCE, LOOK_EVERY, GONE = 2.0, 5.0, 1.0, 60.0
# After a pause of the database everybody's last sign of life is old: first let them come back.
SETTLE = 5.0
PAUSE = 0.5
# The first key of the advisory locks by which workers show that they live; any number of our own.
LIVING = 4_861_753
_STALLED = """
SELECT job.id, job.worker_id FROM procrastinate_jobs AS job
LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (
    worker.id IS NULL
    OR worker.last_heartbeat < now() - make_interval(secs => %(gone)s)
    OR (worker.last_heartbeat < now() - make_interval(secs => %(silence)s)
        AND NOT EXISTS (
            SELECT 1 FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2
              AND classid::bigint = %(living)s AND objid::bigint = worker.id
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        ))
    OR (worker.id = %(mine)s AND NOT job.id = ANY(%(running)s))
)
"""
# Only if it is still with that worker: two living ones may look at the same time.
_TAKE_OVER = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL
WHERE id = %s AND status = 'doing' AND worker_id IS NOT DISTINCT FROM %s
"""
# A job and the worker that has it.
_Held = tuple[int, int | None]
_AWAY = (DatabaseError, InterfaceError, psycopg.Error, ProcrastinateException, OSError)


class Worker:
    """Runs jobs in `concurrency` threads until `stop` is called."""

    def __init__(self, app: App, concurrency: int) -> None:
        self._app = app
        self._concurrency = concurrency
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._heard = 0  # how often there was news of work
        self._running: set[int] = set()
        self._id = 0

    def stop(self) -> None:
        """Take no new job; those under way are finished."""
        self._stopping.set()
        with self._news:
            self._heard += 1
            self._news.notify_all()

    def run(self, grace: float) -> None:
        """Work until `stop`; then give running jobs `grace` seconds. Others take over the rest."""
        self._app.perform_import_paths()
        self._until_done(self._register)
        threads = [
            threading.Thread(target=self._take_jobs, name=f"jobs-{number}", daemon=True)
            for number in range(self._concurrency)
        ]
        keepers = [
            threading.Thread(target=self._forever, args=(work,), name=work.__name__, daemon=True)
            for work in (self._listen, self._defer_periodic, self._keep)
        ]
        for thread in (*threads, *keepers):
            thread.start()
        self._stopping.wait()
        end = time.monotonic() + grace
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        if not any(thread.is_alive() for thread in threads):
            self._unregister()

    # Jobs

    def _take_jobs(self) -> None:
        while not self._stopping.is_set():
            heard = self._heard
            try:
                job = self._fetch()
            except _AWAY as error:
                self._lost_database(error)
                continue
            if job is None:
                self._wait_for_news(heard)
            else:
                self._finish(job, self._do(job))

    def _wait_for_news(self, heard: int) -> None:
        """Sleep until one thread is needed, unless there was news since `heard`."""
        with self._news:
            if self._heard == heard:
                self._news.wait()

    def _wake_one(self) -> None:
        with self._news:
            self._heard += 1
            self._news.notify()

    def _fetch(self) -> Job | None:
        """Take the next job, None when there is none to do now."""
        with connection.cursor() as cursor:
            cursor.execute(sql.queries["fetch_job"], {"queues": None, "worker_id": self._id})
            names = [column.name for column in cursor.description]
            row = dict(zip(names, cursor.fetchone(), strict=True))
        if row["id"] is None:
            return None
        with self._lock:
            self._running.add(row["id"])
        # Django leaves jsonb as it comes.
        return Job.from_row({**row, "args": json.loads(row["args"])})

    def _do(self, job: Job) -> BaseException | None:
        """Run the task; return what it raised."""
        try:
            task = self._app.tasks[job.task_name]
            context = JobContext(
                app=self._app, job=job, abort_reason=lambda: None, start_timestamp=time.time()
            )
            first = [context] if task.pass_context else []
            result = task.func(*first, **job.task_kwargs)
            if inspect.isawaitable(result):
                asyncio.run(_awaited(result))
        except Exception as error:  # noqa: BLE001 - whatever a job raises decides over its next try
            return error
        return None

    def _finish(self, job: Job, error: BaseException | None) -> None:
        """Put the job away, however long the database is gone meanwhile."""
        self._until_done(self._ending(job, error))
        with self._lock:
            self._running.discard(int(job.id or 0))

    def _ending(self, job: Job, error: BaseException | None) -> Callable[[], None]:
        if error is None:
            return lambda: _execute(
                sql.queries["finish_job"],
                {"job_id": job.id, "status": "succeeded", "delete_job": True},
            )
        task = self._app.tasks.get(job.task_name)
        again = task.get_retry_exception(exception=error, job=job) if task else None
        if again is None:
            log.error("job %s (%s) failed: %s", job.id, job.task_name, _what(error))
            return lambda: _execute(
                sql.queries["finish_job"],
                {"job_id": job.id, "status": "failed", "delete_job": False},
            )
        log.info("job %s is tried again: %s", job.id, _what(error))
        when = again.retry_decision.retry_at
        return lambda: _retry(job.id, when)

    # The database

    def _until_done(self, work: Callable[[], None]) -> None:
        """Do `work` on the database, again and again while that is away."""
        while True:
            try:
                work()
            except _AWAY as error:
                if _no_such_job(error):  # done by the try whose answer was lost
                    return
                self._lost_database(error)
            else:
                return

    def _lost_database(self, error: BaseException) -> None:
        log.warning("the database is away: %s", type(error).__name__)
        connection.close()
        time.sleep(PAUSE)

    def _register(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.queries["register_worker"])
            self._id = int(cursor.fetchone()[0])

    def _unregister(self) -> None:
        try:
            _execute(sql.queries["unregister_worker"], {"worker_id": self._id})
        except _AWAY:
            log.info("the database is away; others will see that this worker has ended")

    # What keeps the worker alive and awake

    def _forever(self, work: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                work()
            except _AWAY as error:
                self._lost_database(error)

    def _listen(self) -> None:
        """Hold the lock that shows we live, and wake a thread for each new job."""
        with psycopg.connect(**connector_params(), autocommit=True) as session:
            session.execute("SELECT pg_advisory_lock(%s, %s)", [LIVING, self._id])
            session.execute("LISTEN procrastinate_any_queue_v1")
            while not self._stopping.is_set():
                for _ in session.notifies(timeout=LOOK_EVERY):
                    self._wake_one()

    def _defer_periodic(self) -> None:
        """Store the jobs of periodic tasks when they are due; of many workers one does.

        Starts anew after a failure, and then finds what was due in the last ten minutes.
        """
        due = PeriodicDeferrer(registry=self._app.periodic_registry)
        while not self._stopping.is_set():
            for periodic, timestamp in due.get_previous_tasks(at=time.time()):
                self._defer(periodic, timestamp)
            self._stopping.wait(LOOK_EVERY)

    def _defer(self, periodic: PeriodicTask[Any, Any, Any], timestamp: int) -> None:
        options = dict(periodic.configure_kwargs)
        arguments = {**(options.pop("task_kwargs", None) or {}), "timestamp": timestamp}
        job = periodic.task.configure(**options).job
        try:
            _execute(
                sql.queries["defer_periodic_job"],
                {
                    "task_name": job.task_name,
                    "defer_timestamp": timestamp,
                    "periodic_id": periodic.periodic_id,
                    "queue": job.queue,
                    "priority": job.priority,
                    "lock": job.lock,
                    "queueing_lock": job.queueing_lock,
                    "args": Jsonb(arguments),
                },
            )
        except IntegrityError:
            log.debug("%s still waits in the queue", job.task_name)

    def _keep(self) -> None:
        """Give signs of life, take over from the dead, and look for jobs whose time has come."""
        since = time.monotonic()
        beaten = 0.0
        orphans: set[_Held] = set()
        while not self._stopping.is_set():
            if time.monotonic() - beaten >= HEARTBEAT:
                self._beat()
                beaten = time.monotonic()
            if time.monotonic() - since >= SETTLE:
                orphans = self._take_over(orphans)
            self._wake_one()
            self._stopping.wait(LOOK_EVERY)

    def _beat(self) -> None:
        """Show that we live, also when somebody has taken our row away."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %s", [self._id]
            )
            if not cursor.rowcount:
                cursor.execute(
                    "INSERT INTO procrastinate_workers (id) OVERRIDING SYSTEM VALUE VALUES (%s)",
                    [self._id],
                )

    def _take_over(self, seen: set[_Held]) -> set[_Held]:
        """Put jobs back whose worker is dead, and ours that we lost hold of, seen twice in a row.

        The second look lets a job pass that was fetched or put away in this very moment.
        """
        with self._lock:
            running = list(self._running)
        looked_for: dict[str, Any] = {
            "silence": SILENCE,
            "gone": GONE,
            "living": LIVING,
            "mine": self._id,
            "running": running,
        }
        with connection.cursor() as cursor:
            cursor.execute(_STALLED, looked_for)
            stalled = set(cursor.fetchall())
            for job_id, worker_id in stalled & seen:
                log.warning("job %s is taken over from a worker that is gone", job_id)
                cursor.execute(_TAKE_OVER, [job_id, worker_id])
                self._wake_one()
        return stalled - seen


async def _awaited(result: Any) -> None:
    await result


def _execute(query: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def _retry(job_id: int | None, when: Any) -> None:
    """Put a running job back. `when` None: now."""
    _execute(
        sql.queries["retry_job"],
        {
            "job_id": job_id,
            "retry_at": when,
            "new_priority": None,
            "new_queue_name": None,
            "new_lock": None,
        },
    )


def _what(error: BaseException) -> str:
    """Return what broke and where, without the exception's words: they may hold a person's."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {where.filename.rpartition('/')[2]}:{where.lineno}"


def _no_such_job(error: BaseException) -> bool:
    """Tell whether procrastinate's function says that the job was already put away."""
    cause = error.__cause__ or error
    return isinstance(cause, psycopg.errors.RaiseException) and "Job was not found" in str(cause)
