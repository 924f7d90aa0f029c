"""Which partner organisation fits what a person needs, and the reason in words.

A partner fits when it works where the person is (or comes from), takes the topic, speaks a
language of theirs and has room; what is sensitive goes only where trained people answer. If none
fits, the coordinating organisation is asked. The reason is a key of `handover.reason.*` with
codes to fill in, so that the same reason can be said to the person and shown in the console.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any

from bot.handover.hours import is_open, next_open

# Violence and trafficking, and whatever comes with danger, go to trained handlers only.
SENSITIVE_TOPICS = frozenset({"violence", "trafficking"})


class NotAPartner(ValueError):
    """A dict that does not describe a partner or a need."""


@dataclass(frozen=True)
class Partner:
    """What routing knows of an organisation.

    Countries are ISO 3166-1 alpha-3. No `topics` means all topics. `load` counts its unresolved
    cases. `trained`: somebody there is trained for sensitive cases. `hours`: bot.handover.hours.
    """

    id: int
    name: str
    countries: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    zone: str = "UTC"
    load: int = 0
    capacity: int = 0
    trained: bool = False
    coordinating: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Partner":
        """Return the partner that `to_dict` described. Raises NotAPartner."""
        known = dict(values)
        try:
            for name in ("countries", "origins", "topics", "languages"):
                known[name] = tuple(known.get(name, ()))
            return cls(**known)
        except TypeError as error:
            raise NotAPartner(str(error)) from error


@dataclass(frozen=True)
class Need:
    """What a person needs. '' where it is not known; `also_languages` they read as well."""

    country: str = ""
    origin: str = ""
    topic: str = ""
    language: str = ""
    also_languages: tuple[str, ...] = ()
    danger: bool = False

    @property
    def sensitive(self) -> bool:
        """Whether only trained people may answer."""
        return self.danger or self.topic in SENSITIVE_TOPICS

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Need":
        """Return the need that `to_dict` described. Raises NotAPartner."""
        try:
            return cls(**{**values, "also_languages": tuple(values.get("also_languages", ()))})
        except TypeError as error:
            raise NotAPartner(str(error)) from error


@dataclass(frozen=True)
class Reason:
    """Why this partner: `key` is country, origin or coordinating; `params` are codes, '' where
    one did not count, and trained is "yes" where that was asked for."""

    key: str
    params: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"key": self.key, "params": dict(self.params)}


@dataclass(frozen=True)
class Choice:
    """The partner that fits best. `next_open` (UTC) is now while open, None if no hours are
    known."""

    partner: Partner
    reason: Reason
    open_now: bool
    next_open: datetime | None
    sensitive: bool


def choose(need: Need, partners: Sequence[Partner], now: datetime) -> Choice | None:
    """Return the best partner for `need` at `now` (aware), None when there is none at all.

    Better: takes the topic by name, is where the person is rather than where they come from,
    speaks their first language, is open, has more room; in danger, being open comes first. Equals
    go by id, so that the same question gets the same answer.
    """
    able = [p for p in partners if _has_room(p) and (p.trained or not need.sensitive)]
    fitting = [p for p in able if not p.coordinating and fits(need, p)]
    fitting = fitting or [p for p in able if p.coordinating]
    if not fitting:
        return None
    best = min(fitting, key=lambda partner: _rank(need, partner, now))
    return Choice(
        partner=best,
        reason=_reason(need, best),
        open_now=is_open(best.hours, best.zone, now),
        next_open=next_open(best.hours, best.zone, now),
        sensitive=need.sensitive,
    )


def fits(need: Need, partner: Partner) -> bool:
    """Tell whether the partner works there, takes the topic and shares a language; not its room."""
    where = need.country in partner.countries or need.origin in partner.origins
    # A topic that is not known yet excludes nobody.
    topic = not partner.topics or not need.topic or need.topic in partner.topics
    return where and topic and bool(_language(need, partner))


def _has_room(partner: Partner) -> bool:
    return partner.load < partner.capacity


def _language(need: Need, partner: Partner) -> str:
    spoken = (need.language, *need.also_languages)
    return next((code for code in spoken if code and code in partner.languages), "")


def _rank(need: Need, partner: Partner, now: datetime) -> tuple[Any, ...]:
    closed = not is_open(partner.hours, partner.zone, now)
    opens = next_open(partner.hours, partner.zone, now)
    fit = (
        need.topic not in partner.topics,
        need.country not in partner.countries,
        _language(need, partner) != need.language,
    )
    waits = (closed, opens or datetime.max.replace(tzinfo=timezone.utc))
    room = (partner.load / partner.capacity, partner.id)
    return (*waits, *fit, *room) if need.danger else (*fit, *waits, *room)


def _reason(need: Need, partner: Partner) -> Reason:
    if partner.coordinating and not fits(need, partner):
        key = "coordinating"
    else:
        key = "country" if need.country in partner.countries else "origin"
    return Reason(
        key,
        {
            "country": need.country if key == "country" else "",
            "origin": need.origin if key == "origin" else "",
            "topic": need.topic if need.topic in partner.topics else "",
            "language": _language(need, partner),
            "trained": "yes" if need.sensitive else "",
        },
    )
