"""Which language one meets, where one chooses it, that it is kept throughout."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import polib
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from network.languages import (
    content_language_choices,
    country_choices,
    country_name,
    interface_language,
    language_choices,
    language_name,
    reader_languages,
)
from tests.cms.factories import a_home, a_lesson
from tests.exchange.factories import a_partnership
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member, a_staff, as_seen, profile_of
from tools.messages import python_messages, template_messages

NAVIGATION = {
    "nn": ["Finn", "Kunnskap", "Spør", "Tema", "Folk"],
    "nb": ["Finn", "Kunnskap", "Spør", "Temaer", "Folk"],
    "en": ["Find", "Knowledge", "Ask", "Themes", "People"],
}
OPEN_PAGES = [
    "/",
    "/search/",
    "/search/?q=nothing-like-it",
    "/knowledge/",
    "/forums/",
    "/themes/",
    "/people/",
    "/organisations/",
    "/partnerships/",
    "/not-there/",
    "/account/login/",
    "/account/login/code/",
    "/account/signup/",
    "/account/password/reset/",
]
MEMBERS_PAGES = [
    "/",
    "/search/?q=hosting",
    "/knowledge/",
    "/forums/",
    "/people/",
    "/people/me/",
    "/organisations/",
    "/partnerships/",
    "/inbox/",
    "/inbox/settings/",
    "/inbox/following/",
    "/account/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/logout/",
]


def a_request(account="", cookie="", accept="", user=None):
    if user is None:
        user = SimpleNamespace(language=account) if account else AnonymousUser()
    cookies = {settings.LANGUAGE_COOKIE_NAME: cookie} if cookie else {}
    return SimpleNamespace(
        user=user, COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": accept}
    )


# Which language


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (a_request("nn", "en", "nb"), "nn"),
        (a_request("", "en", "nn"), "en"),
        (a_request("", "", "fr,nn;q=0.8,en;q=0.5"), "nn"),
        (a_request("", "", "en-GB"), "en"),
        (a_request("", "", "no"), "nb"),
        (a_request("", "", "nb-NO"), "nb"),
        (a_request("", "", "nn-NO"), "nn"),
        (a_request("", "", "sw"), "en"),
        (a_request("", "", "fr-FR,pt;q=0.5,*;q=0.1"), "en"),
        (a_request("", "", "*"), "nb"),
        (a_request("", "", ""), "nb"),
        (a_request("", "pt", "en"), "en"),
        (a_request("", "../etc", "en"), "en"),
    ],
)
def test_account_goes_before_cookie_before_browser_before_bokmal(request_, expected):
    assert interface_language(request_) == expected


def test_the_language_never_follows_from_the_address(client, db):
    lesson = a_lesson(language="en")
    page = client.get(lesson.url, headers={"Accept-Language": "nn"})
    assert page["Content-Language"] == "nn"
    assert '<html lang="nn"' in page.content.decode()


# Choosing it


def test_a_member_chooses_for_the_account_and_for_this_browser(client, db):
    member = a_member(language="en")
    client.force_login(member)
    answer = client.post("/language/", {"language": "nn", "next": "/people/"})
    assert answer["Location"] == "/people/"
    assert as_seen(member).language == "nn"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "nn"
    assert client.get("/people/")["Content-Language"] == "nn"


def test_a_visitor_chooses_for_this_browser(client, db):
    client.post("/language/", {"language": "en"})
    page = client.get("/people/", headers={"Accept-Language": "nn"})
    assert page["Content-Language"] == "en"


@pytest.mark.parametrize("wish", ["fr", "xx", "", "nn; Path=/", None])
def test_what_is_no_interface_language_changes_nothing(client, db, wish):
    member = a_member(language="nn")
    client.force_login(member)
    answer = client.post("/language/", {"language": wish} if wish is not None else {})
    assert answer.status_code == 302
    assert as_seen(member).language == "nn"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize(
    "there",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""],
)
def test_choosing_a_language_leads_nowhere_else(client, db, there):
    answer = client.post("/language/", {"language": "nn", "next": there})
    assert answer["Location"] == "/"


def test_the_language_is_not_changed_by_a_link(client, db):
    assert client.get("/language/?language=nn").status_code == 405


# Pages


class Words(HTMLParser):
    """What a page says in its own language: what is marked as another is left out."""

    SAID_IN = (
        "alt",
        "aria-label",
        "data-confirm",
        "data-words",
        "placeholder",
        "title",
    )
    EMPTY = {"br", "circle", "hr", "img", "input", "link", "meta", "path", "use", "wbr"}

    def __init__(self, page: str):
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.language = re.search(r'<html lang="(\w+)"', page)[1]
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        here = self.open[-1][1] if self.open else self.language
        language = attributes.get("lang") or here
        if language == self.language:
            self.said += [
                attributes[name] for name in self.SAID_IN if name in attributes
            ]
        if tag not in self.EMPTY:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1][1] == self.language and data.strip():
            self.said.append(" ".join(data.split()))


def english_of(language: str) -> set[str]:
    """What our catalogue translates to something else than it says."""
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    return {
        entry.msgid
        for entry in polib.pofile(str(path))
        if entry.msgstr and entry.msgstr != entry.msgid
    }


def assert_said_throughout(client, addresses, language):
    english = english_of(language)
    for address in addresses:
        answer = client.get(address, headers={"Accept-Language": language})
        assert answer.status_code in (200, 404), address
        words = Words(answer.content.decode())
        assert words.language == language, address
        assert english.isdisjoint(words.said), address
        assert set(NAVIGATION[language]) <= set(words.said), address


@pytest.fixture
def something_of_everything(db):
    """One of each thing that has a page; returns the pages that everyone may see."""
    a_home("nb")
    lesson = a_lesson(language="nn", title="La verten velje")
    thread = a_thread(a_forum("public", name="Førebuing"), title="Kven spør?")
    return [lesson.url, thread.forum.get_absolute_url(), thread.get_absolute_url()]


@pytest.mark.parametrize("language", ["nn", "nb"])
def test_a_visitor_meets_one_language(client, something_of_everything, language):
    assert_said_throughout(client, [*OPEN_PAGES, *something_of_everything], language)


@pytest.mark.parametrize("language", ["nn", "nb"])
def test_a_member_meets_one_language(client, something_of_everything, language):
    partnership = a_partnership(name="Skarvøy og Mwera")
    member = a_member("Ingebjørg Lauvdal", of=partnership, language=language)
    client.force_login(member)
    own = [partnership.get_absolute_url(), profile_of(member).get_absolute_url()]
    addresses = [*MEMBERS_PAGES, *something_of_everything, *own]
    assert_said_throughout(client, addresses, language)


@pytest.mark.parametrize("language", ["nn", "nb"])
def test_staff_meet_one_language(client, db, language):
    client.force_login(a_staff(language=language))
    addresses = ["/people/approvals/", "/people/invitations/"]
    assert_said_throughout(client, addresses, language)


@pytest.mark.parametrize("language", ["nn", "nb"])
def test_a_form_says_what_is_wrong_in_the_same_language(client, db, language):
    answer = client.post(
        "/account/signup/",
        {"email": "no address", "password1": "short"},
        headers={"Accept-Language": language},
    )
    words = Words(answer.content.decode())
    assert english_of(language).isdisjoint(words.said)
    wanted = {"nn": "Feltet er påkravd.", "nb": "Dette feltet er påkrevet."}
    assert wanted[language] in words.said


def test_english_stays_english(client, db):
    words = Words(client.get("/", headers={"Accept-Language": "en"}).content.decode())
    assert set(NAVIGATION["en"]) <= set(words.said)


# In which languages one reads


@pytest.mark.parametrize(
    ("interface", "accept", "expected"),
    [
        ("nn", "", ["nn", "nb", "en", "fr", "es", "pt"]),
        ("nb", "", ["nb", "nn", "en", "fr", "es", "pt"]),
        ("en", "pt-BR,es;q=0.5", ["pt", "es", "en", "nn", "nb", "fr"]),
        ("nn", "no,sw", ["nb", "nn", "en", "fr", "es", "pt"]),
        ("en", "no,fr;q=0.5", ["nb", "nn", "fr", "en", "es", "pt"]),
    ],
)
def test_one_reads_what_the_browser_asks_for_then_the_interface_and_its_neighbour(
    interface, accept, expected
):
    with translation.override(interface):
        assert reader_languages(a_request(accept=accept)) == expected


def test_one_reads_what_one_chose_here_then_what_one_speaks(db):
    member = a_member(language="nn", languages=["fr", "sw"])
    with translation.override("nn"):
        order = reader_languages(a_request(user=as_seen(member)))
    assert order == ["nn", "nb", "fr", "en", "es", "pt"]


# Names


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("nn", "nn", "nynorsk"),
        ("nb", "nn", "bokmål"),
        ("nn", "en", "Nynorsk"),
        ("pt", "nn", "portugisisk"),
        ("sw", "nb", "swahili"),
        ("es", "fr", "espagnol"),
        ("qqq", "nn", "qqq"),
    ],
)
def test_a_language_is_named_in_the_readers_own(code, language, name):
    assert language_name(code, language) == name


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("NO", "nn", "Noreg"),
        ("NO", "nb", "Norge"),
        ("MZ", "nb", "Mosambik"),
        ("MZ", "pt", "Moçambique"),
        ("TZ", "en", "Tanzania"),
        ("QQ", "nn", "QQ"),
    ],
)
def test_a_country_is_named_in_the_readers_own(code, language, name):
    assert country_name(code, language) == name


def test_names_to_choose_from_follow_the_interface():
    with translation.override("nn"):
        assert ("NO", "Noreg") in country_choices()
        assert ("fr", "fransk") in language_choices()
    with translation.override("en"):
        assert ("NO", "Norway") in country_choices()
        assert ("fr", "French") in language_choices()
    assert ("pt", "Português") in content_language_choices()


def test_no_union_or_region_is_offered_as_a_country():
    codes = {code for code, _name in country_choices()}
    assert {"NO", "MW", "TZ", "GT"} <= codes
    assert not {"EU", "UN", "ZZ", "001"} & codes


# The catalogues


def test_every_way_of_saying_something_in_code_is_found():
    code = """
_("Plain"); gettext_lazy("Lazy"); pgettext("month", "May")
ngettext("%(n)s thread", "%(n)s threads", n)
ngettext_lazy("{n} theme", "{n} themes", "n")
format_lazy("{} {}", _("In a lazy format"), other)
OPEN = "open", _("Label of a choice")
_("Two lines "
  "of one sentence"); _(unknown)
"""
    assert set(python_messages(code)) == {
        (None, "Plain", None),
        (None, "Lazy", None),
        ("month", "May", None),
        (None, "%(n)s thread", "%(n)s threads"),
        (None, "{n} theme", "{n} themes"),
        (None, "In a lazy format", None),
        (None, "Label of a choice", None),
        (None, "Two lines of one sentence", None),
    }


def test_every_way_of_saying_something_in_a_template_is_found():
    template = """{% load i18n %}{% translate "Plain" %}
{% translate "May" context "month" %} {{ name|default:_("Nobody") }}
<a data-confirm="{% translate 'Delete (for good)?' %}"></a>
{% include "x.html" with label=_("Label") %}
{% blocktranslate trimmed %}
  Two lines
  of one
{% endblocktranslate %}
{% blocktranslate count n=some|length with who=name context "forum" trimmed %}
  {{ n }} answer by {{ who }}{% plural %}{{ n }} answers by {{ who }}
{% endblocktranslate %}
"""
    assert set(template_messages(template)) == {
        (None, "Plain", None),
        ("month", "May", None),
        (None, "Nobody", None),
        (None, "Delete (for good)?", None),
        (None, "Label", None),
        (None, "Two lines of one", None),
        ("forum", "%(n)s answer by %(who)s", "%(n)s answers by %(who)s"),
    }
