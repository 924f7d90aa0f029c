"""The economies inside Rasa give what Rasa gives."""

from typing import Any

import pytest
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.dialogue import direct_graph, lighter_rasa
from bot.settings.environment import PROJECT

DOMAIN = Domain.load(str(PROJECT / "domain.yml"))
FILLED_FROM_WORDS = Domain.from_yaml(
    """
    version: "3.1"
    intents: [wages]
    slots:
      said:
        type: text
        influence_conversation: false
        mappings:
        - type: from_text
    """
)


def test_the_methods_that_are_replaced_are_still_there() -> None:
    for owner, name in (
        (MessageProcessor, "_run_action"),
        (MessageProcessor, "_predict_next_with_tracker"),
        (MessageProcessor, "_check_for_unseen_features"),
        (ActionExtractSlots, "run"),
        (DaskGraphRunner, "run"),
        (Event, "resolve_by_type"),
    ):
        assert callable(getattr(owner, name))
    assert PolicyPrediction([1.0], "RulePolicy").max_confidence == 1.0


def test_every_event_has_the_class_that_rasa_finds() -> None:
    for kind in all_subclasses(Event):
        name = kind.type_name
        assert lighter_rasa._event_type(name) is lighter_rasa._resolve_by_type(name)
    with pytest.raises(ValueError, match="nonsense"):
        lighter_rasa._event_type("nonsense")


async def extracted(domain: Domain) -> list[Any]:
    tracker = DialogueStateTracker("1", domain.slots)
    tracker.update(UserUttered("words", {"name": "wages"}))
    generator = TemplatedNaturalLanguageGenerator(domain.responses)
    action = ActionExtractSlots(None)
    return await lighter_rasa._extract(
        action, CollectingOutputChannel(), generator, tracker, domain
    )


async def test_slots_that_words_fill_are_filled_and_ours_are_left_alone() -> None:
    assert await extracted(DOMAIN) == []
    assert [event.value for event in await extracted(FILLED_FROM_WORDS)] == ["words"]
    assert await extracted(DOMAIN) == []


class Joined(GraphComponent):  # type: ignore[misc]
    """Joins what its inputs gave."""

    @classmethod
    def create(cls, config: Any, **_: Any) -> "Joined":
        made = cls()
        made.word = config["word"]
        return made

    word: str

    def run(self, **given: str) -> str:
        return "".join([*sorted(given.values()), self.word])


def node(word: str, **needs: str) -> SchemaNode:
    return SchemaNode(needs, Joined, "create", "run", {"word": word}, eager=True)


SCHEMA = GraphSchema(
    {
        "last": node("d", one="left", two="right"),
        "left": node("b", start="first", given="__given__"),
        "right": node("c", start="first"),
        "first": node("a"),
    }
)


def runner(storage: ModelStorage | None = None) -> DaskGraphRunner:
    return DaskGraphRunner(SCHEMA, storage, ExecutionContext(SCHEMA))


def test_a_graph_runs_as_dask_runs_it() -> None:
    expected = runner()
    for targets in (["last"], ["left", "right"], ["first"], ["last"]):
        given = {"__given__": "x"}
        found = direct_graph.run(expected, given, targets)
        assert found == _DASK(expected, given, targets)
    assert direct_graph.run(expected, {"__given__": "x"}, ["last"]) == {"last": "acaxbd"}


def test_a_graphs_failures_are_rasas() -> None:
    with pytest.raises(GraphRunError):
        direct_graph.run(runner(), {"__given__": "first"}, ["last"])
    with pytest.raises(GraphRunError, match="Missing input"):
        direct_graph.run(runner(), {}, ["last"])


_DASK = DaskGraphRunner.run
