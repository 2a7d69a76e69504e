"""Pages for tests: told only what the test is about."""

from itertools import count
from uuid import uuid4

from django.apps import apps
from wagtail.models import Locale

from cms.actions import set_audience, use_lesson
from cms.models import (
    ArticlePage,
    HomePage,
    LessonPage,
    LessonUse,
    StandardPage,
    WorkAuthor,
)
from cms.tree import create_tree
from network.audience import PUBLIC
from tests.people.factories import a_member

number = count(1)


def a_home(language: str = "en") -> HomePage:
    """The home of a language; a test that empties the database gets it anew."""
    locale = "nb" if language == "nn" else language
    homes = HomePage.objects.filter(locale__language_code=locale)
    if not homes.exists():
        create_tree(apps.get_model)
    return homes.get()


def a_section(audience: str = PUBLIC, language: str = "en", **fields) -> StandardPage:
    return _page(StandardPage, audience, language, **fields)


def an_article(audience: str = PUBLIC, language: str = "en", **fields) -> ArticlePage:
    return _page(ArticlePage, audience, language, **fields)


def a_lesson(audience: str = PUBLIC, language: str = "en", **fields) -> LessonPage:
    told = {
        "challenge": "Guests were shown around for three weeks.",
        "what_we_did": "The host chose a small first task.",
        "outcome": "worked",
        "why": "Whoever chooses the task answers for its success.",
        "phase": "before",
        "source_role": "coordinator",
    }
    return _page(LessonPage, audience, language, **{**told, **fields})


def a_use(lesson, by=None, how: str = "We tried it at home.", **fields) -> LessonUse:
    """A member used the lesson, and says how."""
    return use_lesson(lesson, by or a_member(), how=how, **fields)


def a_translation(work, language: str, **fields):
    """The same work in another language, published."""
    kept = {"translation_key": work.translation_key, "audience": None, **fields}
    make = a_lesson if isinstance(work, LessonPage) else an_article
    return make(language=language, **kept)


def _page(model, audience, language, under=None, themes=(), authors=(), **fields):
    parent = under or a_home(language)
    fields.setdefault("title", f"Page {next(number)}")
    fields.setdefault("slug", f"page-{uuid4().hex[:8]}")
    locale = Locale.objects.get(language_code="nb" if language == "nn" else language)
    page = model(language=language, locale=locale, **fields)
    if themes:
        page.themes = themes
    if authors:
        page.authors = [
            WorkAuthor(name=one) if isinstance(one, str) else WorkAuthor(person=one)
            for one in authors
        ]
    parent.add_child(instance=page)
    page.save_revision()
    if audience not in (None, page.audience_row.audience):
        set_audience(page, audience)
    return model.objects.get(pk=page.pk)
