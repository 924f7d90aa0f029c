"""`haki content` as an editor runs it."""

from __future__ import annotations

import argparse
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.library import Library, commandline
from bot.library.coverage import gaps

Edit = Callable[[str, str, str], None]
TODAY = date(2026, 11, 23)
CARD = "mys/papers-kept"


def haki(root: Path, *arguments: str, today: date = TODAY) -> tuple[int, str]:
    """Exit status, and what was printed on both streams."""
    parser = argparse.ArgumentParser()
    commandline.add_arguments(parser)
    out = io.StringIO()
    options = parser.parse_args(["--content", str(root), *arguments])
    return commandline.run(options, out, out, today), out.getvalue()


def test_check_says_what_it_checked(root: Path) -> None:
    assert haki(root, "check") == (0, "8 cards, 16 texts, 7 contacts: no mistake\n")


def test_check_names_mistakes_and_fails(root: Path, edit: Edit) -> None:
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "A boss **may not** keep it.")
    status, text = haki(root, "check")
    assert status == 1
    assert f"cards/{CARD}/en.md: ## law: holds bold" in text
    assert f"cards/{CARD}/ne.md: source_hash: made from" in text
    assert text.endswith("2 mistakes: markup 1, stale 1\n")
    status, text = haki(root, "check", "--json")
    assert status == 1
    assert {row["rule"] for row in json.loads(text)} == {"markup", "stale"}
    assert haki(root, "check", "directory")[0] == 0


def test_check_reports_files_that_cannot_be_read_too(root: Path) -> None:
    (root / "cards/mys/papers-kept/card.yml").write_text("a: [", encoding="utf-8")
    status, text = haki(root, "check")
    assert status == 1
    assert "not YAML" in text


def test_other_commands_refuse_a_broken_edition_in_words(root: Path) -> None:
    (root / "cards/mys/papers-kept/card.yml").write_text("a: [", encoding="utf-8")
    status, text = haki(root, "coverage")
    assert status == 1
    assert "not YAML" in text
    assert "Traceback" not in text


def test_coverage_shows_every_country_and_names_gaps_with_their_fallback(root: Path) -> None:
    status, text = haki(root, "coverage")
    assert status == 0
    assert "gap: NPL documents: int answers: int/papers" in text
    table = json.loads(haki(root, "coverage", "--json")[1])
    assert len(table["cells"]) == 9
    cell = next(c for c in table["cells"] if (c["country"], c["topic"]) == ("MYS", "wages"))
    assert cell["cards"] == ["mys/unpaid-wages"]
    assert cell["stages"]["return"] == ["mys/unpaid-wages"]
    assert cell["stages"]["in_transit"] == []
    assert cell["languages"] == {"en": 1, "ne": 1}
    assert cell["fallback"] == ["int/wages"]


def test_coverage_of_one_country_tells_its_stages(root: Path) -> None:
    _, text = haki(root, "coverage", "--country", "mys")
    assert "wages" in text
    assert "..dr" in text
    assert "gap: MYS documents in return" in text


def test_coverage_fails_when_a_destination_is_left_without_any_answer(root: Path) -> None:
    for shelf in ("mys/unpaid-wages", "int/wages"):
        for path in (root / "cards" / shelf).iterdir():
            path.unlink()
        (root / "cards" / shelf).rmdir()
    status, text = haki(root, "coverage")
    assert status == 1
    assert "gap: MYS wages: required, NOTHING answers" in text


def test_a_required_gap_is_marked(root: Path) -> None:
    for path in (root / "cards/mys/unpaid-wages").iterdir():
        path.unlink()
    (root / "cards/mys/unpaid-wages").rmdir()
    gap = gaps(Library.load(root).edition)[0]
    assert (gap.country, gap.topic, gap.missing, gap.required) == ("MYS", "wages", "", True)
    assert gap.fallback == ("int/wages",)


def test_the_picture_is_well_formed_and_loads_nothing(root: Path, tmp_path: Path) -> None:
    picture = tmp_path / "coverage.svg"
    haki(root, "coverage", "--picture", str(picture))
    tree = ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own
    titles = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert "MYS, wages: 1 cards, 2 of 4 stages" in titles
    assert "NPL, documents: 0 cards, 0 of 4 stages; int: int/papers" in titles
    assert "href" not in picture.read_text(encoding="utf-8")


def test_stale_lists_what_falls_due_and_what_lags_behind(root: Path, edit: Edit) -> None:
    edit("cards/mys/unpaid-wages/card.yml", "due: 2027-05-23", "due: 2026-12-01")
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "Nobody may keep it.")
    _, text = haki(root, "stale", "--days", "30")
    assert "2026-12-01  served     mys/unpaid-wages" in text
    assert f"translation older than its English: {CARD} ne" in text
    assert "1 cards fall due" in text
    _, text = haki(root, "stale", today=date(2026, 12, 5))
    assert "warned until 2026-12-31" in text
    found = json.loads(haki(root, "stale", "--json", today=date(2027, 1, 1))[1])
    assert found["due"][0]["state"] == "withdrawn"
    assert found["translations"] == [{"card": CARD, "language": "ne"}]


def test_export_is_complete_and_carries_its_licence(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "edition.json"
    assert haki(root, "export", "--output", str(target))[0] == 0
    data = json.loads(target.read_text(encoding="utf-8"))
    assert data["licence"]["id"] == "CC-BY-SA-4.0"
    assert len(data["cards"]) == 8
    card = next(card for card in data["cards"] if card["id"] == CARD)
    assert card["texts"]["ne"]["status"] == "machine"
    assert card["review"] == {"status": "draft", "by": "", "on": "", "due": "2027-05-23"}
    assert card["version"] == Library.load(root).card(CARD).version
    assert {contact["id"] for contact in data["directory"]} >= {"mys-999", "int-desk"}
    assert data["treaties"]["countries"]["MYS"]["CRC"]["since"] == "1995-02-17"


def test_show_gives_the_text_of_today_or_says_what_is_missing(root: Path) -> None:
    status, text = haki(root, "show", CARD, "--language", "ne")
    assert status == 0
    assert "title: मालिकले पासपोर्ट राख्यो" in text
    assert haki(root, "show", "mys/ghost") == (1, "there is no card mys/ghost\n")
    assert haki(root, "show", CARD, "--language", "fr")[0] == 1
    assert haki(root, "show", "xyz/ghost", "--at", "0123456789ab")[0] == 1


def test_show_at_a_version_reads_the_archive(root: Path, edit: Edit, tmp_path: Path) -> None:
    archive = str(tmp_path / "texts.jsonl")
    assert haki(root, "keep", archive)[1] == f"16 texts added to {archive}\n"
    version = Library.load(root).card(CARD).version_of("en")
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "Nobody may keep it.")
    status, text = haki(root, "show", CARD, "--at", version, "--archive", archive)
    assert status == 0
    assert "A boss may not keep it." in text
    assert haki(root, "show", CARD, "--at", "0123456789ab", "--archive", archive)[0] == 1


def test_stamp_writes_the_hash_and_says_where(root: Path, edit: Edit) -> None:
    edit(f"cards/{CARD}/en.md", "A boss may not keep it.", "Nobody may keep it.")
    assert haki(root, "stamp", CARD) == (0, f"{CARD} ne: stamped\n")
    assert haki(root, "check")[0] == 0
    assert haki(root, "stamp", "mys/ghost")[0] == 1


class _Reader(HTMLParser):
    """Text of a page, and every address that it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_review_sheet_holds_all_that_a_lawyer_signs(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "sheet.html"
    assert haki(root, "sheet", CARD, "--output", str(target))[0] == 0
    reader = _Reader()
    reader.feed(target.read_text(encoding="utf-8"))
    text = " ".join(reader.words)
    card = Library.load(root).card(CARD)
    for needed in (
        card.version,
        card.texts["en"].sms,
        card.texts["ne"].sms,
        "Keep a photo of it.",
        "A boss may not keep it.",
        "Example Act 2001, s. 5 (2001)",
        "Nepali help desk",
        "Day, signature",
        "draft",
    ):
        assert needed in text
    assert reader.loads == []


def test_the_review_sheet_escapes_what_editors_write(root: Path, edit: Edit) -> None:
    edit(f"cards/{CARD}/card.yml", "Example Act 2001", "Act <script>x</script> & Co")
    _, page = haki(root, "sheet", CARD)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("command", ["check", "coverage", "stale", "export"])
def test_a_folder_without_an_edition_is_no_empty_edition(tmp_path: Path, command: str) -> None:
    status, text = haki(tmp_path, command)
    assert status == 1
    assert "topics.yml" in text


def test_diff_takes_the_version_of_one_text(root: Path, edit: Edit, tmp_path: Path) -> None:
    archive = str(tmp_path / "texts.jsonl")
    haki(root, "keep", archive)
    version = Library.load(root).card(CARD).version_of("ne")
    edit(f"cards/{CARD}/ne.md", "पासपोर्ट तपाईंको हो।", "पासपोर्ट तपाईंकै हो।")
    status, text = haki(root, "diff", version, CARD, "--archive", archive)
    assert status == 0
    assert f"{CARD} ne sms:" in text
    assert text.endswith(f"2 changes for readers in 1 cards since {version}\n")
    assert haki(root, "diff", "0123456789ab", CARD, "--archive", archive)[0] == 1
    assert haki(root, "diff", version)[0] == 1


def test_treaties_tell_dates_and_what_the_knowledge_is_worth(root: Path) -> None:
    status, text = haki(root, "treaties", "mys", "detention")
    assert status == 0
    assert "art. 37: party since 1995-02-17 (confirmed, as of 2022-08)" in text
    assert "art. 3: not party (secondary, as of 2022-08)" in text
    assert "Compact objective 13 (not binding): Detention only as a last resort." in text
    assert "party since 1991 (date from memory) (unconfirmed)" in haki(root, "treaties", "NPL")[1]
    assert haki(root, "treaties", "XYZ") == (1, "there is no country XYZ\n")
    assert haki(root, "treaties", "MYS", "fishing") == (1, "there is no topic fishing\n")
    assert json.loads(haki(root, "treaties", "MYS", "--json")[1])[0]["country"] == "MYS"
