"""Earlier texts of the edition: from a file that the deployment keeps, and from git.

What was sent can be shown again for as long as one of the two remembers it: the archive, a file of
one JSON object a line to which every start of a service adds the texts it does not hold yet, or
the git history of the content folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.library.cards import card_from_texts
from bot.library.edition import Edition
from bot.library.errors import Mistake, UnknownTextError
from bot.library.model import Card, Country, Text

_GIT_SECONDS = 30
_TEXT_KEYS = ("title", "label", "sms", "body", "status")


class HistoryError(Exception):
    """Git cannot be asked: it is not installed, the folder is not in a repository, or no such
    revision. The message says which."""


@dataclass(frozen=True)
class Kept:
    """A text as it once stood. `where` says who remembers it, for a person."""

    card_id: str
    language: str
    version: str
    card_version: str
    title: str
    label: str
    sms: str
    body: str
    status: str
    where: str


class Archive:
    """The texts a deployment has served: `path` is a file of one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, edition: Edition) -> int:
        """Add what is not there yet; how many texts that were. Raises OSError.

        Several processes may do so at once: one waits for the other. When it returns, the texts
        are on the disk.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            rows = self._unknown(edition)
            file.write("\n" if rows and self._ends_in_half_a_line() else "")
            file.writelines(
                json.dumps(_without_where(kept), ensure_ascii=False) + "\n" for kept in rows
            )
            file.flush()
            os.fsync(file.fileno())
        return len(rows)

    def _unknown(self, edition: Edition) -> list[Kept]:
        known = {(kept.card_id, kept.language, kept.version, kept.card_version) for kept in self}
        return [
            kept_text(card, text, "archive")
            for card in edition.cards.values()
            for text in card.texts.values()
            if (card.id, text.language, text.version, card.version) not in known
        ]

    def __iter__(self) -> Iterator[Kept]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                kept = self._read(line)
                if kept is not None:
                    yield kept

    def _read(self, line: str) -> Kept | None:
        """None for half a line, which a process killed while writing leaves; the next start
        keeps that text again, so nothing is lost."""
        try:
            return Kept(**json.loads(line), where=f"archive {self._path.name}")
        except (json.JSONDecodeError, TypeError):
            return None

    def _ends_in_half_a_line(self) -> bool:
        if not self._path.exists() or not self._path.stat().st_size:
            return False
        with self._path.open("rb") as file:
            file.seek(-1, 2)
            return file.read() != b"\n"

    def find(self, card_id: str, language: str, version: str) -> Kept | None:
        """The text with that version, or of the card with that version."""
        for kept in self:
            if (kept.card_id, kept.language) == (card_id, language) and version in (
                kept.version,
                kept.card_version,
            ):
                return kept
        return None


class GitHistory:
    """The git history of a content folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def card_at(self, card_id: str, revision: str, country: Country) -> Card | None:
        """The card as it stood at `revision`; None if it was not there or cannot be read."""
        prefix = f"cards/{card_id}/"
        raw = self.files_at(revision, prefix)
        if not raw:
            return None
        names = {name.removeprefix(prefix): text for name, text in raw.items()}
        mistakes: list[Mistake] = []
        topic_is_free = _AnyWord()
        return card_from_texts(card_id, names, country, topic_is_free, mistakes)

    def files_at(self, revision: str, prefix: str) -> dict[str, str]:
        """Contents by path from the content folder on, of every file under `prefix`."""
        listing = self._git("ls-tree", "-r", "-z", revision, "--", prefix)
        entries = [line.split("\t", 1) for line in listing.split("\0") if line]
        hashes = [head.split()[2] for head, _ in entries]
        contents = self._contents(hashes)
        return {
            name: contents[blob]
            for (_, name), blob in zip(entries, hashes, strict=True)
            if blob in contents
        }

    def revisions(self, path: str) -> list[str]:
        """Commits that touched `path`, newest first."""
        return self._git("log", "--format=%H", "HEAD", "--", path).split()

    def find(self, card_id: str, language: str, version: str, country: Country) -> Kept | None:
        """The newest text of the card that has that version, or whose card has it."""
        for revision in self.revisions(f"cards/{card_id}"):
            card = self.card_at(card_id, revision, country)
            text = card.texts.get(language) if card else None
            if card and text and version in (text.version, card.version):
                return kept_text(card, text, f"git {revision[:12]}")
        return None

    def _contents(self, hashes: list[str]) -> dict[str, str]:
        """Texts by blob id; blobs that are not UTF-8 are left out."""
        if not hashes:
            return {}
        output = self._run(["cat-file", "--batch"], "\n".join(hashes).encode() + b"\n")
        found, position = {}, 0
        while position < len(output):
            end = output.index(b"\n", position)
            blob, _, size = output[position:end].decode().split()
            start = end + 1
            position = start + int(size) + 1
            try:
                found[blob] = output[start : start + int(size)].decode().replace("\r\n", "\n")
            except UnicodeDecodeError:
                continue
        return found

    def _git(self, *arguments: str) -> str:
        return self._run(list(arguments), b"").decode("utf-8", "replace")

    def _run(self, arguments: list[str], stdin: bytes) -> bytes:
        command = ["git", "-C", str(self._root), *arguments]
        try:
            result = subprocess.run(
                command, input=stdin, capture_output=True, timeout=_GIT_SECONDS, check=False
            )
        except FileNotFoundError:
            raise HistoryError("git is not installed") from None
        except subprocess.TimeoutExpired:
            raise HistoryError(f"git took more than {_GIT_SECONDS} seconds") from None
        if result.returncode:
            reason = result.stderr.decode("utf-8", "replace").strip().splitlines()
            raise HistoryError(f"git: {reason[0] if reason else 'failed'}")
        return result.stdout


def find_text(
    edition: Edition, card_id: str, language: str, version: str, archive: Archive | None
) -> Kept:
    """The text that was sent: from the edition, else the archive, else git.

    `version` may be the text's own or its card's. Raises UnknownTextError when nobody remembers
    it, KeyError for a country that the edition does not have.
    """
    card = edition.cards.get(card_id)
    text = card.texts.get(language) if card else None
    if card and text and version in (text.version, card.version):
        return kept_text(card, text, "this edition")
    kept = archive.find(card_id, language, version) if archive else None
    if kept:
        return kept
    folders = {country.folder: country for country in edition.countries.values()}
    country = folders[card_id.partition("/")[0]]
    try:
        kept = GitHistory(edition.root).find(card_id, language, version, country)
        searched = "this edition, the archive, git"
    except HistoryError as error:
        searched = f"this edition and the archive; {error}"
    if kept is None:
        raise UnknownTextError(f"no text {card_id} ({language}) at {version}: searched {searched}")
    return kept


def kept_text(card: Card, text: Text, where: str) -> Kept:
    """What is worth keeping of a text."""
    parts = {key: getattr(text, key) for key in _TEXT_KEYS}
    return Kept(card.id, text.language, text.version, card.version, **parts, where=where)


def _without_where(kept: Kept) -> dict[str, str]:
    keys = ("card_id", "language", "version", "card_version", *_TEXT_KEYS)
    return {key: getattr(kept, key) for key in keys}


class _AnyWord(tuple[str, ...]):
    """Accepts any topic: an old card may stand under one that is gone by now."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return True
