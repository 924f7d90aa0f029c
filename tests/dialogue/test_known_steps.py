"""What is remembered of Rasa's predictions is what Rasa would predict."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.training import load_data
from rasa.engine.constants import PLACEHOLDER_TRACKER
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.known_steps import only_the_turn_counts, predict, situation
from bot.settings.environment import PROJECT

DOMAIN = Domain.load(str(PROJECT / "domain.yml"))
LONGER_RULE = """
version: "3.1"
rules:
- rule: two actions in a row
  steps:
  - intent: thanks
  - action: action_thanks
  - action: action_bye
"""


def trained(kind: type[Any], trackers: list[Any], folder: Path, **config: Any) -> Policy:
    folder.mkdir()
    policy = kind(
        {**kind.get_default_config(), **config},
        LocalModelStorage(folder),
        Resource(kind.__name__),
        ExecutionContext(GraphSchema({})),
    )
    policy.train(trackers, DOMAIN)
    return policy


class Runner:
    """A graph of policies, and how often it was asked."""

    def __init__(self, policies: list[Policy]) -> None:
        self._instantiated_nodes = {
            policy.__class__.__name__: SimpleNamespace(_component=policy) for policy in policies
        }
        self.asked = 0

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, PolicyPrediction]:
        self.asked += 1
        tracker = inputs[PLACEHOLDER_TRACKER]
        said = [
            node._component.predict_action_probabilities(tracker, DOMAIN)
            for node in self._instantiated_nodes.values()
        ]
        best = DefaultPolicyPredictionEnsemble().combine_predictions(said, tracker, DOMAIN)
        return {targets[0]: best}


def processor_of(policies: list[Policy]) -> Any:
    return SimpleNamespace(
        domain=DOMAIN,
        model_metadata=SimpleNamespace(core_target="best"),
        graph_runner=Runner(policies),
    )


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> list[Policy]:
    trackers = load_data(str(PROJECT / "data"), DOMAIN, augmentation_factor=0)
    folder = tmp_path_factory.mktemp("policies")
    rules = trained(RulePolicy, trackers, folder / "rules")
    return [rules, trained(MemoizationPolicy, trackers, folder / "memory", max_history=3)]


def begun() -> DialogueStateTracker:
    tracker = DialogueStateTracker("1", DOMAIN.slots)
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(SessionStarted())
    tracker.update(ActionExecuted("action_listen"))
    return tracker


def said(intent: str) -> UserUttered:
    return UserUttered("words", {"name": intent, "confidence": 0.4})


def told(prediction: PolicyPrediction) -> tuple[Any, ...]:
    return (
        prediction.probabilities,
        prediction.policy_name,
        prediction.policy_priority,
        [event.as_dict() | {"timestamp": 0} for event in prediction.events],
        prediction.is_end_to_end_prediction,
        prediction.is_no_user_prediction,
        prediction.hide_rule_turn,
    )


def walk(processor: Any, rasa: Any, intents: list[str]) -> None:
    """Let both predict each step of one conversation; what Rasa says is done."""
    tracker = begun()
    for intent in intents:
        tracker.update(said(intent))
        for _ in range(4):
            expected = told(predict(rasa, tracker.copy()))
            prediction = predict(processor, tracker)
            assert told(prediction) == expected
            tracker.update_with_events(prediction.events, DOMAIN)
            name = DOMAIN.action_names_or_texts[prediction.max_confidence_index]
            tracker.update(
                ActionExecuted(
                    name, prediction.policy_name, hide_rule_turn=prediction.hide_rule_turn
                )
            )
            if name == "action_listen":
                break
            tracker.update_with_events([BotUttered("answer"), SlotSet("card", "a")], DOMAIN)


def test_every_step_of_many_conversations_is_what_rasa_predicts(
    policies: list[Policy], monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = processor_of(policies)
    chosen = random.Random(7)  # noqa: S311 - which conversations are walked
    for _ in range(12):
        rasa = processor_of(policies)
        monkeypatch.setattr(rasa, "graph_runner", _Forgetful(policies))
        walk(processor, rasa, chosen.choices(sorted(DOMAIN.intents), k=12))


class _Forgetful(Runner):
    """Policies that `predict` does not know, so that it asks each time."""

    def __init__(self, policies: list[Policy]) -> None:
        super().__init__(policies)
        self._hidden = self._instantiated_nodes
        self._instantiated_nodes = {}

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, PolicyPrediction]:
        shown, self._instantiated_nodes = self._instantiated_nodes, self._hidden
        try:
            return super().run(inputs, targets)
        finally:
            self._instantiated_nodes = shown


def test_a_situation_is_asked_about_once(policies: list[Policy]) -> None:
    processor = processor_of(policies)
    for _ in range(5):
        tracker = begun()
        tracker.update(said("wages"))
        prediction = predict(processor, tracker)

    assert processor.graph_runner.asked == 1
    assert DOMAIN.action_names_or_texts[prediction.max_confidence_index] == "action_answer"


def test_each_prediction_has_events_of_its_own(policies: list[Policy]) -> None:
    processor = processor_of(policies)
    trackers = [begun(), begun()]
    for tracker in trackers:
        tracker.update(said("wages"))
    first, second = (predict(processor, tracker) for tracker in trackers)

    assert first.events
    assert first.events[0] is not second.events[0]


def test_rules_that_look_back_further_are_left_to_rasa(
    policies: list[Policy], tmp_path: Path
) -> None:
    (tmp_path / "rules.yml").write_text(LONGER_RULE, encoding="utf-8")
    trackers = load_data(str(tmp_path / "rules.yml"), DOMAIN, augmentation_factor=0)

    assert only_the_turn_counts(policies)
    assert not only_the_turn_counts([trained(RulePolicy, trackers, tmp_path / "longer")])
    assert not only_the_turn_counts(policies[1:])


@pytest.mark.parametrize(
    "event",
    [ActionExecutionRejected("action_answer"), ActiveLoop("a_form"), ActionExecuted("action_bye")],
)
def test_unusual_turns_are_left_to_rasa(event: Any) -> None:
    tracker = begun()
    tracker.update(said("wages"))
    tracker.update(ActionExecuted("action_answer"))
    assert situation(tracker) == ("wages", "action_answer")

    tracker.update(event)

    assert situation(tracker) is None


def test_nothing_is_known_before_anybody_spoke() -> None:
    assert situation(begun()) is None
