"""Predicting a step once for each situation instead of once for each message.

Our rules look at nothing but the latest intent and the action before the step. Then Rasa's
prediction for such a situation is always the same, so it is asked once and remembered
(20 % of Rasa's processor time per message, docs/decisions/0013-cpu-per-answer.md). A model whose
rules look at more is left to Rasa, and so is every step that no rule decides.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

# Rasa's own confidence in what a rule decides.
CERTAIN = 1.0
# The latest intent, and the action of this turn that came before the step ('' for none yet).
Situation = tuple[str, str]
# What may follow a person's words in a turn without changing what the rules see.
_HARMLESS = (BotUttered, SlotSet, DefinePrevUserUtteredFeaturization)

_ask_rasa = MessageProcessor._predict_next_with_tracker  # noqa: SLF001
_known: WeakKeyDictionary[DaskGraphRunner, "KnownSteps"] = WeakKeyDictionary()


class KnownSteps:
    """What one loaded model predicts, by situation."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._usable = only_the_turn_counts(list(policies))
        self._steps: dict[Situation, PolicyPrediction] = {}

    def recall(self, now: Situation) -> PolicyPrediction | None:
        """Return the prediction for `now` with events of its own, None if it is not known."""
        known = self._steps.get(now)
        return copied(known) if known is not None else None

    def remember(self, now: Situation, prediction: PolicyPrediction) -> None:
        """Keep what a rule decided without further events of its own."""
        plain = all(type(e) is DefinePrevUserUtteredFeaturization for e in prediction.events)
        by_rule = str(prediction.policy_name).endswith(RulePolicy.__name__)
        if self._usable and plain and by_rule and prediction.max_confidence == CERTAIN:
            self._steps[now] = copied(prediction)


def only_the_turn_counts(policies: list[Policy]) -> bool:
    """Tell whether what a rule decides depends on the intent and the action before, only.

    So it is when each rule's states name an intent and a previous action and nothing else, none
    is longer than a turn, and no other policy can overrule a rule.
    """
    ruling = [policy for policy in policies if type(policy) is RulePolicy]
    others = [policy for policy in policies if type(policy) is not RulePolicy]
    if len(ruling) != 1 or any(type(policy) is not MemoizationPolicy for policy in others):
        return False
    (rules,) = ruling
    if any(policy.priority >= rules.priority for policy in others):
        return False
    keys = rules.lookup.get("rules", {})
    return bool(keys) and all(
        _within_a_turn(rules._rule_key_to_state(key))  # noqa: SLF001
        for key in keys
    )


def _within_a_turn(states: list[Mapping[str, Mapping[str, Any]]]) -> bool:
    """Tell whether a rule begins where a person has just spoken, and names nothing else."""
    return (
        0 < len(states) <= 2
        and all(set(state) == {USER, PREVIOUS_ACTION} for state in states)
        and all(set(state[USER]) == {INTENT} for state in states)
        and all(set(state[PREVIOUS_ACTION]) == {ACTION_NAME} for state in states)
        and states[0][PREVIOUS_ACTION][ACTION_NAME] == ACTION_LISTEN_NAME
    )


def situation(tracker: DialogueStateTracker) -> Situation | None:
    """Return where the turn stands; None where more than intent and action may count.

    That is: while a form is active, after an action was rejected or demanded, before anybody
    spoke, and after the second action of a turn.
    """
    if tracker.active_loop_name or tracker.followup_action:
        return None
    ran: list[str] = []
    backwards = reversed(tracker.events)
    for event in backwards:
        if type(event) is UserUttered:
            break
        if type(event) is ActionExecuted:
            ran.append(event.action_name or "")
        elif type(event) not in _HARMLESS:
            return None
    else:
        return None
    if event is not tracker.latest_message or not event.intent_name or len(ran) > 1 or "" in ran:
        return None
    before = next((e.action_name for e in backwards if type(e) is ActionExecuted), None)
    if before != ACTION_LISTEN_NAME or (not ran and event is not tracker.events[-1]):
        return None
    return event.intent_name, "".join(ran)


def copied(prediction: PolicyPrediction) -> PolicyPrediction:
    """Return `prediction` with new events: a tracker keeps and marks those that it is given."""
    return PolicyPrediction(
        prediction.probabilities,
        prediction.policy_name,
        prediction.policy_priority,
        [
            DefinePrevUserUtteredFeaturization(event.use_text_for_featurization)
            for event in prediction.events
        ],
        prediction.optional_events,
        prediction.is_end_to_end_prediction,
        prediction.is_no_user_prediction,
        prediction.diagnostic_data,
        prediction.hide_rule_turn,
        prediction.action_metadata,
    )


def predict(processor: MessageProcessor, tracker: DialogueStateTracker) -> PolicyPrediction:
    """Return what Rasa predicts for `tracker`."""
    now = situation(tracker)
    if now is None:
        return _ask_rasa(processor, tracker)
    runner = processor.graph_runner
    if runner not in _known:
        nodes = runner._instantiated_nodes.values()  # noqa: SLF001
        components = (node._component for node in nodes)  # noqa: SLF001
        _known[runner] = KnownSteps(c for c in components if isinstance(c, Policy))
    recalled = _known[runner].recall(now)
    if recalled is not None:
        return recalled
    prediction = _ask_rasa(processor, tracker)
    _known[runner].remember(now, prediction)
    return prediction


def install() -> None:
    """Let Rasa's processor remember its steps."""
    MessageProcessor._predict_next_with_tracker = predict  # noqa: SLF001
