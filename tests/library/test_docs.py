"""The editors' documents say what the code does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml

from bot.library import commandline
from bot.library.lint import check

DOCS = Path(__file__).parents[2] / "docs" / "editors"
BROKEN = Path(__file__).parent / "broken"


def test_the_template_is_a_card_once_its_fact_and_contact_are_named(root: Path) -> None:
    card = root / "cards/mys/from-template"
    card.mkdir()
    data = (DOCS / "template/card.yml").read_text(encoding="utf-8")
    data = data.replace("country-fact", "mys-wages").replace("country-contact", "mys-union")
    (card / "card.yml").write_text(data, encoding="utf-8")
    (card / "en.md").write_text((DOCS / "template/en.md").read_text("utf-8"), encoding="utf-8")
    mistakes = check(root, date(2026, 11, 23))
    assert [(mistake.file, mistake.rule) for mistake in mistakes] == [
        ("cards/mys/from-template/ne.md", "languages")
    ]


def test_every_rule_is_explained() -> None:
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", (DOCS / "rules.md").read_text("utf-8"), re.M))
    shown = {
        mistake["rule"]
        for fixture in BROKEN.iterdir()
        for mistake in yaml.safe_load((fixture / "expected.yml").read_text("utf-8"))["mistakes"]
    }
    assert explained == shown


def test_every_command_is_explained() -> None:
    text = (DOCS / "index.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`haki content ([a-z]+)", text))
    assert explained == {*commandline.COMMANDS, "preview"}


def test_links_between_the_documents_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
