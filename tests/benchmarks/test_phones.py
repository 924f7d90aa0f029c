from typing import Any

import pytest

from benchmarks.speed.phones import Answer, NoAnswerError, paired

Entry = dict[str, Any]


def inbound(address: str, at: float) -> Entry:
    return {"kind": "inbound", "address": address, "t": at}


def call(address: str, at: float, status: int = 201, path: str = "/x/Messages.json") -> Entry:
    return {"kind": "api", "address": address, "t": at, "status": status, "path": path}


def test_each_message_is_matched_with_the_first_send_to_the_same_person() -> None:
    log = [inbound("a", 0), inbound("b", 5), call("b", 25), call("a", 40), call("a", 60)]

    assert paired(log) == [Answer("a", 40, 2), Answer("b", 20, 1)]


def test_only_messages_that_the_provider_took_are_answers() -> None:
    log = [
        inbound("a", 0),
        {"kind": "callback", "address": "a", "t": 1},
        call("a", 2, status=429),
        call("a", 3, path="/x/Messages/SM1.json"),
        call("a", 30),
    ]

    assert paired(log) == [Answer("a", 30, 1)]


def test_a_message_without_an_answer_of_its_own_spoils_the_run() -> None:
    with pytest.raises(NoAnswerError, match="1 of 2"):
        paired([inbound("a", 0), inbound("a", 50), call("a", 60), call("a", 61)])


def test_sends_to_somebody_who_wrote_before_the_log_began_are_left_out() -> None:
    assert paired([call("z", 1), inbound("a", 2), call("a", 12)]) == [Answer("a", 10, 1)]
