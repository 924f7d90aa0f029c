"""Writes the stock project: Rasa's defaults, Haki's intents, rules, stories and examples."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# Whatever was not understood is answered too, as Rasa's documentation advises: a bot that is
# silent would be the faster one.
FALLBACK = "nlu_fallback"
# A card's SMS with its menu, as Haki sent it when this was written (mys/passport-kept). It stands
# here, the same for all topics, because a model has to be trained anew when a response changes.
CARD = """\
Your passport is yours. A boss who keeps it without legal authority breaks the law. A migrant \
group or embassy can call the boss with you. Or ask for it back by text and keep it. Without a \
valid permit get advice before police: arrest is a risk.
1 More
2 Who can help
3 Was this useful?
4 Talk to a person"""

# As `rasa init` writes it: with nothing below, Rasa takes its own default pipeline and policies.
CONFIG = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
policies:
"""
# As `rasa init` leaves it: trackers and locks in memory, no action server.
ENDPOINTS = "# nothing: trackers and locks are kept in memory\n"

Yaml = dict[str, Any]


def write_project(haki: Path, folder: Path, languages: tuple[str, ...]) -> None:
    """Replace `folder` by a stock project made from the Haki project in `haki`.

    `languages`: whose training examples it gets. Nothing in it depends on when it is made.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for language in languages:
        shutil.copytree(haki / "data" / "nlu" / language, folder / "data" / "nlu" / language)
    intents = _read(haki / "domain.yml")["intents"]
    rules = [*_spread(_read(haki / "data/rules/rules.yml")["rules"]), _fallback_rule()]
    stories = _read(haki / "data/stories/stories.yml")["stories"]
    _write(folder / "data/rules.yml", {"rules": [_with_responses(rule) for rule in rules]})
    _write(folder / "data/stories.yml", {"stories": [_with_responses(story) for story in stories]})
    responses = {f"utter_{name}": [{"text": CARD}] for name in [*intents, FALLBACK]}
    _write(folder / "domain.yml", {"intents": [*intents, FALLBACK], "responses": responses})
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "endpoints.yml").write_text(ENDPOINTS, encoding="utf-8")


def _spread(rules: list[Yaml]) -> Iterator[Yaml]:
    """Yield a rule of its own for each intent of a rule that begins with `or`."""
    for rule in rules:
        first, *rest = rule["steps"]
        for choice in first.get("or", [first]):
            yield {"rule": f"{rule['rule']} ({choice['intent']})", "steps": [choice, *rest]}


def _fallback_rule() -> Yaml:
    return {"rule": FALLBACK, "steps": [{"intent": FALLBACK}, {"action": "action_fallback"}]}


def _with_responses(path: Yaml) -> Yaml:
    """Return the rule or story with the response to the intent before in place of each action."""
    steps: list[Yaml] = []
    for step in path["steps"]:
        steps.append({"action": f"utter_{steps[-1]['intent']}"} if "action" in step else step)
    return {**path, "steps": steps}


def _read(path: Path) -> Yaml:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _write(path: Path, content: Yaml) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
