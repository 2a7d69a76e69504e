import gzip
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string

from network.context import MenuItem
from network.quick import part
from network.templatetags import attende

ROOT = settings.BASE_DIR
STATIC = ROOT / "network" / "static"
TEMPLATES = ROOT / "templates"
PAGES = [
    page
    for page in (*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.jinja"))
    if "email" not in page.relative_to(TEMPLATES).parts
]
SPRITE = (STATIC / "icons" / "sprite.svg").read_text()


class TripForm(forms.Form):
    title = forms.CharField(label="Title", max_length=120, help_text="A sentence.")
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[("worked", "It worked"), ("not", "It did not")],
        widget=forms.RadioSelect,
        help_text="Both are welcome.",
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="Agreed")


def written(template: str, **context) -> str:
    return Template("{% load attende %}" + template).render(Context(context))


def test_no_page_carries_what_the_security_policy_stops():
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)")
    guilty = [page.name for page in PAGES if forbidden.search(page.read_text())]
    assert guilty == []


def test_no_stylesheet_or_page_fetches_from_elsewhere():
    elsewhere = re.compile(
        r"""(?:url\(|@import|src=|<link[^>]*href=)\s*["']?(?:https?:)?//"""
    )
    files = [
        *PAGES,
        *(STATIC / "css").glob("*.css"),
        *STATIC.rglob("designsystemet/*.css"),
    ]
    assert [file.name for file in files if elsewhere.search(file.read_text())] == []


def test_every_token_that_the_sheets_read_from_designsystemet_is_ours_to_give():
    sheets = [*(STATIC / "css").glob("*.css"), *STATIC.rglob("designsystemet/*.css")]
    text = "".join(sheet.read_text() for sheet in sheets)
    read = set(re.findall(r"var\((--ds-[\w-]+)\)", text))
    assert read <= set(re.findall(r"(--ds-[\w-]+)\s*:", text))


def test_every_icon_that_is_asked_for_is_drawn():
    text = "".join(page.read_text() for page in PAGES)
    asked = set(re.findall(r'(?:{% icon |icon\()"([\w-]+)"', text))
    tables = (attende.KINDS, attende.OUTCOMES, attende.LEVELS, attende.REACHES)
    asked |= {name for table in tables for name, _ in table.values()}
    assert asked <= set(re.findall(r'id="i-([\w-]+)"', SPRITE))


def test_what_every_page_loads_stays_within_its_share_of_sixty_kilobytes():
    every = ["includes/_head.jinja", "includes/_page_head.jinja", "base.html"]
    text = "".join((TEMPLATES / name).read_text() for name in every)
    files = re.findall(r"static\W+([\w./-]+\.(?:css|js))['\"]", text)
    assert len(files) == 9
    weight = sum(len(gzip.compress((STATIC / file).read_bytes())) for file in files)
    assert weight < 44_000  # the page, what is its own, and icons have the other 16 kB


@pytest.mark.parametrize("page", ["400.html", "500.html"])
def test_a_broken_site_can_still_say_so(page):
    assert "<h1" in render_to_string(page)


@pytest.mark.parametrize("code", ["403", "404", "413", "429"])
def test_where_one_may_not_go_on_there_is_a_way_home(rf, code):
    request = rf.get("/")
    request.user = AnonymousUser()
    page = render_to_string(f"{code}.html", request=request)
    assert f'<p class="over">{code}</p>' in page and 'class="turn' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert 'href="/"' in main or "/account/login/" in main


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong():
    form = TripForm({"title": "x" * 121, "outcome": "not"})
    page = str(form["title"].as_field_group())
    assert 'class="ds-input"' in page
    assert "x" * 121 in page
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'id="id_title_helptext"' in page and 'id="id_title_error"' in page


def test_each_error_in_the_summary_leads_to_its_field():
    page = str(TripForm({"note": "kept"}))
    for target in re.findall(r'href="#([\w]+)"', page):
        assert f'id="{target}"' in page
    assert re.findall(r'href="#([\w]+)"', page) == [
        "id_title",
        "id_outcome",
        "id_agreed",
    ]
    assert "3 " in page[page.index("<h2>") : page.index("</h2>")]


def test_choices_are_a_group_with_a_name_and_a_note():
    page = str(TripForm()["outcome"].as_field_group())
    assert "<legend>Outcome" in page
    assert 'aria-describedby="id_outcome_helptext"' in page
    assert page.count("<label") == 2


def test_only_what_may_be_left_out_is_marked():
    form = TripForm()
    assert "hint" in str(form["note"].as_field_group())
    assert "hint" not in str(form["agreed"].as_field_group())


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amina Kileo-Strand", "AK"),
        ("Øyvind", "Ø"),
        ("Associação da Maré Alta", "AA"),
        ("(NGO) Chambo", "C"),
        ("", ""),
    ],
)
def test_initials(name, letters):
    assert attende.initials(name) == letters


def test_a_photo_replaces_the_initials_but_never_the_name():
    page = written(
        "{% avatar who %}", who=SimpleNamespace(name="A B", photo_url="/p.jpg")
    )
    assert '<img src="/p.jpg" alt=""' in page and 'aria-hidden="true"' in page


def test_an_unknown_kind_breaks_nothing():
    assert written("{% kind 'a kind from tomorrow' %}") == ""


def test_a_name_cannot_carry_markup():
    who = SimpleNamespace(name='"><script> <b', photo_url='" onerror="x')
    page = written("{% avatar who %}", who=who)
    assert "<script>" not in page and 'onerror="x"' not in page


def test_a_title_in_another_language_says_so():
    item = {"kind": "lesson", "title": "Uma lição", "url": "/l/", "language": "pt"}
    page = render_to_string(
        "includes/_item.html", {"item": item, "LANGUAGE_CODE": "en"}
    )
    assert '<a href="/l/" lang="pt">Uma lição</a>' in page


def test_a_letter_has_its_button_only_when_there_is_something_to_do():
    told = {"site_name": "Attende", "why": "You follow this thread."}
    asked = told | {"action_url": "https://example.org/t/1/", "action_label": "Read it"}
    for letter in ("email/base.html", "email/base.txt"):
        assert "Read it" not in render_to_string(letter, told)
        assert "https://example.org/t/1/" in render_to_string(letter, asked)
        assert "You follow this thread." in render_to_string(letter, told)


def test_a_network_with_another_name_shows_that_name():
    page = part("includes/_wordmark.jinja", {"site_name": "Samband"})
    assert "Samband" in page and "Attende" not in page


@pytest.mark.parametrize(("count", "seen"), [(1, "1"), (99, "99"), (4321, "99+")])
def test_a_count_is_short_to_see_and_whole_to_hear(count, seen):
    user = SimpleNamespace(pk=1, email="a@example.org")
    told = {"own_menu": [MenuItem("Review", "/review/", count)], "user": user}
    menu = part("includes/_person_menu.jinja", told)
    bell = part("includes/_bell.jinja", {"unread_count": count, "user": user})
    for html, words in (
        (menu, f", {count} "),
        (menu, f">{count} "),
        (bell, f"{count} "),
    ):
        assert f'data-count="{seen}" aria-hidden="true"' in html and words in html


def test_what_two_sheets_need_stands_in_the_one_that_all_pages_load():
    """The drawing of a line: a rim that is all that is seen of a box."""
    head = (TEMPLATES / "includes" / "_head.jinja").read_text()
    drawn = [
        sheet.name
        for sheet in (STATIC / "css").glob("*.css")
        for _each in range(sheet.read_text().count("content-box exclude"))
    ]
    assert drawn == ["line.css"] and "css/line.css" in head


def test_a_deed_among_words_looks_like_one_on_every_page():
    """Partials of the forums stand on pages of other rooms, too."""
    drawn = [
        sheet.name
        for sheet in (STATIC / "css").glob("*.css")
        if re.search(r"^  \.link \{", sheet.read_text(), re.MULTILINE)
    ]
    assert drawn == ["components.css"]
    bare = re.compile(r"<a (?!class)[^>]*>{[{%] ?icon")
    guilty = [page.name for page in PAGES if bare.search(page.read_text())]
    assert guilty == ["_attached.jinja"]  # whose sheet says how


def test_what_is_told_to_whoever_writes_a_page_is_there():
    """Every sheet, script and partial that README names; every partial is named."""
    told = (TEMPLATES / "includes" / "README.md").read_text()
    files = [*STATIC.rglob("*.*"), *TEMPLATES.rglob("*.*"), *ROOT.glob("*/*.py")]
    there = {file.name for file in files}
    for name in re.findall(r"[\w-]+\.(?:css|js|html|jinja|py)\b", told):
        assert name in there
    for partial in (TEMPLATES / "includes").glob("_*"):
        assert partial.stem in told
    for script in (STATIC / "js").glob("*.js"):
        assert not re.search(r"^import\b", script.read_text(), re.MULTILINE), script
