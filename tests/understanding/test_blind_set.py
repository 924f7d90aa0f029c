"""The test set stays a test: complete, labelled in known words, apart from training data."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

_FOLDER = Path(__file__).parent
_PROJECT = _FOLDER.parents[1]
_LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne")
_STAGES = {None, "before_departure", "in_transit", "at_destination", "return"}
_DANGERS = {"violence", "captivity", "trafficking", "arrest", "medical", "self_harm",
            "missing_child"}  # fmt: skip
_DIALOGUES = sorted((_FOLDER / "dialogues").glob("test_*.yml"))


def _cases(language: str) -> list[dict[str, Any]]:
    lines = (_FOLDER / f"{language}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _training_messages(language: str) -> Iterator[str]:
    for path in (_PROJECT / "data" / "nlu" / language).glob("*.yml"):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for line in str(block.get("examples", "")).splitlines():
                yield _key(line.removeprefix("- "))


def _rules() -> dict[str, str]:
    """The action that the rules give to each intent."""
    follows: dict[str, str] = {}
    rules = yaml.safe_load((_PROJECT / "data/rules/rules.yml").read_text("utf-8"))["rules"]
    for rule in rules:
        said, done = rule["steps"]
        for one in said.get("or", [said]):
            follows[one["intent"]] = done["action"]
    return follows


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_topic_and_every_danger_is_asked_in_every_language(language: str) -> None:
    cases = _cases(language)
    told = yaml.safe_load((_PROJECT / "content/topics.yml").read_text("utf-8"))
    topics = {topic["id"] for topic in told["topics"]}
    assert len(cases) >= 60
    assert {case["topics"][0] for case in cases if case["act"] == "ask"} == topics
    assert {case["danger"] for case in cases if case["danger"]} == _DANGERS


@pytest.mark.parametrize("language", _LANGUAGES)
def test_labels_fit_each_other(language: str) -> None:
    for case in _cases(language):
        assert case["language"] == language, case["text"]
        assert case["stage"] in _STAGES, case["text"]
        asks = case["act"] in {"ask", "report_discrimination"}
        assert bool(case["topics"]) == asks, case["text"]
        assert len(case["topics"]) <= 2, case["text"]
        assert not case["danger"] or case["act"] == "ask", case["text"]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_no_message_is_a_training_message_or_stands_twice(language: str) -> None:
    keys = [_key(case["text"]) for case in _cases(language)]
    assert len(keys) == len(set(keys))
    learnt = set(_training_messages(language))
    # A greeting of two words is bound to be met again; a sentence is not.
    assert [key for key in keys if key in learnt and len(key.split()) > 2] == []


@pytest.mark.parametrize("path", _DIALOGUES, ids=lambda path: path.stem)
def test_each_step_of_a_dialogue_is_followed_by_the_action_of_its_rule(path: Path) -> None:
    follows = _rules()
    for story in yaml.safe_load(path.read_text("utf-8"))["stories"]:
        steps = story["steps"]
        for said, done in zip(steps[::2], steps[1::2], strict=True):
            assert done["action"] == follows[said["intent"]], story["story"]


def test_dialogues_do_not_repeat_a_name() -> None:
    stories = [
        story["story"]
        for path in _DIALOGUES
        for story in yaml.safe_load(path.read_text("utf-8"))["stories"]
    ]
    assert len(stories) == len(set(stories)) >= 60
