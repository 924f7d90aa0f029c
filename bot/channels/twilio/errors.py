"""Twilio's error codes as outcomes.

Codes and meanings: https://www.twilio.com/docs/api/errors/<code>. Twilio asks not to hang logic
on codes because causes move, so this is a table of defaults: an unknown code is tried again.
"""

from bot.channels.delivery_errors import Outcome

OUTCOMES: dict[str, Outcome] = {
    "20003": Outcome.CONFIGURATION,  # bad credentials
    "20429": Outcome.RETRY,  # too many concurrent calls: nothing was made
    "21211": Outcome.PERMANENT,  # To is not a valid number
    "21212": Outcome.CONFIGURATION,  # From is not a valid number
    "21408": Outcome.CONFIGURATION,  # the country is not enabled for the account
    "21606": Outcome.CONFIGURATION,  # From is not ours or cannot send SMS
    "21608": Outcome.CONFIGURATION,  # a trial account sends to verified numbers only
    "21610": Outcome.OPTED_OUT,  # the recipient sent STOP
    "21611": Outcome.RETRY,  # the sender's queue is full
    "21612": Outcome.PERMANENT,  # no route between From and To
    "21614": Outcome.UNREACHABLE,  # To cannot take SMS
    "21617": Outcome.PERMANENT,  # body over 1,600 characters
    "21655": Outcome.CONFIGURATION,  # ContentSid is wrong
    "21656": Outcome.PERMANENT,  # ContentVariables are wrong
    "21658": Outcome.PERMANENT,  # a content variable over 1,600 characters
    "21730": Outcome.RETRY,  # maintenance
    "30001": Outcome.RETRY,  # queue overflow
    "30002": Outcome.CONFIGURATION,  # account suspended
    "30003": Outcome.RETRY,  # the handset is off or without signal
    "30004": Outcome.PERMANENT,  # blocked by the recipient or a filter
    "30005": Outcome.UNREACHABLE,  # unknown or inactive number
    "30006": Outcome.UNREACHABLE,  # landline or unreachable carrier
    "30007": Outcome.PERMANENT,  # filtered as spam
    "30008": Outcome.RETRY,  # the carrier gave no reason
    "63003": Outcome.UNREACHABLE,  # not valid on WhatsApp
    "63007": Outcome.CONFIGURATION,  # no WhatsApp sender for this From
    "63014": Outcome.UNREACHABLE,  # blocked by the person
    "63016": Outcome.PERMANENT,  # free-form text outside the service window
    "63024": Outcome.UNREACHABLE,  # recipient cannot take WhatsApp messages
}


def outcome(code: str, status: int) -> Outcome:
    """Return what Twilio's error `code` (or, without one, the HTTP `status`) means for us."""
    if code in OUTCOMES:
        return OUTCOMES[code]
    if status in (401, 403):
        return Outcome.CONFIGURATION
    return Outcome.PERMANENT if status == 400 else Outcome.RETRY
