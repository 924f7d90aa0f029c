"""Putting together what a message means, from the classifier's scores and the tables.

The one place where acts, topics, danger, places and stage are decided. Rasa's graph
(`components.MessageReader`) and `live.understand` both end here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.understanding import danger, places, reserved, small_talk, stages
from bot.understanding.classifier import SAFE, Scores
from bot.understanding.clauses import Clause
from bot.understanding.danger import Danger
from bot.understanding.language import Language
from bot.understanding.normalise import match_key
from bot.understanding.places import Place
from bot.understanding.questions import SHARE, Second, second_question
from bot.understanding.topics import TOPICS

ASK = "ask"
INFORM = "inform"
# "from" in nine languages, before a place or joined to it
_LEFT_BEFORE = re.compile(
    r"(?i)(?:\b(?:from|de|du|do|da|des|desde|depuis|soti|sot|men|min)|من|从|ከ)"
    r"\s*(?:the |la |l[’'])?$"
)
_LEFT_JOINED = re.compile(r"(?i)^ከ|बाट|देखि|\bbata|\bdekhi")
# Topic a danger belongs to when the classifier saw no topic.
_TOPIC_OF_DANGER = {
    "violence": "violence",
    "captivity": "trafficking",
    "trafficking": "trafficking",
    "arrest": "detention",
    "medical": "health",
    "self_harm": "health",
    "missing_child": "family",
}


@dataclass(frozen=True)
class Known:
    """What is already known of the person who writes; None where it is not."""

    country: str | None = None
    stage: str | None = None
    language: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Understanding:
    """What a message means. Confidences lie between 0 and 1.

    `intents` is the ranking that Rasa gets: topics and acts together. `topics` is the ranking
    among topics alone (its confidences add up to 1), also for messages that are no question.
    `act` is `ask` for a question or a problem, else one of the acts or `inform`. `second` is what
    else the message asks; its topic has a fair share in both rankings.
    """

    text: str
    language: str
    language_confidence: float
    act: str
    act_confidence: float
    intents: tuple[tuple[str, float], ...]
    topics: tuple[tuple[str, float], ...]
    danger: Danger | None
    danger_score: float
    places: tuple[Place, ...]
    stage: str | None
    second: Second | None = None


def compose(
    text: str,
    language: Language,
    scores: Scores,
    known: Known,
    parts: Sequence[tuple[Clause, Scores]] = (),
) -> Understanding:
    """Decide what `text` means; `parts` are its clauses (`clauses.clauses`), if it has several."""
    found = places.find(text, language.code, known.country)
    stage = stages.stage(scores.stages, stages.wording(text, language.code, found))
    if stage == stages.RETURN:
        found = tuple(_worked_there(place, text) for place in found)
    intents = _intents(text, scores.intents, found)
    alarm = None
    if reserved.match(text) is None and small_talk.match(text) is None:
        alarm = danger.detect(text, language.code, scores.danger)
    if alarm is not None:
        intents = _with_topic_first(intents, alarm)
    topics = _topics(scores.intents)
    second = second_question(intents[0][0], parts) if intents[0][0] in TOPICS else None
    if second is not None:
        intents, topics = _lifted(intents, second.topic), _lifted(topics, second.topic)
    act, confidence = _act(intents)
    return Understanding(
        text=text,
        language=language.code,
        language_confidence=language.confidence,
        act=act,
        act_confidence=confidence,
        intents=intents,
        topics=topics,
        danger=alarm,
        danger_score=1.0 - dict(scores.danger).get(SAFE, 0.0),
        places=found,
        stage=stage,
        second=second,
    )


def _worked_there(place: Place, text: str) -> Place:
    """Who came back "from Qatar" left home for Qatar once: it was the destination."""
    left = _LEFT_BEFORE.search(text[: place.start]) or _LEFT_JOINED.search(
        text[place.start : place.end + 5]
    )
    return replace(place, role="destination") if place.role == "origin" and left else place


def _intents(
    text: str, ranked: tuple[tuple[str, float], ...], found: Sequence[Place]
) -> tuple[tuple[str, float], ...]:
    """The classifier's ranking, unless a table knows better."""
    known = reserved.match(text) or small_talk.match(text)
    if known is None and _is_bare_place(text, found):
        known = INFORM
    if known is None:
        return ranked
    return ((known, 1.0), *((name, 0.0) for name, _ in ranked if name != known))


def _is_bare_place(text: str, found: Sequence[Place]) -> bool:
    """Whether `text` only answers "which country?": places with no more than small words around."""
    if not found:
        return False
    rest = text
    for place in sorted(found, key=lambda place: -place.start):
        rest = rest[: place.start] + " " + rest[place.end :]
    words = re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+", match_key(rest))
    more = [word for word in words if word not in places.small_words()]
    return not more or small_talk.match(" ".join(more)) is not None  # "no, nepal"


def _with_topic_first(
    ranked: tuple[tuple[str, float], ...], alarm: Danger
) -> tuple[tuple[str, float], ...]:
    """Danger is never answered as small talk: a topic leads the ranking."""
    if ranked[0][0] in TOPICS:
        return ranked
    best = next(((n, s) for n, s in ranked if n in TOPICS), (_TOPIC_OF_DANGER[alarm.kind], 0.0))
    if best[1] < 0.1:
        best = (_TOPIC_OF_DANGER[alarm.kind], best[1])
    first = (best[0], max(best[1], ranked[0][1]))
    return (first, *((n, s) for n, s in ranked if n != best[0]))


def _topics(ranked: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    found = [(name, share) for name, share in ranked if name in TOPICS]
    total = sum(share for _, share in found) or 1.0
    return tuple((name, share / total) for name, share in found)


def _lifted(ranked: tuple[tuple[str, float], ...], name: str) -> tuple[tuple[str, float], ...]:
    """The same ranking with `name` right behind the first or better; shares add up as before."""
    total = sum(share for _, share in ranked)
    most = ranked[0][1]
    shares = {n: min(max(s, SHARE * total), most) if n == name else s for n, s in ranked}
    scale = total / (sum(shares.values()) or 1.0)
    scaled = ((n, s * scale) for n, s in shares.items())
    return tuple(sorted(scaled, key=lambda item: -item[1]))


def _act(ranked: tuple[tuple[str, float], ...]) -> tuple[str, float]:
    """Topics together are one act: six topics at 0.1 each beat an act at 0.3."""
    asked = sum(share for name, share in ranked if name in TOPICS)
    act, share = next(((n, s) for n, s in ranked if n not in TOPICS), (ASK, 0.0))
    if ranked[0][0] in TOPICS or asked > share:
        return ASK, asked
    return act, share
