"""The console's pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from console.waiting import waiting_people


@require_GET
@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    """Show who asked for a person, the urgent first, then the longest waiting."""
    return render(request, "console/wishes.html", {"people": waiting_people()})
