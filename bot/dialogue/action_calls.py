"""Calling the action server: one kept connection, no more than an action reads, no copies.

Rasa 3.6.21 opens a connection for each call, sends every event of the conversation, replays the
conversation into a copy for it, and checks the answer against a schema of all event types
(docs/decisions/0006 and 0013). What an action does and returns is the same.
"""

import asyncio
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator
from rasa.core.actions.action import ActionExecutionRejection, ActionListen, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

_SCHEMA = RemoteAction.action_response_format_spec()
Draft202012Validator.check_schema(_SCHEMA)
_VALIDATOR = Draft202012Validator(_SCHEMA)
# Seconds that an unused connection is kept: less than the 5 after which Sanic, the action
# server's web server, closes it (KEEP_ALIVE_TIMEOUT), so that no call meets a closing one.
KEPT = 3.0
# Events of an action after which Rasa does more than to note them.
_RASAS_OWN = (UserUttered, ActionExecutionRejected)

_request = EndpointConfig.request
_run_action = MessageProcessor._run_action  # noqa: SLF001


class KeptSessions:
    """One aiohttp session for each event loop and endpoint."""

    def __init__(self) -> None:
        self._sessions: dict[int, tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession]] = {}

    def of(self, endpoint: EndpointConfig) -> aiohttp.ClientSession:
        """Return the session for `endpoint` in the running loop."""
        loop = asyncio.get_running_loop()
        kept = self._sessions.get(id(endpoint))
        if kept is None or kept[0] is not loop or kept[1].closed:
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            )
            kept = self._sessions[id(endpoint)] = (loop, session)
        return kept[1]

    async def close(self) -> None:
        """Close what is kept for the running loop."""
        loop = asyncio.get_running_loop()
        for key, (made_in, session) in list(self._sessions.items()):
            if made_in is loop:
                await session.close()
                del self._sessions[key]


sessions = KeptSessions()


async def request(endpoint: EndpointConfig, method: str = "post", **options: Any) -> Any:
    """Do what `EndpointConfig.request` does, over a kept connection where that is all the same.

    A call that meets a connection just closed by the other side is made once more: our actions
    change nothing themselves (docs/decisions/0007), so it does not matter whether it had begun.
    """
    if set(options) - {"json", "timeout", "compress"} or not _is_plain(endpoint):
        return await _request(endpoint, method, **options)
    try:
        return await _ask(endpoint, method, options)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        return await _ask(endpoint, method, options)


def _is_plain(endpoint: EndpointConfig) -> bool:
    given = (endpoint.basic_auth, endpoint.cafile, endpoint.token, endpoint.params)
    return bool(endpoint.url) and not any(given)


async def _ask(endpoint: EndpointConfig, method: str, options: dict[str, Any]) -> Any:
    session = sessions.of(endpoint)
    async with session.request(method, endpoint.url, headers=endpoint.headers, **options) as given:
        if given.status >= 400:
            raise ClientResponseError(given.status, given.reason, await given.content.read())
        try:
            return await given.json()
        except aiohttp.ContentTypeError:
            return None


def call_format(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> Any:
    """Return what Rasa sends, with an empty list of events: none of our actions reads those."""
    return _call_format(action, _Latest(tracker), domain)


class _Latest:
    """A tracker whose state has no events."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._tracker = tracker
        self.sender_id = tracker.sender_id

    def current_state(self, _verbosity: EventVerbosity) -> dict[str, Any]:
        return {**self._tracker.current_state(EventVerbosity.NONE), "events": []}


_call_format = RemoteAction._action_call_format  # noqa: SLF001


def validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
    """Raise jsonschema.ValidationError for an answer that is not of Rasa's form.

    Answers that hold slots and texts only, as ours do, are seen to be right without the schema.
    """
    if not only_slots_and_texts(result):
        _VALIDATOR.validate(result)
    return True


def only_slots_and_texts(result: Any) -> bool:
    """Tell whether the schema must accept `result`: every event sets a slot, nothing else."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(response, dict) for response in responses)
        and all(_sets_a_slot(event) for event in events)
    )


def _sets_a_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and set(event) == {"event", "timestamp", "name", "value"}
        and event["event"] == "slot"
        and event["timestamp"] is None
        and isinstance(event["name"], str)
    )


async def run_action(
    processor: MessageProcessor,
    action: Any,
    tracker: DialogueStateTracker,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    prediction: PolicyPrediction,
) -> bool:
    """Do what `MessageProcessor._run_action` does, for actions that only read the tracker.

    Those need no copy of it; others, and answers that are more than slots and texts, are Rasa's.
    """
    if type(action) not in (RemoteAction, ActionListen):
        return bool(await _run_action(processor, action, tracker, output_channel, nlg, prediction))
    shown = _Once(action)
    try:
        events = await action.run(output_channel, nlg, tracker, processor.domain)
    except ActionExecutionRejection as rejection:
        shown.error = rejection
    except Exception as error:  # noqa: BLE001 - Rasa logs it and goes on, whatever it is
        shown.error = error
    else:
        if not any(isinstance(event, _RASAS_OWN) for event in events):
            tracker.update_with_events(prediction.events, processor.domain)
            tracker.update(action.event_for_successful_execution(prediction))
            tracker.update_with_events(events, processor.domain)
            await processor.execute_side_effects(events, tracker, output_channel)
            return bool(processor.should_predict_another_action(action.name()))
        shown.events = events
    return bool(await _run_action(processor, shown, tracker, output_channel, nlg, prediction))


class _Once:
    """An action that has run: it gives Rasa what it returned or raised, without running again."""

    def __init__(self, action: Any) -> None:
        self._action = action
        self.events: list[Any] = []
        self.error: Exception | None = None

    def name(self) -> str:
        return str(self._action.name())

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Any:
        return self._action.event_for_successful_execution(prediction)

    async def run(self, *_: Any) -> list[Any]:
        if self.error is not None:
            raise self.error
        return self.events


def install() -> None:
    """Let Rasa call the action server this way."""
    EndpointConfig.request = request
    RemoteAction._action_call_format = call_format  # noqa: SLF001
    RemoteAction._validate_action_result = validate  # noqa: SLF001
    MessageProcessor._run_action = run_action  # noqa: SLF001
