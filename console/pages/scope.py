"""What an organisation answers and how quickly: the coordinator's forms, and storing them."""

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot.library.model import INTERNATIONAL, LANGUAGES
from console.cases.lines import audit
from console.handover.targets import MINUTES
from console.models import Membership, Organisation, Target, Urgency
from console.pages import words

LABELS: Final[dict[str, Promise]] = {
    "countries": gettext_lazy("Countries"),
    "origins": gettext_lazy("Countries of origin"),
    "topics": gettext_lazy("Topics"),
    "languages": gettext_lazy("Languages"),
}
# A target beyond a month is none.
LONGEST: Final = 31 * 24 * 60


class ScopeForm(forms.Form):
    """Where, about what and in which languages the organisation answers."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        library = words.library()
        places = [code for code in library.countries if code != INTERNATIONAL]
        offered = (places, places, list(library.topics), list(LANGUAGES))
        names = (words.country, words.country, words.topic, words.language)
        for (field, label), codes, name in zip(LABELS.items(), offered, names, strict=True):
            present = getattr(organisation, field)
            # What was stored and has no shelf of ours stays until somebody takes it away.
            known = [*codes, *(code for code in present if code not in codes)]
            self.fields[field] = forms.MultipleChoiceField(
                label=str(label),
                required=False,
                choices=[(code, name(code)) for code in known],
                widget=forms.CheckboxSelectMultiple,
            )
            self.initial[field] = present

    def store(self, member: Membership, organisation: Organisation) -> None:
        """Store what changed, with one line in the audit for each."""
        for field in LABELS:
            was, now = getattr(organisation, field), self.cleaned_data[field]
            if set(was) == set(now):
                continue
            setattr(organisation, field, now)
            organisation.save(update_fields=[field])
            audit(member, f"{field}_changed", was=" ".join(was), now=" ".join(now))


class TargetsForm(forms.Form):
    """Within how many minutes of opening the first reply is due; empty for what all have."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            _field(one.urgency): one.minutes
            for one in Target.objects.filter(organisation=organisation)
        }
        for urgency, usual in MINUTES.items():
            self.fields[_field(urgency)] = forms.IntegerField(
                label=str(words.URGENCIES[urgency]),
                required=False,
                min_value=1,
                max_value=LONGEST,
                help_text=_("Empty: %(minutes)s minutes") % {"minutes": usual},
            )

    def store(self, member: Membership, organisation: Organisation) -> None:
        """Store what changed, with one line in the audit for each. What is due already stays."""
        for urgency in MINUTES:
            was, now = self.initial.get(_field(urgency)), self.cleaned_data[_field(urgency)]
            if was == now:
                continue
            own = Target.objects.filter(organisation=organisation, urgency=urgency)
            if now is None:
                own.delete()
            elif not own.update(minutes=now):
                Target.objects.create(organisation=organisation, urgency=urgency, minutes=now)
            audit(member, "target_changed", urgency=urgency.name.lower(), was=was, now=now)


def targets(organisation: Organisation) -> list[tuple[Promise, int]]:
    """Return each urgency's name with the minutes until a first reply is due."""
    own = dict(Target.objects.filter(organisation=organisation).values_list("urgency", "minutes"))
    return [
        (words.URGENCIES[urgency], own.get(urgency, usual)) for urgency, usual in MINUTES.items()
    ]


def _field(urgency: int) -> str:
    return f"minutes_{Urgency(urgency).name.lower()}"
