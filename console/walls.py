"""The walls between organisations, kept by the database (docs/decisions/0012-handover.md).

What a request of the console reads and writes happens inside `within(member)`: one transaction
under the role haki_console, which row-level security binds to the member's organisation. A
forgotten filter then finds nothing, and addresses, message texts and code words cannot be read at
all. Workers and the bot do not come here; they own the tables.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from console.models import Membership

ROLE = "haki_console"
_inside: ContextVar[Membership | None] = ContextVar("haki_member", default=None)


class AlreadyInside(Exception):
    """A transaction belongs to one member; it cannot be entered for another."""


@contextmanager
def within(member: Membership) -> Iterator[None]:
    """Run what follows as `member`: one transaction that sees their organisation only.

    Everything is undone when an exception leaves it. Raises PermissionDenied for a member who is
    no longer active, AlreadyInside when entered for a second member.
    """
    present = _inside.get()
    if present is not None:
        if present.pk != member.pk:
            raise AlreadyInside
        yield
        return
    if not (member.active and member.organisation.active):
        raise PermissionDenied
    token = _inside.set(member)
    try:
        with transaction.atomic():
            _enter(member)
            yield
            # Nested in another transaction (tests), the role would outlive this block.
            _leave()
    finally:
        _inside.reset(token)


def _enter(member: Membership) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('haki.organisation', %s, true), set_config('haki.member', %s, true),"
            " set_config('haki.role', %s, true), set_config('role', %s, true)",
            [str(member.organisation_id), str(member.pk), member.role, ROLE],
        )


def _leave() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', 'none', true), set_config('haki.organisation', '', true),"
            " set_config('haki.member', '', true), set_config('haki.role', '', true)"
        )


@contextmanager
def as_owner() -> Iterator[None]:
    """Step outside the walls inside `within`, in the same transaction, and back again.

    Only for what is no case data: handing a job with ids to the worker. Nothing when not inside.
    """
    member = _inside.get()
    if member is None:
        yield
        return
    _leave()
    yield
    # After an exception the transaction is lost, and the role with it.
    _enter(member)


def walled(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a view within the walls of `request.membership`; 403 without one.

    A template response is rendered inside, so that what its template reads is bound as well.
    """

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = getattr(request, "membership", None)
        if member is None:
            raise PermissionDenied
        with within(member):
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response

    return inside
