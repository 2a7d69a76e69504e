"""What is searched for, in numbers: no person, no address, no time but the day.

A query is kept as a keyed digest of its words and counted by day and by the language
its reader reads best. Its words are written out only once it has been asked at least
five times, and on at least two days; before that nobody can read it here, not even we,
but by guessing the very words with the site's secret key in hand. Never written out:
what names a member, or an organisation or partnership that is not open to members. Not
even counted: what holds an e-mail address or a long number. Rows go after 400 days.

Counting must not delay a search: entries wait in memory and a thread writes them,
together, half a minute later. A process that is killed loses those it had.
"""

import atexit
import logging
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from network.audience import MEMBERS, PUBLIC
from network.exchange.models import Organisation, Partnership
from network.htmx import is_htmx
from network.languages import reader_languages
from network.people.models import User
from network.schedule import every
from network.text import fold, words
from search.lexicon import lexicon
from search.models import QueryLog

logger = logging.getLogger(__name__)

LEAST_ASKED, LEAST_DAYS = 5, 2
KEPT_DAYS = 400
LONGEST = 80
WRITE_SECONDS = 30
MOST_WAITING = 200
# An e-mail address; a number of five digits or more, also one with gaps.
PERSONAL = re.compile(r"@|\d(?:[\s.,/()+-]{0,2}\d){4,}")

Key = tuple[date, str, str]  # day, language, words


@dataclass
class Counted:
    asked: int = 0
    nothing: int = 0
    themes: str = ""


_waiting: dict[Key, Counted] = {}
_lock = threading.Lock()


def note(request, found) -> None:
    """Count a search; paging, sorting and narrowing the same one is no new search."""
    if not is_new_search(request, found):
        return
    asked = found.asked.words
    said = " ".join(map(fold, [*asked.positive, *asked.beginnings]))[:LONGEST].strip()
    key = (timezone.localdate(), reader_languages(request)[0], said)
    themes = {x.name.value for x in found.answer.named if x.name.facet == "theme"}
    with _lock:
        counted = _waiting.setdefault(key, Counted())
        counted.asked += 1
        counted.nothing += not found.total and not found.promoted
        counted.themes = join(themes)
        waiting = len(_waiting)
        alone = waiting == counted.asked == 1
    # Once the request's own transaction is over, if it has one.
    if alone:
        transaction.on_commit(partial(write_in, WRITE_SECONDS))
    elif waiting >= MOST_WAITING:
        transaction.on_commit(partial(write_in, 0))


def is_new_search(request, found) -> bool:
    asked = found.asked
    return (
        request.method == "GET"
        and not is_htmx(request)
        and not found.down
        and bool(asked.words)
        and not (asked.narrowed or asked.ignored or asked.plain or asked.exact)
        and "page" not in request.GET
        and asked.sort == "best"
        and not PERSONAL.search(asked.text)
    )


def join(themes: Iterable[int]) -> str:
    return "".join(f",{pk}" for pk in sorted(themes)) + "," if themes else ""


def split(themes: str) -> list[int]:
    return [int(pk) for pk in themes.split(",") if pk]


# Writing


def write_in(seconds: float) -> None:
    timer = threading.Timer(seconds, write_and_close)
    timer.daemon = True
    timer.start()


def write_and_close() -> None:
    write()
    connection.close()


@atexit.register
def write() -> None:
    """Write what waits; lost if the database will not have it."""
    global _waiting
    with _lock:
        noted, _waiting = _waiting, {}
    if not noted:
        return
    try:
        add_up(noted)
        write_out({digest_of(said): said for _day, _language, said in noted})
    except Exception:  # numbers are never worth an error
        logger.warning("%s searches were not counted", len(noted), exc_info=True)


def forget() -> None:
    """Let go of what waits (tests)."""
    with _lock:
        _waiting.clear()


def digest_of(said: str) -> str:
    return salted_hmac("search.log", said, algorithm="sha256").hexdigest()


def add_up(noted: dict[Key, Counted]) -> None:
    counts = {
        (day, language, digest_of(said)): counted
        for (day, language, said), counted in noted.items()
    }
    # In the digests' order, so that rows do not tell what was asked one after another.
    rows = [
        QueryLog(day=day, language=language, digest=digest)
        for day, language, digest in sorted(counts, key=lambda key: key[2])
    ]
    with transaction.atomic():
        QueryLog.objects.bulk_create(rows, ignore_conflicts=True)
        days, _languages, digests = map(set, zip(*counts, strict=True))
        there = QueryLog.objects.filter(day__in=days, digest__in=digests)
        changed = []
        for row in there.order_by("digest", "pk"):
            counted = counts.get((row.day, row.language, row.digest))
            if counted:
                row.asked = F("asked") + counted.asked
                row.nothing = F("nothing") + counted.nothing
                row.themes = counted.themes
                changed.append(row)
        QueryLog.objects.bulk_update(changed, ["asked", "nothing", "themes"])


def write_out(said: dict[str, str]) -> None:
    """The words of what has been asked often enough by now."""
    rows = QueryLog.objects.filter(digest__in=said).values("digest")
    often = rows.annotate(
        times=Sum("asked"),
        days=Count("day", distinct=True),
        blank=Count("pk", filter=Q(words="")),
    ).filter(times__gte=LEAST_ASKED, days__gte=LEAST_DAYS, blank__gt=0)
    known = {row["digest"]: said[row["digest"]] for row in often}
    private = naming_somebody(known.values())
    for digest, text in known.items():
        if text not in private:
            QueryLog.objects.filter(digest=digest, words="").update(words=text)


def naming_somebody(texts: Iterable[str]) -> set[str]:
    """Those with a word of a member's name, or all of a name that is not open.

    A word that themes, countries or open organisations are called by is no such word.
    """
    texts = list(texts)
    if not texts:
        return set()
    people = User.objects.values_list("first_name", "last_name").iterator()
    names = {word for pair in people for word in words(" ".join(pair))}
    hidden = [
        set(words(name))
        for model in (Organisation, Partnership)
        for name in model.objects.exclude(
            audience__in=(PUBLIC, MEMBERS)
        ).values_list("name", flat=True)
    ]  # fmt: skip
    known, found = lexicon(), set()
    for text in texts:
        said = set(words(text))
        if any(word in names and not known.knows(word) for word in said) or any(
            name and name <= said for name in hidden
        ):
            found.add(text)
    return found


@every(hours=24)
def tidy() -> None:
    """Old rows go; so do words that have become somebody's name."""
    oldest = timezone.localdate() - timedelta(days=KEPT_DAYS)
    QueryLog.objects.filter(day__lt=oldest).delete()
    written = QueryLog.objects.exclude(words="").values_list("words", flat=True)
    private = naming_somebody(written.distinct())
    for text in private:
        QueryLog.objects.filter(words=text).update(words="")
