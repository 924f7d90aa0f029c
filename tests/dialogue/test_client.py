"""Reading Rasa's answers, and taking an empty or broken one for the failure it is."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from bot.dialogue.client import RasaClient, RasaFailed, read_answer

MESSAGE: dict[str, Any] = {
    "text": "Yes.",
    "kind": "card",
    "language": "en",
    "sms": "Y",
    "card": "mys/x",
    "version": "abc",
    "buttons": [{"title": "More", "payload": "/more", "short": "M", "optional": True}],
    "effects": [{"do": "welcomed"}],
}


class Answers(BaseHTTPRequestHandler):
    """Answers every post with what the test put into `status` and `body`."""

    status, body = 200, b"[]"
    asked: list[tuple[str, Any]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(length))
        self.asked.append((self.headers["Authorization"], asked))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    Answers.asked = []
    running = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def test_a_reply_keeps_all_that_the_action_said() -> None:
    answer = read_answer([MESSAGE])

    (reply,) = answer.replies
    assert (reply.kind, reply.sms, reply.card, reply.card_version) == ("card", "Y", "mys/x", "abc")
    assert reply.options[0].optional
    assert answer.effects == ({"do": "welcomed"},)


def test_words_and_commands_are_told_apart_and_the_token_is_sent(server: str) -> None:
    Answers.status, Answers.body = 200, json.dumps([MESSAGE]).encode()
    client = RasaClient(server, "secret")

    client.say("id", ["/restart"], {}, "t1")
    client.command("id", "/more", {}, "t1")

    (token, said), (_, commanded) = Answers.asked
    assert token == "Bearer secret"
    assert said["text"] == "/restart"
    assert "command" not in said
    assert commanded["command"] == "/more"


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"[]"), (200, b"{"), (200, b'[{"text": "x"}]'), (401, b"[]"), (500, b"oops")],
)
def test_anything_but_a_whole_answer_is_a_failure(server: str, status: int, body: bytes) -> None:
    Answers.status, Answers.body = status, body

    with pytest.raises(RasaFailed):
        RasaClient(server, "secret").say("id", ["hello"], {}, "t1")


def test_nobody_there_is_a_failure() -> None:
    with pytest.raises(RasaFailed):
        RasaClient("http://127.0.0.1:9", "secret").say("id", ["hello"], {}, "t1")
