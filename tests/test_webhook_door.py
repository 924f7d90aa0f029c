"""The short way to the webhooks: the same request, the same answer, none of the pages' layers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from bot.channels.twilio.signature import MAX_BODY
from bot.webhook_door import View, door

PATH = "/webhooks/here/"


def repeat(request: HttpRequest) -> HttpResponse:
    """Tell what arrived."""
    return JsonResponse(
        {
            "body": request.body.decode(),
            "length": request.META["CONTENT_LENGTH"],
            "method": request.method,
            "path": request.get_full_path(),
            "signature": request.headers.get("X-Twilio-Signature"),
        }
    )


async def site(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"a page"})


async def post(view: View, *parts: bytes, method: str = "POST", **given: Any) -> tuple[int, Any]:
    """Send one request to the door; return the status and the body of the answer."""
    waiting = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)}
        for number, part in enumerate(parts, start=1)
    ] or [{"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": PATH,
        "query_string": b"m=7",
        "headers": [(b"x-twilio-signature", b"abc"), (b"content-type", b"text/plain")],
        **given,
    }
    with ThreadPoolExecutor(1) as threads:
        await door({PATH: view}, threads, site)(scope, receive, send)
    return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


async def test_a_view_sees_the_request_as_it_was_sent() -> None:
    status, body = await post(repeat, b"From=%2B1", b"&Body=hi")

    assert status == 200
    assert (
        HttpResponse(body).content
        == JsonResponse(
            {
                "body": "From=%2B1&Body=hi",
                "length": "17",
                "method": "POST",
                "path": f"{PATH}?m=7",
                "signature": "abc",
            }
        ).content
    )


@pytest.mark.parametrize("given", [{"method": "GET"}, {"path": "/console/"}])
async def test_everything_else_is_the_sites(given: dict[str, str]) -> None:
    assert await post(repeat, b"", **given) == (299, b"a page")


async def test_a_body_that_is_too_long_is_seen_to_be_so_and_not_read_to_its_end() -> None:
    seen: list[int] = []

    def measure(request: HttpRequest) -> HttpResponse:
        seen.append(int(request.META["CONTENT_LENGTH"]))
        return HttpResponse(status=413)

    declared = [(b"content-length", b"1000000")]
    assert (await post(measure, b"x", headers=declared))[0] == 413
    assert (await post(measure, *[b"x" * MAX_BODY] * 3))[0] == 413
    assert seen == [1_000_000, 2 * MAX_BODY]


async def test_who_leaves_before_the_end_is_not_answered() -> None:
    assert await post(repeat) == (0, b"")


async def test_a_connection_that_postgresql_ended_is_replaced() -> None:
    tries: list[bytes] = []

    def once_away(request: HttpRequest) -> HttpResponse:
        tries.append(request.body)
        if len(tries) == 1:
            raise OperationalError
        return HttpResponse("stored")

    assert await post(once_away, b"words") == (200, b"stored")
    assert tries == [b"words", b"words"]


@pytest.mark.parametrize("error", [OperationalError, KeyError])
async def test_a_failure_asks_the_provider_to_try_again_and_logs_no_words(
    error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_: HttpRequest) -> HttpResponse:
        raise error("secret words")

    status, _ = await post(failing, b"secret words")

    assert status == 500
    assert error.__name__ in caplog.text
    assert "secret" not in caplog.text
