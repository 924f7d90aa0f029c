"""What happened to a case, as a sentence: the words of console.cases.lines in every language."""

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from console.models import CaseEntry
from console.pages import words

HAPPENINGS: Final[dict[str, Promise]] = {
    "opened": gettext_lazy("The person asked for somebody and agreed to share: %(share)s"),
    "claimed": gettext_lazy("%(who)s took the case"),
    "assigned": gettext_lazy("%(who)s gave the case to %(to)s %(note)s"),
    "unassigned": gettext_lazy("%(who)s gave the case back %(note)s"),
    "snoozed": gettext_lazy("%(who)s put it aside until %(until)s"),
    "woken": gettext_lazy("The time is up: the case is open again"),
    "waiting": gettext_lazy("%(who)s: it is the person's turn"),
    "put_back": gettext_lazy("%(who)s: it is our turn"),
    "resolved": gettext_lazy("%(who)s resolved the case"),
    "reopened": gettext_lazy("%(who)s reopened the case"),
    "reopened_by_person": gettext_lazy("The person wrote again: reopened"),
    "ended_by_person": gettext_lazy("The person ended the case"),
    "withdrawn": gettext_lazy("The person took the consent back"),
    "urgency": gettext_lazy("How urgent it is changed from %(from)s to %(to)s"),
    "danger": gettext_lazy("Words of danger: emergency contacts were sent at once"),
    "media": gettext_lazy("The person sent something that cannot be shown here: %(kind)s"),
    "hidden": gettext_lazy("The person said that somebody is looking: nothing goes out"),
    "back": gettext_lazy("The person is alone again: what waited goes out"),
    "opted_out": gettext_lazy("The person stopped all messages"),
    "opted_in": gettext_lazy("The person allows messages again"),
    "erasing": gettext_lazy("The person asked to be erased"),
    "language": gettext_lazy("The person changed the language to %(language)s"),
    "knocked": gettext_lazy("A neutral message was sent first"),
    "asked_rating": gettext_lazy("The person was asked how it went"),
    "rated": gettext_lazy("How it went, says the person: %(rating)s"),
    "asked_referral": gettext_lazy("The person was asked whether %(to)s may take over: %(share)s"),
    "referral_agreed": gettext_lazy("The person agreed: %(to)s takes over"),
    "referral_refused": gettext_lazy("The person does not want %(to)s to take over"),
    "referral_failed": gettext_lazy("%(to)s could not take it over"),
    "referral_lapsed": gettext_lazy("The question about %(to)s was taken back"),
    "came_by_referral": gettext_lazy("Came from %(from)s, with the person's consent"),
    "asked_export": gettext_lazy("The person was asked whether a file may be made of the case"),
    "export_allowed": gettext_lazy("The person agreed: a file may be made of the case"),
    "export_refused": gettext_lazy("The person does not want a file to be made of the case"),
    "masked": gettext_lazy("%(who)s masked %(length)s characters"),
}
KINDS: Final[dict[str, Promise]] = {
    "voice": gettext_lazy("a voice note"),
    "image": gettext_lazy("a picture"),
    "photo": gettext_lazy("a picture"),
    "video": gettext_lazy("a video"),
    "document": gettext_lazy("a document"),
    "location": gettext_lazy("a place"),
    "contact": gettext_lazy("a contact"),
    "sticker": gettext_lazy("a sticker"),
}


def happening(entry: CaseEntry) -> str:
    """Return a system line as a sentence. An unknown word is shown as it is, never hidden."""
    sentence = HAPPENINGS.get(entry.what)
    if sentence is None:
        return entry.what
    values = {name: _shown(name, value) for name, value in entry.params.items()}
    who = entry.author.name if entry.author else "Haki"
    blank = dict.fromkeys(("share", "to", "note", "until", "from", "kind", "language"), "")
    blank |= dict.fromkeys(("rating", "length", "outcome"), "")
    return (str(sentence) % {**blank, **values, "who": who}).strip()


def _shown(name: str, value: object) -> str:
    if name == "share":
        return str(words.SHARES.get(str(value), value))
    if name == "language":
        return words.language(str(value))
    if name == "kind":
        return str(KINDS.get(str(value), value))
    if name == "until":
        until = timezone.localtime(datetime.fromisoformat(str(value)))
        return until.strftime("%d.%m. %H:%M")
    if name == "note" and value:
        return f"({value})"
    if name in {"from", "to"} and str(value).isdigit():
        return str(words.URGENCIES.get(int(str(value)), value))
    return str(value)
