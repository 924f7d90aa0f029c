"""`haki telegram_poll`: takes Telegram's updates without a public address."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.incoming import MalformedPayload
from bot.channels.telegram.polling import Poller
from bot.messaging.chat_updates import take_update
from bot.settings.environment import environment

log = logging.getLogger(__name__)

# Seconds between two tries while Telegram is away.
PAUSE = 3.0
_ADVICE = {
    "401": "HAKI_TELEGRAM_TOKEN is not a token that Telegram knows.",
    "404": "HAKI_TELEGRAM_TOKEN is not a token that Telegram knows.",
    "409": "Another program polls with this token. Stop it first.",
}


class Command(BaseCommand):
    """Polls until it is told to stop."""

    help = "Take Telegram updates by polling, for a machine without a public address."

    def handle(self, *args: Any, **options: Any) -> None:
        account = environment().telegram
        if account.mode != "polling":
            raise CommandError("HAKI_TELEGRAM_MODE is not 'polling'.")
        poller = Poller(account)
        _patiently(poller.start)
        while True:
            _patiently(lambda: poller.poll(take))


def take(update: Any) -> None:
    """Store one update; one that is not of Telegram's form is logged and left behind."""
    try:
        take_update(update)
    except MalformedPayload as error:
        log.warning("an update was left out: %s", error)


def _patiently(call: Any) -> None:
    try:
        call()
    except DeliveryError as error:
        if error.outcome is Outcome.CONFIGURATION:
            raise CommandError(_ADVICE.get(error.code, str(error))) from None
        log.warning("Telegram is away: %s", error)
        time.sleep(error.wait or PAUSE)
    except DatabaseError as error:
        # An update is confirmed only after it was stored, so it comes again.
        log.warning("the database is away: %s", type(error).__name__)
        connection.close()
        time.sleep(PAUSE)
