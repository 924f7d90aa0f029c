"""The providers' webhooks: authenticate, store, acknowledge. Nothing here waits for Rasa."""

import hmac
import json
import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bot.channels.incoming import MalformedPayload
from bot.channels.twilio.inbound import read_message, read_status
from bot.channels.twilio.signature import MAX_BODY, is_genuine, read_form
from bot.messaging.chat_updates import take_update
from bot.messaging.inbox import receive
from bot.messaging.statuses import apply_status
from bot.settings.environment import environment

log = logging.getLogger(__name__)

# Twilio wants TwiML; an empty one says "no reply now" (https://www.twilio.com/docs/messaging/twiml).
NO_REPLY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
View = Callable[[HttpRequest], HttpResponse]


class Refused(Exception):
    """A request that is not taken: the HTTP status, and a sentence for its sender."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def _webhook(view: View) -> View:
    """Make `view` a POST-only endpoint whose refusals are sentences, never exceptions."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refused as refusal:
            return _refuse(request, refusal.status, refusal.sentence)
        except MalformedPayload as error:
            return _refuse(request, 400, str(error))

    return csrf_exempt(require_POST(wrapped))


def _refuse(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    log.warning("%s refused: %s %s", request.path, status, sentence)
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY:
        raise Refused(413, f"A webhook body has at most {MAX_BODY} bytes.")
    return request.body


def public_address(request: HttpRequest) -> str:
    """Return the URL that the provider called: our configured public base, our path, its raw query.

    Never built from Host or X-Forwarded-*: behind a proxy they name an inner host, and from an
    untrusted peer they name anything.
    """
    query = request.META.get("QUERY_STRING", "")
    return environment().public_url + request.path + (f"?{query}" if query else "")


def _twilio_fields(request: HttpRequest) -> dict[str, str]:
    fields = read_form(_body(request))
    token = environment().twilio.auth_token
    signature = request.headers.get("X-Twilio-Signature")
    if not is_genuine(token, public_address(request), fields, signature):
        raise Refused(403, "The X-Twilio-Signature does not fit this request.")
    return dict(fields)


@_webhook
def twilio(request: HttpRequest) -> HttpResponse:
    """Take one SMS or WhatsApp message."""
    fields = _twilio_fields(request)
    receive(read_message(fields, environment().twilio.account_sid))
    return HttpResponse(NO_REPLY, content_type="text/xml")


@_webhook
def twilio_status(request: HttpRequest) -> HttpResponse:
    """Take one status callback; one that names no message of ours is acknowledged too."""
    status = read_status(_twilio_fields(request))
    ours = request.GET.get("m", "")
    apply_status(int(ours) if ours.isascii() and ours.isdigit() else None, status)
    return HttpResponse(status=204)


@_webhook
def telegram(request: HttpRequest) -> HttpResponse:
    """Take one update. Kinds that we do not use are acknowledged, so that they never pile up."""
    account = environment().telegram
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not account.secret or not hmac.compare_digest(given.encode(), account.secret.encode()):
        raise Refused(403, "The secret token is missing or wrong.")
    try:
        update = json.loads(_body(request).decode("utf-8"))
    except ValueError as error:
        raise Refused(400, "The body is not JSON in UTF-8.") from error
    take_update(update)
    return HttpResponse(status=200)


# The views by path, for `bot.urls` and for the short way to them (bot.webhook_door).
DOORS = {
    "/webhooks/twilio/": twilio,
    "/webhooks/twilio/status/": twilio_status,
    "/webhooks/telegram/": telegram,
}
