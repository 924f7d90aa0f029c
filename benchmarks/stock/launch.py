"""`rasa` as it is, with twilio's client pointed at a stand-in on loopback.

Runs in the stock environment: `python launch.py run …`; STOCK_TWILIO_API_URL is the stand-in.
Rasa's Twilio channel takes no address, so the client's base address is set here; nothing else of
Rasa or of the channel is changed.
"""

import os
import sys

from rasa.__main__ import main
from twilio.base import domain

STAND_IN = os.environ["STOCK_TWILIO_API_URL"]

_original = domain.Domain.__init__


def _at_the_stand_in(self, twilio, base_url):
    _original(self, twilio, STAND_IN)


domain.Domain.__init__ = _at_the_stand_in

if __name__ == "__main__":
    sys.exit(main())
