"""Languages and countries: what we offer, what they are called, what one reads.

Names of languages and countries come from Unicode CLDR through babel.
"""

from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

UI_LANGUAGES = ("nn", "nb", "en")
CONTENT_LANGUAGES = ("nn", "nb", "en", "fr", "es", "pt")
OWN_NAMES = dict(settings.LANGUAGES)
# Who reads the one reads the other.
NEAR = {"nn": "nb", "nb": "nn"}
NORWEGIAN = ("nn", "nb")
# Two letters in CLDR that are a union, a region or a test.
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


@lru_cache(maxsize=32)
def _cldr(language: str) -> Locale:
    return Locale.parse(language.replace("_", "-"), sep="-")


@lru_cache(maxsize=8)
def _language_names(language: str) -> dict[str, str]:
    """«Nynorsk» is enough, where CLDR says «norsk nynorsk», «Norwegian Nynorsk»."""
    names = _cldr(language).languages.items()
    prefixes = {"nn": "norsk ", "nb": "norsk ", "en": "Norwegian "}
    return {code: name.removeprefix(prefixes.get(language, "")) for code, name in names}


def language_name(code: str, in_language: str | None = None) -> str:
    """«pt» in nynorsk is «portugisisk»; an unknown code stays as it is."""
    names = _language_names(in_language or get_language() or "en")
    return names.get(code.replace("-", "_"), code)


def country_name(code: str, in_language: str | None = None) -> str:
    """«MZ» in French is «Mozambique»; an unknown code stays as it is."""
    return _cldr(in_language or get_language() or "en").territories.get(code, code)


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = _cldr(language).territories.items()
    codes = {code: name for code, name in names if _is_country(code)}
    return tuple(sorted(codes.items(), key=lambda pair: pair[1].casefold()))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES


def country_codes() -> list[str]:
    return [code for code, _name in _countries("en")]


def country_choices() -> tuple[tuple[str, str], ...]:
    """(code, name) by name, in the language of the interface; for lazy `choices`."""
    return _countries(get_language() or "en")


@lru_cache(maxsize=8)
def _languages(language: str) -> tuple[tuple[str, str], ...]:
    names = _language_names(language).items()
    short = {code: name for code, name in names if len(code) == 2 and code != "no"}
    return tuple(sorted(short.items(), key=lambda pair: pair[1].casefold()))


def language_choices() -> tuple[tuple[str, str], ...]:
    """(code, name) by name, of languages people may say that they speak."""
    return _languages(get_language() or "en")


def content_language_choices() -> tuple[tuple[str, str], ...]:
    """(code, own name) of the six languages in which content is published."""
    return tuple((code, OWN_NAMES[code]) for code in CONTENT_LANGUAGES)


def interface_language(request) -> str:
    """Account, then cookie, then Accept-Language: one of UI_LANGUAGES.

    A browser that asks for other languages only gets English, one that asks for none
    bokmål.
    """
    accepted = [code for code, _ in _accepted(request) if code != "*"]
    wishes = [*_chosen(request), *accepted]
    forms = (form for wish in wishes if (form := _interface_form(wish)))
    return next(forms, "en" if accepted else settings.LANGUAGE_CODE)


def _chosen(request) -> list[str]:
    """What the person chose here: on the account, or by the language menu."""
    user = getattr(request, "user", None)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return [code for code in (getattr(user, "language", ""), cookie) if code]


def _accepted(request) -> tuple:
    return parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def _interface_form(wish: str) -> str | None:
    if wish.partition("-")[0] == "no":
        return "nb"
    try:
        code = get_supported_language_variant(wish)
    except LookupError:
        return None
    return code if code in UI_LANGUAGES else None


def reader_languages(request) -> list[str]:
    """Languages in which to show content, best first; all six are in the list.

    What was chosen here, what the browser asks for, what the person speaks, the
    interface's language, English, the others; Norwegian neighbours side by side. The
    browser stands before the interface: that one exists in three languages only.
    """
    person = getattr(request, "user", None)
    spoken = getattr(getattr(person, "profile", None), "languages", None) or []
    accepted = [code.partition("-")[0] for code, _ in _accepted(request)]
    wishes = [*_chosen(request), *accepted, *spoken, get_language() or "", "en"]
    wishes = ["nb" if code == "no" else code for code in wishes]
    order = [near for code in wishes for near in (code, NEAR.get(code, code))]
    order += CONTENT_LANGUAGES
    return [code for code in dict.fromkeys(order) if code in CONTENT_LANGUAGES]
