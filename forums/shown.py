"""The texts of posts as their reader sees them.

What is kept holds marks where it names somebody, quotes another post or leads to a page
of ours. Here these are filled in as far as the reader may see what stands behind them,
with one query for all the posts of a page, and with none where there are no marks.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from html import unescape

from django.conf import settings
from django.db.models import Case, CharField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Concat
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from forums.actions.texts import Text
from forums.bylines import byline_of
from forums.mentions import handles_in, without_names
from forums.models import Held, Post, Quote
from forums.quotes import HIDDEN, addresses_in, posts_at, without_quotes
from network.cards import Card, card_rows, find_cards, full_name, own_path, place_of
from network.people.models import Profile, User
from network.quick import environment
from network.themes.vocabulary import vocabulary

QUOTE = re.compile(r'<aside data-quote="(\d+)"></aside>')
PERSON = re.compile(r'<span data-person="(\d+)"></span>')
CARD = re.compile(r'<a href="([^"]*)" data-card=""[^>]*>([^<]*)</a>')

Cards = Mapping[tuple[str, str], Card]


def texts_of(posts: Iterable[Post], reader) -> dict[int, SafeString]:
    """{id: HTML} of posts that the reader may see."""
    posts = list(posts)
    quoting = [post.pk for post in posts if QUOTE.search(post.html)]
    quotes = [quotes_shown(quoting, reader)] if quoting else []
    cards = find_cards(_places(post.html for post in posts), reader, quotes)
    if quotes:  # what is quoted may name people, too
        quoted = [card.text for card in cards.values() if card.source == "quote"]
        named = [one for one in _places(quoted) if one not in cards]
        cards = {**cards, **find_cards(named, reader)}
    return {post.pk: _filled(post, post.html, cards) for post in posts}


def held_texts(rows: Iterable[Held], reader) -> dict[int, SafeString]:
    """The same of what waits to be a post: its id is no post's, it quotes nothing."""
    rows = list(rows)
    cards = find_cards(_places(row.html for row in rows), reader)
    return {row.pk: _filled(row, row.html, cards) for row in rows}


def text_shown(post: Post, text: Text, reader) -> SafeString:
    """One that its reader is still writing."""
    cards = {}
    for quote in text.quotes:
        name, source = byline_of(quote.source, reader).name, quote.source
        key, place = f"{post.pk}.{quote.place}", f"{source.thread_id}.{source.number}"
        told = (name, source.language, "", source.thread.title, quote.html)
        cards["quote", key] = Card("quote", key, place, *told)
    htmls = [text.html, *(quote.html for quote in text.quotes)]
    cards |= find_cards(_places(htmls), reader)
    return _filled(post, text.html, cards)


def quotes_shown(posts: list[int], reader):
    """Quotes in these posts whose source the reader sees, as rows of cards.

    The author's name as far as it reaches the reader: see `bylines.py`.
    """
    known = Profile.objects.showing("name", reader)
    known = known.filter(user__status=User.Status.APPROVED, user__is_active=True)
    known = known.filter(user=OuterRef("source__author"))
    name = Subquery(known.annotate(full=full_name()).values("full")[:1])
    dot = Value(".")
    return card_rows(
        "quote",
        Quote.objects.visible_to(reader).filter(post__in=posts),
        Concat("post_id", dot, "place", output_field=CharField()),
        Concat("source__thread_id", dot, "source__number", output_field=CharField()),
        Case(When(source__author=None, then=F("source__author_name")), default=name),
        language="source__language",
        more="source__thread__title",
        text="html",
    )


def _places(htmls: Iterable[str]) -> set[tuple[str, str]]:
    """Whom and what the marks stand for, but for quotes."""
    found = set()
    for html in htmls:
        found |= {("account", pk) for pk in PERSON.findall(html)}
        leads = (own_path(unescape(href)) for href, _words in CARD.findall(html))
        found |= {place for path in leads if (place := place_of(path))}
    return found


def _filled(post: Post | Held, html: str, cards: Cards) -> SafeString:
    if "data-" not in html:
        return mark_safe(html)
    html = QUOTE.sub(partial(_quote, post, cards), html)
    html = PERSON.sub(partial(_person, cards), html)
    return mark_safe(CARD.sub(partial(_card, cards), html))


def _quote(post: Post, cards: Cards, mark: re.Match) -> str:
    """Nothing at all where the reader does not see what is quoted."""
    quote = cards.get(("quote", f"{post.pk}.{mark[1]}"))
    if quote is None:
        return ""
    thread, _dot, number = quote.kind.partition(".")
    return _parts().quote(quote, int(thread), int(number), post.thread_id)


def _person(cards: Cards, mark: re.Match) -> str:
    return _parts().mention(cards.get(("account", mark[1])))


def _card(cards: Cards, mark: re.Match) -> str:
    """The address as it was written, for who may not see the page."""
    place = place_of(own_path(unescape(mark[1])))
    card = cards.get(place) if place else None
    if card is None and mark[2].startswith("/"):
        return mark[2]
    if card is None:
        href = settings.SITE_URL + mark[1] if mark[1].startswith("/") else mark[1]
        return f'<a href="{href}" rel="nofollow ugc noopener">{mark[2]}</a>'
    themes = map(int, card.themes.split()[:3])
    names = (vocabulary().name(pk, get_language()) for pk in themes)
    return _parts().card(card, own_path(unescape(mark[1])), list(filter(None, names)))


def _parts():
    return environment().get_template("forums/_said.jinja").module


def as_written(texts: list[str], reader) -> list[str]:
    """Markdown for others than its writer: without what they may not see."""
    addresses = {one for text in texts for one in addresses_in(text)}
    seen = posts_at(addresses, reader)
    handles = {one for text in texts for one in handles_in(text)}
    known: set[str] = set()
    if handles:
        profiles = Profile.objects.visible_to(reader).filter(slug__in=handles)
        known = set(profiles.values_list("slug", flat=True))
    return [without_names(without_quotes(text, seen, HIDDEN), known) for text in texts]
