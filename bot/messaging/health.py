"""Whether every part of the service answers, for /healthz and the supervisor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from bot.messaging.incidents import open_incidents
from bot.settings.environment import environment

# Seconds without a heartbeat after which a worker counts as gone (it beats every 2).
WORKER_SILENCE = 10
TIMEOUT = 2.0


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _worker() -> bool:
    since = timezone.now() - timedelta(seconds=WORKER_SILENCE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s", [since]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _redis() -> bool:
    with redis.Redis.from_url(environment().redis_url, socket_timeout=TIMEOUT) as state:
        return bool(state.ping())


def _rasa() -> bool:
    answer = httpx.get(f"{environment().rasa_url}/", timeout=TIMEOUT, trust_env=False)
    return answer.status_code == 200


def _actions() -> bool:
    url = f"{environment().actions_url}/health"
    return httpx.get(url, timeout=TIMEOUT, trust_env=False).status_code == 200


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "rasa": _rasa,
    "actions": _actions,
    "worker": _worker,
}


def healthz(request: HttpRequest) -> JsonResponse:
    """Return {"status": "ok"|"failing", "parts": {name: bool}, "incidents": [...]}, 200 or 503.

    Incidents do not make it fail: a provider that refuses us is not mended by a restart.
    """
    parts = {name: _holds(check) for name, check in CHECKS.items()}
    healthy = all(parts.values())
    return JsonResponse(
        {
            "status": "ok" if healthy else "failing",
            "parts": parts,
            "incidents": _incidents() if parts["database"] else [],
        },
        status=200 if healthy else 503,
    )


def _incidents() -> list[dict[str, Any]]:
    try:
        return [
            {
                "kind": one.kind,
                "channel": one.channel,
                "sender": one.sender,
                "code": one.code,
                "count": one.count,
                "since": one.opened_at.isoformat(timespec="seconds"),
                "last": one.last_at.isoformat(timespec="seconds"),
            }
            for one in open_incidents()
        ]
    except DatabaseError:
        return []


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, redis.RedisError, httpx.HTTPError):
        return False
