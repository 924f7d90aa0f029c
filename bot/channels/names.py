"""The channels that a person can write on."""

from enum import Enum


class Channel(str, Enum):
    """A channel's name as it is stored and spoken."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"

    def __str__(self) -> str:
        return self.value
