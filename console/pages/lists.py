"""The folders, the list of a folder, the search, and what of them changes by itself."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from console.cases import access, finding
from console.models import Case
from console.pages.doors import READERS, Request, page
from console.pages.rows import row

FOLDERS = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "open": gettext_lazy("All open"),
    "urgent": gettext_lazy("Urgent"),
    "mentions": gettext_lazy("Mentions"),
    "pending": gettext_lazy("Waiting for the person"),
    "snoozed": gettext_lazy("Snoozed"),
    "resolved": gettext_lazy("Resolved"),
}
SEARCH = "search"
SHORTCUTS = (
    (("j", "k"), gettext_lazy("Next, previous case in the list")),
    (("Enter",), gettext_lazy("Open the case")),
    (("r",), gettext_lazy("Write a reply")),
    (("n",), gettext_lazy("Write a private note")),
    (("Ctrl", "Enter"), gettext_lazy("Send")),
    (("c",), gettext_lazy("Search cards")),
    (("a",), gettext_lazy("Take the case")),
    (("s",), gettext_lazy("Snooze")),
    (("e",), gettext_lazy("Resolve")),
    (("u",), gettext_lazy("Show what is new in the list")),
    (("/",), gettext_lazy("Search cases")),
    (("Esc",), gettext_lazy("Close, leave the field")),
    (("?",), gettext_lazy("This help")),
)


def frame(request: Request, folder: str) -> dict[str, Any]:
    """Return what the folders and the list need, around whatever is in the middle."""
    query = request.GET.get("q", "")
    listing = _cases(request, folder, query)
    told = finding.mentioned_in(request.membership)
    return {
        "place": "inbox",
        "folder": folder,
        "folder_name": FOLDERS.get(folder, gettext_lazy("Search")),
        "folders": folders_of(request),
        "query": query if folder == SEARCH else "",
        "rows": [row(case, request.membership, case.pk in told) for case in listing],
        "more": listing[-1].public_id if len(listing) == finding.PAGE else "",
        "shortcuts": SHORTCUTS,
    }


def folder_of(request: Request) -> str:
    """Return the folder that a case was opened from."""
    wanted = request.GET.get("folder", "open")
    return wanted if wanted in FOLDERS else "open"


def folders_of(request: Request) -> list[dict[str, Any]]:
    """Return each folder with its count."""
    counts = finding.folders(request.membership)
    return [{"key": key, "name": name, "count": counts[key]} for key, name in FOLDERS.items()]


def _cases(request: Request, folder: str, query: str) -> Sequence[Case]:
    if folder == SEARCH:
        return finding.search(request.membership, query)
    return finding.listing(request.membership, folder, before=request.GET.get("before") or None)


@page(READERS)
def inbox(request: Request, folder: str = "open") -> HttpResponse:
    """Show a folder: the urgent first, then the longest waiting."""
    if folder not in FOLDERS:
        raise Http404
    return render(request, "console/inbox.html", frame(request, folder))


@page(READERS)
def search(request: Request) -> HttpResponse:
    """Show the cases that match some words."""
    return render(request, "console/inbox.html", frame(request, SEARCH))


@page(READERS)
def folders(request: Request, folder: str) -> HttpResponse:
    """Return the folders with fresh counts."""
    context = {"folder": folder, "folders": folders_of(request)}
    return render(request, "console/parts/folders.html", context)


@page(READERS)
def news(request: Request, folder: str) -> HttpResponse:
    """Return how many cases of a folder a page does not show yet, as a link to show them.

    The list itself never moves under the pointer.
    """
    shown = set(request.GET.getlist("shown"))
    new = 0
    if folder in FOLDERS:
        first = finding.listing(request.membership, folder)
        new = sum(case.public_id not in shown for case in first)
    return render(request, "console/parts/news.html", {"new": new, "folder": folder})


@page(READERS)
def one_row(request: Request, public_id: str) -> HttpResponse:
    """Return a row as it is now, marked as changed; it stays where it stands."""
    case = access.find(request.membership, public_id)
    told = finding.mentioned_in(request.membership)
    context = {
        "row": row(case, request.membership, case.pk in told),
        "folder": request.GET.get("folder", "open"),
        "changed": True,
    }
    return render(request, "console/parts/row.html", context)
