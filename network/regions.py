"""Regions of the world and their countries: the United Nations' M49, by its codes."""

from babel import Locale
from django.utils.translation import get_language

_COUNTRIES = """
014: BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW
017: AO CD CF CG CM GA GQ ST TD
015: DZ EG EH LY MA SD TN
018: BW LS NA SZ ZA
011: BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG
013: BZ CR GT HN MX NI PA SV
029: AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT
    VC VG VI
005: AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE
021: BM CA GL PM US
143: KG KZ TJ TM UZ
030: CN HK JP KP KR MN MO
035: BN ID KH LA MM MY PH SG TH TL VN
034: AF BD BT IN IR LK MV NP PK
145: AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE
151: BG BY CZ HU MD PL RO RU SK UA
154: AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ
039: AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA
155: AT BE CH DE FR LI LU MC NL
053: AU CC CX HM NF NZ
054: FJ NC PG SB VU
057: FM GU KI MH MP NR PW UM
061: AS CK NU PF PN TK TO TV WF WS
"""


def _read() -> dict[str, tuple[str, ...]]:
    found, region = {}, ""
    for word in _COUNTRIES.split():
        if word.endswith(":"):
            region = word[:-1]
            found[region] = ()
        else:
            found[region] += (word,)
    return found


REGIONS = _read()
REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes}


def region_name(region: str, in_language: str | None = None) -> str:
    """«014» is «Aust-Afrika» in nynorsk; an unknown code stays as it is."""
    language = (in_language or get_language() or "en").replace("_", "-")
    return Locale.parse(language, sep="-").territories.get(region, region)


def regions_of(countries) -> list[str]:
    """The regions of some countries, each once."""
    return sorted({REGION_OF[code] for code in countries if code in REGION_OF})
