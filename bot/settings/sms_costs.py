"""What one SMS segment is taken to cost, and how much one person may cost in a month.

Prices are the operator's: none are built in, since they differ by contract and change.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

ANYWHERE = "*"
_PRICE = re.compile(r"([A-Z]{2}|\*)=([0-9]+(?:\.[0-9]+)?)")
_CEILING = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([A-Z]{3}|segments)")


class WrongCosts(ValueError):
    """A price list or a ceiling is not of the documented form; the message says what is."""


@dataclass(frozen=True)
class SmsCosts:
    """Prices of one segment by ISO 3166-1 alpha-2 country (`*`: elsewhere), and the ceiling.

    `ceiling` is an amount of `currency`, or a number of segments when `in_segments`; None
    without one.
    """

    prices: tuple[tuple[str, Decimal], ...] = ()
    currency: str = ""
    ceiling: Decimal | None = None
    in_segments: bool = False

    def price(self, country: str) -> Decimal | None:
        """Return the price of one segment to `country`, None when the operator named none."""
        table = dict(self.prices)
        return table.get(country, table.get(ANYWHERE))


NO_COSTS = SmsCosts()


def read_costs(prices: str, ceiling: str) -> SmsCosts:
    """Return what HAKI_SMS_PRICES and HAKI_MONTHLY_SMS_CEILING say; both may be empty.

    Raises WrongCosts.
    """
    table, currency = _prices(prices)
    if not ceiling:
        return SmsCosts(table, currency)
    found = _CEILING.fullmatch(ceiling)
    if found is None:
        raise WrongCosts("HAKI_MONTHLY_SMS_CEILING must be such as '2.50 USD' or '60 segments'.")
    amount, unit = Decimal(found[1]), found[2]
    if unit != "segments" and unit != currency:
        raise WrongCosts(
            "HAKI_MONTHLY_SMS_CEILING must be in the currency of HAKI_SMS_PRICES, or in segments."
        )
    return SmsCosts(table, currency, amount, unit == "segments")


def _prices(text: str) -> tuple[tuple[tuple[str, Decimal], ...], str]:
    if not text:
        return (), ""
    listed, _, currency = text.rpartition(" ")
    entries = [_PRICE.fullmatch(part.strip()) for part in listed.split(",")]
    if not re.fullmatch(r"[A-Z]{3}", currency) or not all(entries):
        raise WrongCosts("HAKI_SMS_PRICES must be such as 'MY=0.03,*=0.08 USD'.")
    return tuple((found[1], Decimal(found[2])) for found in entries if found), currency
