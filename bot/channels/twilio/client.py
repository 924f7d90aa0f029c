"""Sending through Twilio's REST API.

One call makes one message. Twilio has no idempotency key, so an unknown outcome (a time-out, a
5xx) is told apart from a refusal: the caller looks before it tries again.
"""

import json
import logging
from collections.abc import Sequence

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Style
from bot.channels.twilio.account import TwilioAccount
from bot.channels.twilio.contents import ContentBook, template, template_name, variables
from bot.channels.twilio.errors import outcome
from bot.settings.environment import Twilio

log = logging.getLogger(__name__)

# Seconds. Twilio answers a create call within a second; its own limit for us is 15.
TIMEOUT = 10.0
NETWORK = "network"
# Twilio's code for a ContentSid that it does not (or no longer) have.
UNKNOWN_CONTENT = "21655"


class TwilioSender:
    """Sends bubbles by SMS and WhatsApp from one account. Safe to use from several threads."""

    def __init__(self, account: Twilio, contents: ContentBook) -> None:
        http = TwilioHttpClient(timeout=TIMEOUT)
        if http.session is not None:
            http.session.trust_env = account.api_url.startswith("https://")
        self._contents = contents
        self._client = Client(account.account_sid, account.auth_token, http_client=http)
        self._client.api.base_url = account.api_url
        self._templates = TwilioAccount(account)

    def send(
        self,
        channel: Channel,
        sender: str,
        recipient: str,
        bubble: Bubble,
        tokens: Sequence[str],
        status_callback: str,
    ) -> str:
        """Send `bubble` and return Twilio's message SID.

        `tokens` are the options' button tokens. Raises DeliveryError.
        """
        parameters = {"to": recipient, "from_": sender, "status_callback": status_callback}
        if channel is Channel.WHATSAPP and bubble.style in (Style.BUTTONS, Style.LIST):
            return self._send_content(parameters, bubble, tokens)
        return self._create({**parameters, "body": bubble.text})

    def send_template(
        self, sender: str, recipient: str, content_sid: str, status_callback: str
    ) -> str:
        """Send an approved WhatsApp template that has no variables; return Twilio's message SID.

        Raises DeliveryError.
        """
        return self._create(
            {
                "to": recipient,
                "from_": sender,
                "status_callback": status_callback,
                "content_sid": content_sid,
            }
        )

    def _send_content(
        self, parameters: dict[str, str], bubble: Bubble, tokens: Sequence[str]
    ) -> str:
        """Send buttons or a list; a template that was deleted at Twilio is made again once."""
        choices = [(o.title, token) for o, token in zip(bubble.options, tokens, strict=True)]
        values = variables(bubble.style, bubble.text, choices, bubble.list_label)
        parameters = {
            **parameters,
            "content_variables": json.dumps(values, ensure_ascii=False),
        }
        sid = self.content_sid(bubble.style, len(choices))
        try:
            return self._create({**parameters, "content_sid": sid})
        except DeliveryError as error:
            if error.code != UNKNOWN_CONTENT:
                raise
        self._contents.forget(template_name(bubble.style, len(choices)))
        sid = self.content_sid(bubble.style, len(choices))
        return self._create({**parameters, "content_sid": sid})

    def _create(self, parameters: dict[str, str]) -> str:
        try:
            return str(self._client.messages.create(**parameters).sid)
        except TwilioRestException as error:
            raise _refused(error) from None
        except requests.RequestException as error:
            raise DeliveryError(Outcome.RETRY, NETWORK, uncertain=_was_sent(error)) from error

    def content_sid(self, style: Style, count: int) -> str:
        """Return the SID of the template for `count` options, making it when it is missing."""
        name = template_name(style, count)
        known = self._contents.get(name)
        if known:
            return known
        sid = self._templates.make_content(template(style, count))
        self._contents.put(name, sid)
        return sid


def _refused(error: TwilioRestException) -> DeliveryError:
    code, status = str(error.code), int(error.status)
    return DeliveryError(outcome(code, status), code, uncertain=status >= 500)


def _was_sent(error: requests.RequestException) -> bool:
    """Tell whether the request may have reached Twilio: all but a connection never made."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    return not isinstance(getattr(cause, "reason", None), NewConnectionError)
