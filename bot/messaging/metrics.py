"""Figures for Prometheus at /metrics, read from the database, so that all processes agree.

No label names a person: channels, states, kinds, error codes and our own numbers only.
"""

import hmac
import ipaddress
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.messaging.incidents import open_incidents
from bot.settings.environment import environment

# Seconds for which an answer is given again: counting reads the whole table of messages.
FRESH = 10.0
# The dialogue's latency is that of its latest answers.
LATEST = 500
_MESSAGES = """
SELECT channel, direction, state, kind, count(*), sum(uncertain_sends)
FROM messaging_message GROUP BY 1, 2, 3, 4
"""
_WAITING = """
SELECT direction, count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)
FROM messaging_message WHERE state IN ('received', 'queued', 'sending') GROUP BY 1
"""
_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"
_DIALOGUE = """
SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY dialogue_ms)
FROM (
    SELECT dialogue_ms FROM messaging_message WHERE dialogue_ms IS NOT NULL
    ORDER BY id DESC LIMIT %s
) AS latest
"""


class Figures(Collector):
    """What the database says now."""

    def collect(self) -> Iterator[Metric]:
        """Read everything; a handful of statements."""
        yield from _messages()
        yield from _waiting()
        yield _jobs()
        yield _dialogue()
        yield _incidents()


def _rows(query: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _messages() -> Iterator[Metric]:
    stored = GaugeMetricFamily(
        "haki_messages", "Stored messages.", labels=["channel", "direction", "state", "kind"]
    )
    uncertain = GaugeMetricFamily(
        "haki_uncertain_sends",
        "Messages sent again without knowing whether the first try had gone out.",
        labels=["channel"],
    )
    by_channel: dict[str, int] = {}
    for channel, direction, state, kind, count, again in _rows(_MESSAGES):
        stored.add_metric([channel, direction, state, kind], count)
        by_channel[channel] = by_channel.get(channel, 0) + int(again)
    for channel, count in by_channel.items():
        uncertain.add_metric([channel], count)
    yield stored
    yield uncertain


def _waiting() -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "haki_waiting_messages", "Messages not yet answered or sent.", labels=["direction"]
    )
    age = GaugeMetricFamily(
        "haki_oldest_waiting_seconds", "Age of the oldest of them.", labels=["direction"]
    )
    found = {direction: (count, oldest) for direction, count, oldest in _rows(_WAITING)}
    for direction in ("in", "out"):
        count, oldest = found.get(direction, (0, 0))
        waiting.add_metric([direction], count)
        age.add_metric([direction], float(oldest))
    yield waiting
    yield age


def _jobs() -> Metric:
    jobs = GaugeMetricFamily("haki_jobs", "Jobs by status.", labels=["status"])
    found = {"todo": 0, "doing": 0, "failed": 0, **dict(_rows(_JOBS))}
    for status, count in found.items():
        jobs.add_metric([status], count)
    return jobs


def _dialogue() -> Metric:
    latency = GaugeMetricFamily(
        "haki_dialogue_seconds",
        f"How long the dialogue took over its latest {LATEST} answers.",
        labels=["quantile"],
    )
    ((values,),) = _rows(_DIALOGUE, [LATEST])
    for quantile, value in zip(("0.5", "0.95", "0.99"), values or (), strict=False):
        latency.add_metric([quantile], value / 1000)
    return latency


def _incidents() -> Metric:
    incidents = GaugeMetricFamily(
        "haki_incidents_open",
        "What goes wrong now; the value is how often it happened.",
        labels=["kind", "channel", "sender", "code"],
    )
    for one in open_incidents():
        incidents.add_metric([one.kind, one.channel, one.sender, one.code], one.count)
    return incidents


class _Page:
    """The latest answer, for whoever asks again at once."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(Figures())
        self._lock = threading.Lock()
        self._made = -FRESH
        self._text = b""

    def read(self) -> bytes:
        with self._lock:
            if time.monotonic() - self._made >= FRESH:
                self._text, self._made = generate_latest(self._registry), time.monotonic()
            return self._text


_page = _Page()


def metrics(request: HttpRequest) -> HttpResponse:
    """Serve the figures to this machine, or to whoever shows HAKI_METRICS_TOKEN."""
    if not _may_read(request):
        return HttpResponse("Not for you.\n", status=403, content_type="text/plain")
    return HttpResponse(_page.read(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """With a token set, only the token opens it: behind a proxy everybody comes from loopback."""
    token = environment().metrics_token
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if environment().mode == "production" or "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
