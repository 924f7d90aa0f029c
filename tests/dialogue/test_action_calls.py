"""Calls of the action server are lighter, and the same."""

from collections.abc import AsyncIterator
from typing import Any

import jsonschema
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.dialogue.action_calls import (
    call_format,
    only_slots_and_texts,
    request,
    sessions,
    validate,
)
from bot.settings.environment import PROJECT

DOMAIN = Domain.load(str(PROJECT / "domain.yml"))
SCHEMA = RemoteAction.action_response_format_spec()
values: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({})
)
events = st.fixed_dictionaries(
    {"event": st.sampled_from(["slot", "slot", "bot"]) | values},
    optional={
        "name": st.text(max_size=5) | values,
        "value": values,
        "timestamp": st.none() | values,
        "metadata": values,
    },
)
answers = st.fixed_dictionaries(
    {}, optional={"events": st.lists(events | values) | values, "responses": st.lists(values)}
)


@settings(deadline=None)
@given(answers)
def test_what_is_passed_without_the_schema_fits_the_schema(answer: dict[str, Any]) -> None:
    if only_slots_and_texts(answer):
        jsonschema.validate(answer, SCHEMA)


def test_our_actions_answers_pass_without_the_schema() -> None:
    slot = {"event": "slot", "timestamp": None, "name": "card", "value": "mys/unpaid-wages"}
    assert only_slots_and_texts({"events": [slot], "responses": [{"text": "hello"}]})


def test_an_answer_of_another_form_is_refused() -> None:
    with pytest.raises(jsonschema.ValidationError):
        validate(RemoteAction("a", None), {"events": [{"event": "slot", "name": 3}]})


def test_an_action_is_sent_the_latest_message_and_the_slots_but_no_events() -> None:
    tracker = DialogueStateTracker("1", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("words", {"name": "wages"}, parse_data={"text": "words"}))
    endpoint = EndpointConfig("http://actions", enable_selective_domain=True)

    call = call_format(RemoteAction("action_answer", endpoint), tracker, DOMAIN)

    assert call["next_action"] == "action_answer"
    assert call["tracker"]["latest_message"]["text"] == "words"
    assert set(call["tracker"]["slots"]) >= {"card", "topic"}
    assert call["tracker"]["events"] == []
    assert "domain" not in call


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    """Answers with the client's port; closes or refuses when told so."""

    async def answer(asked: web.Request) -> web.StreamResponse:
        body = await asked.json()
        assert asked.transport is not None
        if body.get("refuse"):
            return web.json_response({"error": "no"}, status=400)
        if body.get("plain"):
            return web.Response(text="words")
        port = asked.transport.get_extra_info("peername")[1]
        if body.get("close"):
            asked.app["closing"].append(asked.transport)
        return web.json_response({"port": port})

    app = web.Application()
    app["closing"] = []
    app.router.add_post("/webhook", answer)
    running = TestServer(app)
    await running.start_server()
    yield running
    await sessions.close()
    await running.close()


def endpoint_of(server: TestServer) -> EndpointConfig:
    return EndpointConfig(str(server.make_url("/webhook")))


async def test_one_connection_serves_many_calls(server: TestServer) -> None:
    endpoint = endpoint_of(server)

    ports = {(await request(endpoint, json={}, compress=False))["port"] for _ in range(3)}

    assert len(ports) == 1


async def test_a_connection_that_the_other_side_closed_is_no_failure(server: TestServer) -> None:
    endpoint = endpoint_of(server)
    first = await request(endpoint, json={"close": True})
    for transport in server.app["closing"]:
        transport.abort()

    second = await request(endpoint, json={})

    assert second["port"] != first["port"]


async def test_a_refusal_is_rasas_error(server: TestServer) -> None:
    with pytest.raises(ClientResponseError) as refused:
        await request(endpoint_of(server), json={"refuse": True})
    assert refused.value.status == 400


async def test_an_answer_that_is_no_json_is_none(server: TestServer) -> None:
    assert await request(endpoint_of(server), json={"plain": True}) is None
