"""A card's folder (`card.yml`, one Markdown file a language, maybe `asked.yml`) as a `Card`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from bot.library.errors import Mistake
from bot.library.fields import Fields
from bot.library.files import (
    UnreadableFileError,
    cut_sections,
    parse_markdown,
    parse_yaml,
    read_text,
)
from bot.library.model import (
    CONFIDENCES,
    LANGUAGES,
    REQUIRED_SECTIONS,
    REVIEW_STATUSES,
    SECTIONS,
    STAGES,
    TEXT_STATUSES,
    Card,
    Country,
    Review,
    Source,
    Text,
    text_hash,
)

ASKED = "asked.yml"
"""The file of a card that holds further messages which it answers: for finding it, no rule of
number."""
_CARD_KEYS = (
    "topic", "also", "stages", "emergency", "facts", "questions", "sources", "help", "related",
    "review",
)  # fmt: skip
_SOURCE_KEYS = ("instrument", "provision", "year", "url", "read_at", "read_on", "confidence")


def read_card(
    folder: Path, country: Country, topics: Collection[str], mistakes: list[Mistake]
) -> Card | None:
    """The card in `folder`; None when `card.yml` or `en.md` cannot be read at all.

    Every mistake found is added to `mistakes`; files are named from the content folder on.
    """
    card_id = f"{country.folder}/{folder.name}"
    raw: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        try:
            raw[path.name] = read_text(path, f"cards/{card_id}/{path.name}")
        except UnreadableFileError as error:
            mistakes.append(error.mistake)
    return card_from_texts(card_id, raw, country, topics, mistakes)


def card_from_texts(
    card_id: str,
    raw: dict[str, str],
    country: Country,
    topics: Collection[str],
    mistakes: list[Mistake],
) -> Card | None:
    """As `read_card`, from file names to their contents (from a git revision, for example)."""
    prefix = f"cards/{card_id}/"
    mistakes.extend(
        Mistake(prefix + needed, "", "the file is missing", "files")
        for needed in ("card.yml", "en.md")
        if needed not in raw
    )
    name = prefix + "card.yml"
    try:
        head = Fields(parse_yaml(raw.get("card.yml", "{}"), name), name, mistakes)
    except UnreadableFileError as error:
        mistakes.append(error.mistake)
        return None
    texts = _read_texts(raw, prefix, mistakes)
    asked = _read_asked(raw, prefix + ASKED, mistakes)
    if "card.yml" not in raw or "en" not in texts:
        return None
    return replace(_card(card_id, head, texts, country, topics), asked=asked)


def _card(
    card_id: str, head: Fields, texts: dict[str, Text], country: Country, topics: Collection[str]
) -> Card:
    head.expect_keys(_CARD_KEYS)
    return Card(
        id=card_id,
        country=country.code,
        slug=card_id.partition("/")[2],
        topic=head.choice("topic", topics),
        also=head.words("also", topics),
        stages=head.words("stages", STAGES),
        emergency=head.flag("emergency"),
        facts=head.words("facts"),
        questions=_questions(head.part("questions")),
        sources=tuple(_source(part) for part in head.parts("sources")),
        help=head.words("help"),
        related=head.words("related"),
        review=_review(head.part("review")),
        texts=texts,
        country_languages=country.languages,
    )


def _questions(part: Fields) -> dict[str, tuple[str, ...]]:
    part.expect_keys((), LANGUAGES)
    return {language: part.words(language) for language in LANGUAGES if language in part.values}


def _read_asked(
    raw: dict[str, str], name: str, mistakes: list[Mistake]
) -> dict[str, tuple[str, ...]]:
    try:
        return _questions(Fields(parse_yaml(raw.get(ASKED, "{}"), name), name, mistakes))
    except UnreadableFileError as error:
        mistakes.append(error.mistake)
        return {}


def _source(part: Fields) -> Source:
    part.expect_keys(_SOURCE_KEYS)
    return Source(
        instrument=part.text("instrument"),
        provision=part.text("provision", required=False),
        year=part.text("year", required=False),
        url=part.text("url", required=False),
        read_at=part.text("read_at", required=False),
        read_on=part.text("read_on"),
        confidence=part.choice("confidence", CONFIDENCES),
    )


def _review(part: Fields) -> Review:
    part.expect_keys(("status", "by", "on", "due"))
    return Review(
        status=part.choice("status", REVIEW_STATUSES),
        by=part.text("by", required=False),
        on=part.text("on", required=False),
        due=part.day("due"),
    )


def _read_texts(raw: dict[str, str], prefix: str, mistakes: list[Mistake]) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    ordered = sorted(raw, key=lambda name: (name != "en.md", name))
    for name in ordered:
        language = name.removesuffix(".md")
        if name in ("card.yml", ASKED):
            continue
        if not name.endswith(".md") or language not in LANGUAGES:
            reason = (
                "is no file of a card (card.yml, asked.yml, <language>.md of the nine languages)"
            )
            mistakes.append(Mistake(prefix + name, "", reason, "files"))
            continue
        try:
            head, body = parse_markdown(raw[name], prefix + name)
        except UnreadableFileError as error:
            mistakes.append(error.mistake)
            continue
        english = texts.get("en")
        texts[language] = _text(language, Fields(head, prefix + name, mistakes), body, english)
    return texts


def _text(language: str, head: Fields, body: str, english: Text | None) -> Text:
    translated = language != "en"
    # A translation without its hash is one that nobody stamped yet: stale, but readable.
    head.expect_keys(("title", "label", "sms", "status"), ("source_hash",) if translated else ())
    title, label, sms = head.text("title"), head.text("label"), head.text("sms")
    source_hash = head.text("source_hash", required=False) if translated else ""
    return Text(
        language=language,
        title=title,
        label=label,
        sms=sms,
        sections=_sections(head, body),
        body=body,
        status=head.choice("status", TEXT_STATUSES),
        source_hash=source_hash,
        stale=translated and (english is None or source_hash != english.version),
        version=text_hash(title, label, sms, body),
    )


def _sections(head: Fields, body: str) -> dict[str, str]:
    sections, headings, before = cut_sections(body)
    if before:
        head.wrong("body", "text stands before the first `## ` heading", "sections")
    for heading in dict.fromkeys(headings):
        if heading not in SECTIONS:
            head.wrong("body", f"`## {heading}` is not one of: {', '.join(SECTIONS)}", "sections")
        if headings.count(heading) > 1:
            head.wrong("body", f"`## {heading}` stands twice", "sections")
    for needed in REQUIRED_SECTIONS:
        if not sections.get(needed):
            head.wrong("body", f"section `## {needed}` is missing or empty", "sections")
    known = [heading for heading in headings if heading in SECTIONS]
    if known != sorted(known, key=SECTIONS.index):
        head.wrong("body", f"sections must stand in this order: {', '.join(SECTIONS)}", "sections")
    return {name: sections[name] for name in SECTIONS if sections.get(name)}
