"""Measured economies inside Rasa 3.6.21: what a turn of ours does not need is not done.

Each replaces one method by another that does the same for our kind of model, and leaves every
other case to the original (docs/decisions/0006 and 0013). Besides those in `direct_graph`,
`known_steps` and `action_calls`:

- Rasa looks for the class of each stored event among all classes, every time. Found once, kept.
- Rasa looks at each slot for a way to fill it from the message. None of ours has one.
- Rasa builds an empty domain to see that ours is not empty, before it looks for a message's intent
  and entities in it.
"""

from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import (
    ACTION_VALIDATE_SLOT_MAPPINGS,
    DEFAULT_SLOT_NAMES,
    MAPPING_TYPE,
    SlotMappingType,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY

from bot.dialogue import action_calls, direct_graph, known_steps

_resolve_by_type = Event.resolve_by_type
_extract_slots = ActionExtractSlots.run
_check_for_unseen_features = MessageProcessor._check_for_unseen_features  # noqa: SLF001
_event_types: dict[str, type[Event]] = {}


def _event_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Return the class of events of this name. Raises ValueError as Rasa's method does."""
    if type_name not in _event_types:
        found: type[Event] | None = _resolve_by_type(type_name, default)
        if found is None or found.type_name != type_name:
            return found
        _event_types[type_name] = found
    return _event_types[type_name]


class _SlotsOf:
    """Whether a domain's slots are filled from messages, looked up once for the latest domain."""

    def __init__(self) -> None:
        self._domain: Domain | None = None
        self._none = False

    def only_set_by_actions(self, domain: Domain) -> bool:
        """Tell whether no slot has a way to be filled other than by an action's own events."""
        if domain is not self._domain:
            self._none = ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and all(
                mapping.get(MAPPING_TYPE) == SlotMappingType.CUSTOM.value
                and not mapping.get("action")
                for slot in domain.slots
                if slot.name not in DEFAULT_SLOT_NAMES
                for mapping in slot.mappings
            )
            self._domain = domain
        return self._none


_slots_of = _SlotsOf()


async def _extract(
    action: ActionExtractSlots,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Any]:
    if _slots_of.only_set_by_actions(domain):
        return []
    return list(await _extract_slots(action, output_channel, nlg, tracker, domain))


def _check_for_unseen(processor: MessageProcessor, parse_data: dict[str, Any]) -> None:
    """Warn of an intent or an entity that the domain does not know, as Rasa does."""
    domain = processor.domain
    intents, entities = domain.intents, domain.entities
    if parse_data[INTENT][INTENT_NAME_KEY] not in intents or not all(
        entity["entity"] in entities for entity in parse_data[ENTITIES] or ()
    ):
        _check_for_unseen_features(processor, parse_data)


def install() -> None:
    """Make Rasa use them. Called when our channel is loaded."""
    Event.resolve_by_type = staticmethod(_event_type)
    ActionExtractSlots.run = _extract
    MessageProcessor._check_for_unseen_features = _check_for_unseen  # noqa: SLF001
    direct_graph.install()
    known_steps.install()
    action_calls.install()
