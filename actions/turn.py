"""One turn of a conversation as the actions see it: who writes, what was understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker

DEFAULT_LANGUAGE = "en"
# A detection below this confidence does not choose a language for a person.
SURE = 0.6
# Words from which a message in another language makes us offer that language.
WORDS_FOR_A_SWITCH = 3
# The channel of whom no worker stands behind: Rasa's own shell.
SHELL = "shell"
SLOTS = ("language", "country", "origin", "stage")


@dataclass(frozen=True)
class Second:
    """What else a message asks: its topic, where its words stand, and whether it surely wants an
    answer of its own (`apart`)."""

    topic: str
    start: int
    end: int
    apart: bool

    def words_in(self, text: str) -> str:
        """Return the second question of the message `text`."""
        return text[self.start : self.end]

    def rest_of(self, text: str) -> str:
        """Return the message `text` without its second question."""
        return f"{text[: self.start].rstrip()} {text[self.end :].lstrip()}".strip()


@dataclass(frozen=True)
class Turn:
    """What an action may know. Nothing in it identifies the person.

    `country`, `origin` are ISO 3166-1 alpha-3 codes of our shelves or ''; `prefix` is the
    ISO alpha-2 country of the phone number. `question` is what the person had asked when we asked
    back for a country or a stage. `parameters` are those of a command of ours. `partners` are the
    organisations that could take a case (bot.handover.routing); `pending` is the first option of
    our last message, where that asked something on the way to a person.
    """

    channel: str
    text: str
    intent: str
    ranking: tuple[tuple[str, float], ...]
    language: str
    country: str
    origin: str
    stage: str
    prefix: str
    welcomed: bool
    language_known: bool = False
    danger: str = ""
    detected: str = ""
    here: str = ""
    heard_origin: str = ""
    heard_stage: str = ""
    question: str = ""
    second_language: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    partners: tuple[Mapping[str, Any], ...] = ()
    pending: str = ""
    second: Second | None = None

    @property
    def confidence(self) -> float:
        """How sure the understanding is of `intent`, 0 to 1; 1 for a command of ours."""
        return next((share for name, share in self.ranking if name == self.intent), 1.0)

    @property
    def other_language(self) -> str:
        """The language of this message where it is another one than we speak, else ''.

        A short message never counts: names and loan words look like any language.
        """
        long_enough = len(self.text.split()) >= WORDS_FOR_A_SWITCH or len(self.text) >= 12
        differs = self.detected not in ("", self.language)
        return self.detected if self.language_known and differs and long_enough else ""

    @property
    def topics(self) -> tuple[str, ...]:
        """The intents by confidence, the chosen one first."""
        names = [name for name, _ in self.ranking]
        return (self.intent, *(name for name in names if name != self.intent))

    def with_profile(self, **changes: Any) -> "Turn":
        """Return the same turn with another country, origin, stage or language."""
        return replace(self, **changes)


def read_turn(tracker: Tracker, languages: tuple[str, ...]) -> Turn:
    """Return the turn in `tracker`.

    The worker sends the stored profile with each message; in `rasa shell` there is none and the
    slots of the conversation take its place.
    """
    latest = tracker.latest_message
    given: Mapping[str, Any] = latest.get("metadata") or {}
    entities = latest.get("entities") or []
    detected = _detected(entities)
    profile = {name: str(given.get(name) or tracker.get_slot(name) or "") for name in SLOTS}
    places = [entity for entity in entities if entity.get("entity") == "country"]
    return Turn(
        channel=str(given.get("channel") or SHELL),
        text=str(latest.get("text") or ""),
        intent=str((latest.get("intent") or {}).get("name") or ""),
        ranking=tuple(
            (str(item["name"]), float(item["confidence"]))
            for item in latest.get("intent_ranking") or []
        ),
        language=_language(profile["language"], detected, given, languages),
        country=profile["country"],
        origin=profile["origin"],
        stage=profile["stage"],
        prefix=str(given.get("prefix") or ""),
        language_known=bool(profile["language"]),
        welcomed=bool(given.get("welcomed") or tracker.get_slot("welcomed")),
        danger=_first(entities, "danger"),
        detected=detected,
        here=_place(places, ("here", "destination", "")),
        heard_origin=_place(places, ("origin",)),
        heard_stage=_first(entities, "stage"),
        question=str(given.get("question") or ""),
        second_language=_second(profile["language"], detected, given, languages),
        partners=tuple(given.get("partners") or ()),
        pending=str(given.get("pending") or ""),
        second=_second_question(entities),
        parameters={
            str(entity["entity"]): str(entity["value"])
            for entity in entities
            if entity.get("extractor") in (None, "RegexMessageHandler")
        },
    )


def _second_question(entities: list[Mapping[str, Any]]) -> Second | None:
    for entity in entities:
        if entity.get("entity") == "second":
            apart = entity.get("role") == "apart"
            return Second(str(entity["value"]), int(entity["start"]), int(entity["end"]), apart)
    return None


def _language(
    stored: str, detected: str, given: Mapping[str, Any], languages: tuple[str, ...]
) -> str:
    for candidate in (stored, detected, str(given.get("language_hint") or "")):
        if candidate in languages:
            return candidate
    return DEFAULT_LANGUAGE


def _second(
    stored: str, detected: str, given: Mapping[str, Any], languages: tuple[str, ...]
) -> str:
    """Return another language the person shows that they read: written now, or set on the phone."""
    spoken = _language(stored, detected, given, languages)
    candidates = (detected, str(given.get("language_hint") or ""))
    return next((code for code in candidates if code in languages and code != spoken), "")


def _detected(entities: list[Mapping[str, Any]]) -> str:
    for entity in entities:
        if entity.get("entity") == "language" and _confidence(entity) >= SURE:
            return str(entity["value"])
    return ""


def _confidence(entity: Mapping[str, Any]) -> float:
    return float(entity.get("confidence_entity") or 1.0)


def _first(entities: list[Mapping[str, Any]], name: str) -> str:
    return next((str(e["value"]) for e in entities if e.get("entity") == name), "")


def _place(places: list[Mapping[str, Any]], roles: tuple[str, ...]) -> str:
    for role in roles:
        for place in places:
            if str(place.get("role") or "") == role:
                return str(place["value"])
    return ""
