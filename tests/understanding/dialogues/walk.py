"""`python tests/understanding/dialogues/walk.py`: walk the dialogues through a trained model.

`rasa test core` without `--e2e` takes the intents from the stories, so it checks the rules only.
With `--e2e` it wants the place of every entity in the text, and those of Haki (language, stage,
danger) stand for the whole message. So each message is read here and its intent compared, and
the next action is predicted from what was read; entities are left out.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
import yaml
from rasa.core.agent import Agent
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

FOLDER = Path(__file__).parent
_PROJECT = FOLDER.parents[2]


@dataclass
class Walk:
    """One dialogue as it went: how many turns, and which were read or answered wrongly."""

    story: str
    turns: int = 0
    read: int = 0
    misread: list[str] = field(default_factory=list)
    misled: list[str] = field(default_factory=list)


def dialogues(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Yield the stories of every test_*.yml in `folder`, in the order of files and lines."""
    for path in sorted(folder.glob("test_*.yml")):
        yield from yaml.safe_load(path.read_text("utf-8"))["stories"]


async def walk(agent: Agent, story: dict[str, Any]) -> Walk:
    """Say each line of `story`; after a wrong step the dialogue goes on as it should have."""
    done = Walk(story["story"])
    tracker = DialogueStateTracker.from_events("dialogue", [], agent.domain.slots)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), agent.domain)
    for step in story["steps"]:
        if "intent" in step:
            tracker.update(await _heard(agent, step, done), agent.domain)
            continue
        got = agent.predict_next_with_tracker(tracker)
        best = max(got["scores"], key=lambda one: one["score"])["action"] if got else None
        if best != step["action"]:
            done.misled.append(f"{step['action']} -> {best}")
        tracker.update(ActionExecuted(step["action"]), agent.domain)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), agent.domain)
    return done


async def _heard(agent: Agent, step: dict[str, Any], done: Walk) -> UserUttered:
    done.turns += 1
    if "user" not in step:  # a tap on a menu option: the command names the intent
        return UserUttered(intent={"name": step["intent"], "confidence": 1.0})
    text = step["user"].strip()
    parsed = await agent.parse_message(text)
    done.read += 1
    if parsed["intent"]["name"] != step["intent"]:
        done.misread.append(f"{step['intent']} -> {parsed['intent']['name']}: {text}")
    return UserUttered(text, parsed["intent"], parsed["entities"])


async def main(model: Path) -> int:
    """Print the wrong turns and the sums; the exit status is 1 when a turn was misread."""
    agent = Agent.load(str(model))
    walks = [await walk(agent, story) for story in dialogues()]
    for one in walks:
        for line in [*one.misread, *one.misled]:
            sys.stdout.write(f"{one.story}\n    {line}\n")
    whole = sum(not one.misread and not one.misled for one in walks)
    led = sum(not one.misled for one in walks)
    read = sum(one.read for one in walks)
    wrong = sum(len(one.misread) for one in walks)
    turns = sum(one.turns for one in walks)
    astray = sum(len(one.misled) for one in walks)
    sys.stdout.write(
        f"{whole} of {len(walks)} dialogues understood throughout, {led} with every next step "
        f"right; {read - wrong} of {read} messages read right; {turns - astray} of {turns} next "
        f"steps right\n"
    )
    return 1 if wrong or astray else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Walk the dialogues through a trained model.")
    parser.add_argument("--model", type=Path, default=_PROJECT / ".haki/models/haki.tar.gz")
    sys.path.insert(0, str(_PROJECT))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.exit(asyncio.run(main(parser.parse_args().model)))
