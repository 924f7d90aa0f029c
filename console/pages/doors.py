"""Who may open a page, decided in one place before its view runs."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from console import walls
from console.cases import errors
from console.models import Membership, Role

READERS = tuple(Role)
WORKERS = (Role.COORDINATOR, Role.CASE_WORKER)
COORDINATORS = (Role.COORDINATOR,)

Page = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request that came through a door: who asks is known."""

    membership: Membership
    memberships: list[Membership]


def _has_membership(request: HttpRequest) -> bool:
    return getattr(request, "membership", None) is not None


def page(
    roles: Sequence[Role] = READERS, methods: Sequence[str] = ("GET",)
) -> Callable[[Page], Page]:
    """Let members of `roles` in, and run the view within the walls of their organisation.

    Anonymous: to sign-in. Without an organisation: a page that says so, 403. Another role: 403.
    What is another organisation's does not exist: 404. A service's refusal of an action becomes a
    sentence on the page that the person came from.
    """

    def decorate(view: Page) -> Page:
        @require_http_methods(list(methods))
        @wraps(view)
        def opened(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not _has_membership(request):
                return render(request, "console/no_organisation.html", status=403)
            if request.membership.role not in roles:
                raise PermissionDenied
            try:
                zone = ZoneInfo(request.membership.organisation.zone)
                with timezone.override(zone), walls.within(request.membership):
                    return view(request, *args, **kwargs)
            except errors.NoSuchCase as error:
                raise Http404 from error
            except errors.NotAllowed as error:
                raise PermissionDenied from error
            except errors.CaseError as error:
                messages.error(request, sentence(error))
                return HttpResponseRedirect(_back(request))

        return opened

    return decorate


def sentence(error: errors.CaseError) -> str:
    """Return what to tell a person about a service's refusal."""
    if isinstance(error, errors.Taken):
        return _("Somebody was quicker: this case has changed. Nothing was done.")
    if isinstance(error, errors.CaseClosed):
        return _("This case is resolved. Reopen it first.")
    if isinstance(error, errors.NotConsented):
        return _("The person has not agreed to this.")
    if isinstance(error, errors.Empty):
        return _("There is nothing in it.")
    if isinstance(error, errors.WrongTime):
        return _("Choose a time in the next 90 days.")
    if isinstance(error, errors.TooLong):
        return _("This is too long to be sent.")
    return _("That was not possible.")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send an anonymous person to sign in and back again; htmx leaves the page for it."""
    if request.headers.get("HX-Request"):
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or reverse("inbox")
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = f"{settings.LOGIN_URL}?{urlencode({'next': here})}"
        return answer
    here = request.get_full_path() if request.method == "GET" else reverse("inbox")
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': here})}")


def _back(request: HttpRequest) -> str:
    """Return the page an action came from: only its path, so it is always one of ours."""
    return urlsplit(request.headers.get("Referer", "")).path or reverse("inbox")
