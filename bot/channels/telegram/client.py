"""Sending through Telegram's Bot API with python-telegram-bot, from ordinary threads."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import TimeoutError as CallTimeout
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.outgoing import Bubble
from bot.settings.environment import Telegram

# Seconds for one call, all phases together.
TIMEOUT = 15.0
# Seconds before "typing" is shown (most answers are there by then), and for how long each showing
# is repeated: clients drop it after 5 (https://core.telegram.org/bots/api#sendchataction).
TYPING_AFTER, TYPING_LASTS = 0.4, 4.0
# Two short titles fit side by side on a narrow phone.
SHORT_TITLE = 14

Result = TypeVar("Result")


class TelegramSender:
    """Sends bubbles as one bot. Its network loop runs in a thread of its own."""

    def __init__(self, account: Telegram) -> None:
        self._bot = Bot(
            account.token,
            base_url=account.api_url,
            request=HTTPXRequest(read_timeout=8, connect_timeout=5, pool_timeout=5),
        )
        self._protect = account.protect_content or None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True).start()

    def send(self, chat_id: str, bubble: Bubble, tokens: Sequence[str]) -> str:
        """Send `bubble` and return Telegram's message id. Raises DeliveryError."""
        message = self._call(self._send(int(chat_id), bubble, tokens))
        return str(message.message_id)

    async def _send(self, chat_id: int, bubble: Bubble, tokens: Sequence[str]) -> Message:
        try:
            return await self._bot.send_message(
                chat_id=chat_id,
                text=bubble.text,
                reply_markup=_keyboard(bubble, tokens),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                protect_content=self._protect,
            )
        except ChatMigrated as moved:
            # A group became a supergroup; the update that says so follows the address.
            return await self._send(moved.new_chat_id, bubble, tokens)

    def acknowledge_tap(self, query_id: str) -> None:
        """End the spinner of a tapped button; one that is too old is no error."""
        try:
            self._call(self._bot.answer_callback_query(query_id))
        except DeliveryError as error:
            if error.outcome is not Outcome.PERMANENT:
                raise

    def remove_buttons(self, chat_id: str, message_id: str) -> None:
        """Take the keyboard off a message that was used; a message already bare is no error."""
        try:
            self._call(
                self._bot.edit_message_reply_markup(
                    chat_id=int(chat_id), message_id=int(message_id)
                )
            )
        except DeliveryError as error:
            if error.outcome is not Outcome.PERMANENT:
                raise

    @contextmanager
    def typing(self, chat_id: str) -> Iterator[None]:
        """Show that an answer is being written while the block takes longer than a moment.

        A convenience: it delays nothing, and when Telegram refuses it nothing is lost.
        """
        showing = asyncio.run_coroutine_threadsafe(self._keep_typing(int(chat_id)), self._loop)
        try:
            yield
        finally:
            showing.cancel()

    async def _keep_typing(self, chat_id: int) -> None:
        await asyncio.sleep(TYPING_AFTER)
        try:
            while True:
                await self._bot.send_chat_action(chat_id, "typing")
                await asyncio.sleep(TYPING_LASTS)
        except TelegramError:
            return

    def _call(self, call: Coroutine[Any, Any, Result]) -> Result:
        future = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            return future.result(TIMEOUT)
        except TelegramError as error:
            raise _refused(error) from None
        except CallTimeout as error:
            raise DeliveryError(Outcome.RETRY, "timeout", uncertain=True) from error


def _keyboard(bubble: Bubble, tokens: Sequence[str]) -> InlineKeyboardMarkup | None:
    if not bubble.options:
        return None
    buttons = [
        InlineKeyboardButton(option.title, callback_data=token)
        for option, token in zip(bubble.options, tokens, strict=True)
    ]
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and len(rows[-1][0].text + button.text) <= 2 * SHORT_TITLE:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows)


def _refused(error: TelegramError) -> DeliveryError:
    """Map PTB's errors; BadRequest is a NetworkError there, so it comes before the rest."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        seconds = wait.total_seconds() if hasattr(wait, "total_seconds") else float(wait)
        return DeliveryError(Outcome.RETRY, "429", seconds)
    if isinstance(error, Forbidden):
        return DeliveryError(Outcome.UNREACHABLE, "403")
    if isinstance(error, InvalidToken):
        return DeliveryError(Outcome.CONFIGURATION, "401")
    if isinstance(error, BadRequest):
        gone = "chat not found" in str(error).lower()
        return DeliveryError(Outcome.UNREACHABLE if gone else Outcome.PERMANENT, "400")
    never_sent = isinstance(
        error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    )
    return DeliveryError(Outcome.RETRY, type(error).__name__, uncertain=not never_sent)
