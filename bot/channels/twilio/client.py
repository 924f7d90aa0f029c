"""Sending through Twilio's REST API.

One call makes one message. Twilio has no idempotency key, so an unknown outcome (a time-out, a
5xx) is told apart from a refusal: the caller looks before it tries again.
"""

import json
import logging
from collections.abc import Sequence

from bot.channels.delivery_errors import DeliveryError
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Style
from bot.channels.twilio.account import TwilioAccount
from bot.channels.twilio.calling import caller
from bot.channels.twilio.contents import ContentBook, template, template_name, variables
from bot.settings.environment import Twilio

log = logging.getLogger(__name__)

# Twilio's code for a ContentSid that it does not (or no longer) have.
UNKNOWN_CONTENT = "21655"


class TwilioSender:
    """Sends bubbles by SMS and WhatsApp from one account. Safe to use from several threads."""

    def __init__(self, account: Twilio, contents: ContentBook) -> None:
        self._contents = contents
        self._caller = caller(account.api_url, account.account_sid, account.auth_token)
        self._messages = (
            f"{account.api_url}/2010-04-01/Accounts/{account.account_sid}/Messages.json"
        )
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
        parameters = {"To": recipient, "From": sender, "StatusCallback": status_callback}
        if channel is Channel.WHATSAPP and bubble.style in (Style.BUTTONS, Style.LIST):
            return self._send_content(parameters, bubble, tokens)
        return self._create({**parameters, "Body": bubble.text})

    def send_template(
        self, sender: str, recipient: str, content_sid: str, status_callback: str
    ) -> str:
        """Send an approved WhatsApp template that has no variables; return Twilio's message SID.

        Raises DeliveryError.
        """
        return self._create(
            {
                "To": recipient,
                "From": sender,
                "StatusCallback": status_callback,
                "ContentSid": content_sid,
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
            "ContentVariables": json.dumps(values, ensure_ascii=False),
        }
        sid = self.content_sid(bubble.style, len(choices))
        try:
            return self._create({**parameters, "ContentSid": sid})
        except DeliveryError as error:
            if error.code != UNKNOWN_CONTENT:
                raise
        self._contents.forget(template_name(bubble.style, len(choices)))
        sid = self.content_sid(bubble.style, len(choices))
        return self._create({**parameters, "ContentSid": sid})

    def _create(self, parameters: dict[str, str]) -> str:
        return str(self._caller.post(self._messages, parameters)["sid"])

    def content_sid(self, style: Style, count: int) -> str:
        """Return the SID of the template for `count` options, making it when it is missing."""
        name = template_name(style, count)
        known = self._contents.get(name)
        if known:
            return known
        sid = self._templates.make_content(template(style, count))
        self._contents.put(name, sid)
        return sid
