"""Twilio's error answers. Codes and texts: protocols.md 2.5 and public reports of real answers."""

from __future__ import annotations

from typing import Any

MESSAGES: dict[int, str] = {
    20001: "Invalid parameter",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    21211: "Invalid 'To' Phone Number: {value}",
    21212: "Invalid From Number (caller ID): {value}",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the "
    "'To' number: {value}",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided ({value}) is not a valid message-capable Twilio "
    "phone number for this destination/account",
    21609: "The 'StatusCallback' URL {value} is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number: {value}, is not currently reachable using the 'From' phone "
    "number via SMS",
    21614: "'To' number is not a valid mobile number: {value}",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21619: "A text message body or media urls must be specified.",
    21654: "ContentSid Required",
    21655: "The ContentSid is Invalid.",
    21656: "The Content Variables parameter is invalid.",
    21658: "Content variable exceeds the 1600 character limit",
    21910: "Invalid From and To pair. From and To should be of the same channel",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    63003: "Channel could not find To address",
    63005: "Channel did not accept given content",
    63007: "Twilio could not find a Channel with the specified From address",
    63014: "Message failed because it was blocked by a user action",
    63016: "Failed to send freeform message because you are outside the allowed window. If you "
    "are using WhatsApp, please use a Message Template.",
    63018: "Rate limit exceeded for Channel",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
}


class TwilioError(Exception):
    """An answer other than 2xx from the stand-in, in Twilio's JSON shape."""

    def __init__(self, code: int, status: int = 400, message: str = "", value: str = "") -> None:
        self.code, self.status = code, status
        self.message = message or MESSAGES.get(code, "Error").replace("{value}", value)
        super().__init__(f"{code} {self.message}")

    def body(self) -> dict[str, Any]:
        """The JSON that Twilio answers with."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> TwilioError:
    """Twilio's 404 for an unknown resource."""
    return TwilioError(20404, 404, f"The requested resource {path} was not found")
