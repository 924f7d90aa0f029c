"""What is wrong at a provider, in words that an operator can act on."""

from bot.channels.delivery_errors import DeliveryError
from bot.channels.twilio.account import UNSUBMITTED

_TWILIO = {
    "20003": "it does not accept HAKI_TWILIO_ACCOUNT_SID with HAKI_TWILIO_AUTH_TOKEN. One of them"
    " is wrong, or the token was replaced (Twilio console, Account info).",
    "20404": "it does not know what we asked for: is HAKI_TWILIO_ACCOUNT_SID right?",
    "20429": "too many calls at once. Try again in a minute.",
    "network": "it cannot be reached from here. Look at the network, or at HAKI_TWILIO_API_URL and"
    " HAKI_TWILIO_CONTENT_URL if you set them.",
}
_TELEGRAM = {
    "401": "it does not know HAKI_TELEGRAM_TOKEN: it was revoked or is mistyped. @BotFather shows"
    " the present one.",
    "404": "it does not know HAKI_TELEGRAM_TOKEN: it was revoked or is mistyped. @BotFather shows"
    " the present one.",
    "400": "it refuses the webhook. HAKI_PUBLIC_URL must be https with a certificate that is not"
    " self-signed, on port 443, 80, 88 or 8443.",
    "409": "another program polls with this token, or a webhook is set.",
    "429": "too many calls. Try again in a minute.",
}
_APPROVAL = {
    "approved": "approved.",
    "received": "WhatsApp has it; the answer takes minutes to a day. Run `haki channels check`.",
    "pending": "WhatsApp looks at it; the answer takes up to a day. Run `haki channels check`.",
    UNSUBMITTED: "it was never submitted to WhatsApp. Run `haki channels setup`.",
    "rejected": "WhatsApp rejected it, so English is used in its place. See the reason in Twilio's"
    " Content Template Builder; the name cannot be used again, so raise EDITION.",
    "paused": "WhatsApp paused it after complaints, so English is used in its place.",
    "disabled": "WhatsApp switched it off, so English is used in its place.",
}


def twilio(error: DeliveryError) -> str:
    """Return what Twilio's refusal means for the operator."""
    if error.code in _TWILIO:
        return _TWILIO[error.code]
    return f"it refuses: {error.code}. See https://www.twilio.com/docs/api/errors/{error.code}"


def telegram(error: DeliveryError) -> str:
    """Return what Telegram's refusal means for the operator."""
    if error.code in _TELEGRAM:
        return _TELEGRAM[error.code]
    return f"it cannot be asked now ({error.code}). Look at the network, or try again later."


def not_owned(number: str) -> str:
    """Say that a sender of ours does not belong to the account."""
    return (
        f"SMS {number}: this account owns no such number. Correct HAKI_SMS_NUMBERS (such as"
        " +15005550006), or buy the number at Twilio."
    )


def whatsapp_by_hand(url: str) -> str:
    """Say what Twilio's described API cannot set: the webhook of a WhatsApp sender."""
    return (
        f"WhatsApp: set its webhook by hand (Twilio console, Messaging, Senders, WhatsApp): {url}"
    )


def approval(name: str, word: str) -> str:
    """Say what WhatsApp's `word` on the template `name` means."""
    return f"WhatsApp template {name}: {_APPROVAL.get(word, f'WhatsApp says {word!r}.')}"


def may_be_approved(word: str) -> bool:
    """Tell whether a template is approved or may still be."""
    return word in ("approved", "received", "pending")
