"""Time zones: guessed from a country, chosen by country and town."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.core import get_global
from django.utils.translation import get_language

from network.languages import country_codes, country_name

FALLBACK = "Europe/Oslo"
# Where most people live, in countries that have several.
MOST = {
    "AR": "America/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kiev",
    "US": "America/New_York",
}


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(country: str) -> str:
    """«TZ» is Africa/Dar_es_Salaam; an unknown country has Norway's time."""
    zones = get_global("territory_zones").get(country) or [FALLBACK]
    return MOST.get(country, zones[0])


def zone_choices() -> list[tuple[str, str]]:
    """(zone, «Tanzania» or «Brazil: Sao Paulo»), in the interface's language."""
    return _choices(get_language() or "en")


@lru_cache(maxsize=8)
def _choices(language: str) -> list[tuple[str, str]]:
    found = []
    for code in country_codes():
        zones = get_global("territory_zones").get(code, [])
        name = country_name(code, language)
        for zone in set(zones) & known_zones():
            town = zone.rpartition("/")[2].replace("_", " ")
            found.append((zone, name if len(zones) == 1 else f"{name}: {town}"))
    return sorted(found, key=lambda pair: pair[1].casefold())
