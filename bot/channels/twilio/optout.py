"""The words that Twilio answers and acts on by itself on ordinary numbers.

https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out: the message must be that single
word, in any case. For STOP words Twilio also blocks what we would send after them (21610).
"""

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
# None of these may be an answer of a menu: Twilio acts on it before we read it.
TAKEN_WORDS = STOP_WORDS | START_WORDS | HELP_WORDS


def answered_by_twilio(text: str) -> bool:
    """Tell whether Twilio itself answers an SMS that says `text`."""
    return text.strip().upper() in STOP_WORDS | START_WORDS
