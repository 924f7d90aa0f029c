"""In which organisation somebody works right now."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from console.models import Membership

SESSION_KEY = "membership"


class MembershipMiddleware:
    """Sets `request.memberships` (the active ones) and `request.membership` (the one in use).

    Both are read here, as the owner of the tables: behind the walls accounts cannot be read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, knowing who asks for which organisation."""
        request.memberships = []  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        if request.path.startswith("/console/") and request.user.is_authenticated:
            mine = memberships_of(request.user.pk)
            chosen = request.session.get(SESSION_KEY)
            request.memberships = mine  # type: ignore[attr-defined]
            request.membership = next(  # type: ignore[attr-defined]
                (one for one in mine if one.pk == chosen), mine[0] if mine else None
            )
        return self._get_response(request)


def memberships_of(user_id: int) -> list[Membership]:
    """Return the active memberships of an account in active organisations."""
    return list(
        Membership.objects.select_related("organisation")
        .filter(user_id=user_id, active=True, organisation__active=True)
        .order_by("organisation__name")
    )


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's organisations from now on."""
    wanted = request.POST.get("membership", "")
    for membership in request.memberships:  # type: ignore[attr-defined]
        if str(membership.pk) == wanted:
            request.session[SESSION_KEY] = membership.pk
            return HttpResponseRedirect(reverse("inbox"))
    raise Http404
