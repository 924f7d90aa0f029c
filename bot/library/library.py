"""The library: one edition of `content/`, loaded once, asked for cards, contacts and treaties."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.library.directory import choose, known_or_all
from bot.library.edition import Edition, read_edition
from bot.library.errors import ContentError, Mistake
from bot.library.history import Archive, Kept, find_text
from bot.library.model import INTERNATIONAL, Card, Contact, Country, Topic
from bot.library.reading_cache import read_kept, write_kept
from bot.library.search import Hit, Index, Reading
from bot.library.serving import Serving, review_level, serving
from bot.library.treaties import TreatyView

_TIERS = {"country": 0.6, "origin": 0.3, "international": 0.0}
_TIERS_OFF_TOPIC = {"country": 0.25, "origin": 0.12, "international": 0.0}
"""The law of the country goes first; on a topic that was not asked for it goes before the
international card of the asked one only if it fits better."""
_STAGE_POINTS = 0.2
_TOPIC_POINTS = 0.1
_OWN_TOPIC_POINTS = 0.1
_WORDS_POINTS = 2.0
_SHARE_POINTS = 0.3
_SHARE_POINTS_ALSO = 0.18
_EMERGENCY_POINTS = -0.3
"""Of topics that come with how likely they are: for a card's own, one it also answers, and the
emergency card. All of these were chosen on the cards that the test set names
(docs/decisions/0010-understanding.md)."""
_SURE_TOPIC = 0.6
_HARDLY_BETTER = 0.2
_VERBATIM = 0.75
"""Nearness from which the words are so much a card's own that its topic need not fit."""


@dataclass(frozen=True)
class Found:
    """A card for a person. `why` is country, origin or international: the shelf it came from."""

    card: Card
    score: float
    why: str


class Library:
    """An edition that answers. Immutable after loading, so one may serve many threads.

    `lowest_review` (draft, checked, reviewed) is the least review that a card must have to be
    served (ValueError for another word); `today` tells the day, for cards whose review is overdue.
    `archive` remembers what earlier editions of this deployment said.
    """

    def __init__(
        self,
        edition: Edition,
        lowest_review: str = "draft",
        today: Callable[[], date] = date.today,
        archive: Archive | None = None,
    ) -> None:
        review_level(lowest_review)
        self.edition = edition
        self._archive = archive
        self._lowest_review = lowest_review
        self._today = today
        self._contacts = {
            contact.id: contact for shelf in edition.contacts.values() for contact in shelf
        }
        self.index = Index(edition.cards.values())
        self._numbers = {card_id: number for number, card_id in enumerate(edition.cards)}
        self._shelves: dict[str, list[Card]] = {}
        for card in edition.cards.values():
            self._shelves.setdefault(card.country, []).append(card)

    @classmethod
    def load(
        cls,
        path: Path | str,
        lowest_review: str = "draft",
        today: Callable[[], date] = date.today,
        archive: Path | None = None,
    ) -> Library:
        """The edition in folder `path`. Raises ContentError with every mistake of form in it.

        Whether what is well formed is also good (lengths, sources, languages, links) is for
        `haki content check`; a dangling link or a late review does not stop a running service.
        `archive` is the file that `keep` writes and `text_at` reads.
        """
        mistakes: list[Mistake] = []
        edition = read_edition(Path(path), mistakes)
        if mistakes:
            raise ContentError(mistakes)
        return cls(edition, lowest_review, today, Archive(archive) if archive else None)

    @property
    def countries(self) -> Mapping[str, Country]:
        """Countries by code, INT last."""
        return self.edition.countries

    @property
    def topics(self) -> Mapping[str, Topic]:
        """Topics by id, in the order of menus."""
        return self.edition.topics

    @property
    def cards(self) -> Mapping[str, Card]:
        """Every card by id, also those that may not be served."""
        return self.edition.cards

    def card(self, card_id: str) -> Card:
        """Raises KeyError for an id that this edition does not have."""
        return self.edition.cards[card_id]

    def serving(self, card: Card) -> Serving:
        """Whether the card may be sent today, and with which warnings."""
        return serving(card, self._today(), self._lowest_review)

    def find(
        self,
        *,
        topic: str | Collection[str] | Mapping[str, float] | None = None,
        country: str | None = None,
        origin: str | None = None,
        stage: str | None = None,
        text: str | None = None,
        language: str = "en",
        limit: int = 5,
    ) -> list[Found]:
        """Cards that may be served now, best first.

        Cards of `country` come before those of `origin`, those before international ones, unless
        they fit worse: what counts then is the stage, whether the topic is the card's own or
        one it also answers, and how near `text` is to its words. A card of `origin` on the topic
        comes second at the latest, one that the first names if there is one: so a corridor is
        joined. The international card of a topic that is sure comes third at the latest, or first
        where a better one is about another and hardly fits better: the shelf of the country may
        have it only beside another. `topic` may be several, all equal, and then
        no other is found unless `text` repeats a card almost word for word; or each with how likely
        it is, and then, as without a topic, every card that shares words with `text` is found; the
        emergency card steps back then, for who is in danger gets it first (`emergency_card`).
        `language` breaks ties in favour of cards that exist in it.
        """
        topics = (topic,) if isinstance(topic, str) else (topic or ())
        shelves = {origin or "": "origin", country or "": "country", INTERNATIONAL: "international"}
        places = [code for code in shelves if code in self._shelves]
        words = self.index.scores(text, places) if text else None
        found: list[Found] = []
        on_topic: set[str] = set()
        for card in (card for code in places for card in self._shelves[code]):
            why = shelves[card.country]
            number = self._numbers[card.id]
            near = float(words.overall[number]) if words is not None else 0.0
            by_topic = bool(set(topics) & set(card.topics))
            fits = by_topic or ((not topics or isinstance(topics, Mapping)) and near > 0)
            fits = fits or (words is not None and float(words.nearest[number]) >= _VERBATIM)
            if fits and self.serving(card).served:
                tiers = _TIERS_OFF_TOPIC
                if by_topic or not topics:
                    on_topic.add(card.id)
                    tiers = _TIERS
                score = tiers[why] + _points(card, topics, stage, language) + _WORDS_POINTS * near
                found.append(Found(card, score, why))
        found.sort(key=lambda item: (-item.score, item.card.id))
        return _with_international(_joined(_law_here_first(found), on_topic), topics)[:limit]

    def search(
        self,
        text: str,
        country: str | None = None,
        topics: Collection[str] | None = None,
        limit: int = 5,
    ) -> list[Hit]:
        """Cards that may be served and share words with `text`; all shelves unless `country`."""

        def allowed(card: Card) -> bool:
            return (
                (country is None or card.country == country)
                and (not topics or bool(set(topics) & set(card.topics)))
                and self.serving(card).served
            )

        return self.index.search(text, allowed, limit)

    def use_reading(self, reading: Reading, cache: Path | None = None) -> None:
        """Let searches look behind the words too: at what sentences mean, and at a rough
        translation.

        Reading an edition takes seconds, so the outcome is kept in the file `cache`, and read again
        when a text changes.
        """
        texts = self.index.texts
        kept = read_kept(cache, texts) if cache else None
        read = self.index.use_reading(reading, kept)
        if cache and kept is None:
            write_kept(cache, texts, read)

    def directory(
        self,
        country: str,
        topics: Collection[str] = (),
        kinds: Collection[str] = (),
        language: str = "en",
        include_unconfirmed: bool = False,
    ) -> list[Contact]:
        """Who can help in `country`, emergency numbers first; see `directory.choose`."""
        return choose(
            self.edition.contacts.get(country, ()),
            topics=topics,
            kinds=kinds,
            language=language,
            include_unconfirmed=include_unconfirmed,
        )

    def contact(self, contact_id: str) -> Contact:
        """Raises KeyError for an id that no directory has."""
        return self._contacts[contact_id]

    def contacts(self, card: Card) -> list[Contact]:
        """Who can help, as the card orders them; unconfirmed only when there is nobody else."""
        named = [self._contacts[name] for name in card.help if name in self._contacts]
        return known_or_all(named)

    def text_at(self, card_id: str, language: str, version: str) -> Kept:
        """The text that was sent as `version` (the text's own, or its card's).

        Looked for in this edition, the archive, and the git history of the content folder. Raises
        UnknownTextError when none of them has it, KeyError for an unknown country.
        """
        return find_text(self.edition, card_id, language, version, self._archive)

    def keep(self) -> int:
        """Add this edition's texts to the archive; how many were new. 0 without an archive."""
        return self._archive.keep(self.edition) if self._archive else 0

    def related(self, card: Card) -> list[Card]:
        """The cards that this one points to and that may be served."""
        cards = (self.edition.cards.get(card_id) for card_id in card.related)
        return [card for card in cards if card is not None and self.serving(card).served]

    def treaties(self, country: str, topic: str) -> TreatyView:
        """Which binding instruments stand behind `topic` in `country`, and the Compact's aims."""
        return self.edition.treaties.view(country, topic)

    def emergency_card(self, country: str | None) -> Card:
        """The card to say in danger: the country's, else the international one.

        The international one is given even when it is overdue: in danger an old number is better
        than silence. Raises LookupError if the edition has none.
        """
        cards = [card for card in self.edition.cards.values() if card.emergency]
        for card in cards:
            if card.country == country and self.serving(card).served:
                return card
        for card in cards:
            if card.country == INTERNATIONAL:
                return card
        raise LookupError("the edition has no international emergency card")


def _points(card: Card, topics: Collection[str], stage: str | None, language: str) -> float:
    points = 0.0
    if stage in card.stages:
        points += _STAGE_POINTS
    if isinstance(topics, Mapping):
        points += _points_of_shares(card, topics)
    elif set(topics) & set(card.topics):
        points += _TOPIC_POINTS + (_OWN_TOPIC_POINTS if card.topic in topics else 0.0)
    if language in card.texts:
        points += 0.05
    return points


def _points_of_shares(card: Card, topics: Mapping[str, float]) -> float:
    also = max((topics.get(topic, 0.0) for topic in card.topics), default=0.0)
    share = max(_SHARE_POINTS * topics.get(card.topic, 0.0), _SHARE_POINTS_ALSO * also)
    return share + _EMERGENCY_POINTS if card.emergency else share


def _joined(found: Sequence[Found], on_topic: Collection[str]) -> list[Found]:
    """One card of the origin that is `on_topic` moves up to second place: one that the best card
    names, if any is found, for the editors joined those two; else the best of them."""
    origin = [item for item in found if item.why == "origin" and item.card.id in on_topic]
    if not origin or found[0].why == "origin":
        return list(found)
    named = [item for item in origin if item.card.id in found[0].card.related]
    second = (named or origin)[0]
    return [found[0], second, *(item for item in found[1:] if item is not second)]


def _law_here_first(found: list[Found]) -> list[Found]:
    """Where the best card is international, one of the country on the same topic goes before it:
    a card in nine languages shares words with more questions, and the law here is what holds."""
    if not found or found[0].why != "international":
        return found
    same = [i for i in found if i.why == "country" and i.card.topic == found[0].card.topic]
    if not same or found[0].score - same[0].score > _HARDLY_BETTER:
        return found
    return [same[0], *(item for item in found if item is not same[0])]


def _with_international(found: list[Found], topics: Collection[str]) -> list[Found]:
    """The best international card of a sure topic's own moves up to the third place; to the first,
    where the best one is about something else and hardly fits better."""
    shares = topics if isinstance(topics, Mapping) else {}
    sure = {name for name, share in shares.items() if share >= _SURE_TOPIC}
    own = [item for item in found if item.why == "international" and item.card.topic in sure]
    if not own:
        return found
    rest = [item for item in found if item is not own[0]]
    first = found[0]
    if first.card.topic not in sure and first.score - own[0].score < _HARDLY_BETTER:
        return [own[0], *rest]
    return found if own[0] in found[:3] else [*rest[:2], own[0], *rest[2:]]
