"""Every action of the domain exists, and answers whatever state the conversation is in."""

from typing import Any

import pytest
import yaml
from rasa_sdk.utils import all_subclasses

import actions
from actions.base import HakiAction
from bot.settings.environment import PROJECT
from tests.actions.conftest import Start

DOMAIN: dict[str, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text())
KINDS = {
    "welcome", "language_set", "ask_country", "ask_stage", "menu", "clarify", "card", "card_part",
    "directory", "emergency", "offer_human", "ask_consent", "case_opened", "case_reply",
    "report_step", "feedback", "notice", "help", "opted_out", "opted_in", "deleted", "fallback",
    "goodbye", "template",
}  # fmt: skip


def every_action() -> dict[str, HakiAction]:
    import importlib
    import pkgutil

    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    return {action().name(): action() for action in all_subclasses(HakiAction)}


def test_the_domain_lists_exactly_the_actions_that_exist() -> None:
    assert set(DOMAIN["actions"]) == set(every_action())


@pytest.mark.parametrize("language", ["en", "ne", "ar", "zh", "am", "ht", "fr", "es", "pt"])
@pytest.mark.parametrize("name", sorted(every_action()))
async def test_every_action_says_something_of_a_known_kind(
    start: Start, name: str, language: str
) -> None:
    for known in ({}, {"prefix": "MY"}, {"country": "NPL"}, {"country": "QAT"}):
        said = await start(language=language, **known).run(every_action()[name], "words", "wages")

        assert said, (name, known)
        assert {message["kind"] for message in said} <= KINDS
        assert all(message["text"].strip() for message in said)
        for button in [button for message in said for button in message["buttons"]]:
            assert button["payload"].startswith("/")
            assert 0 < len(button["title"]) <= 24
