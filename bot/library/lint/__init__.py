"""The linter of `content/`: every rule that keeps the library true, all mistakes in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bot.library.edition import Edition, read_edition
from bot.library.errors import Mistake
from bot.library.lint.button_rules import check_menu_words, check_phrases
from bot.library.lint.directory_rules import check_directory
from bot.library.lint.evidence_rules import check_facts, check_review, check_sources
from bot.library.lint.figure_rules import check_figures
from bot.library.lint.form_rules import check_lengths, check_markup
from bot.library.lint.language_rules import (
    check_languages,
    check_owners,
    check_questions,
    check_scripts,
    check_translations,
)
from bot.library.lint.link_rules import check_emergency, check_gaps, check_links
from bot.library.lint.scope import Scope, read_scope
from bot.library.lint.shelf_rules import check_countries, check_topics, check_treaties
from bot.library.lint.wording_rules import (
    check_claims,
    check_covered,
    check_numbers,
    check_reading_ease,
)

Rule = Callable[[Scope], Iterator[Mistake]]

RULES: tuple[Rule, ...] = (
    check_topics,
    check_countries,
    check_treaties,
    check_directory,
    check_lengths,
    check_phrases,
    check_menu_words,
    check_markup,
    check_languages,
    check_owners,
    check_questions,
    check_translations,
    check_scripts,
    check_figures,
    check_claims,
    check_numbers,
    check_reading_ease,
    check_covered,
    check_sources,
    check_review,
    check_facts,
    check_links,
    check_emergency,
    check_gaps,
)


def check(root: Path, today: date) -> list[Mistake]:
    """Every mistake in the edition under `root`, by file and place; none means it may be served.

    `today` is needed for reviews: a card so late that readers no longer get it is a mistake.
    """
    mistakes: list[Mistake] = []
    edition = read_edition(root, mistakes)
    scope = read_scope(edition, today, mistakes)
    for rule in RULES:
        mistakes.extend(rule(scope))
    return sorted(set(mistakes))


__all__ = ["RULES", "Edition", "Rule", "Scope", "check"]
