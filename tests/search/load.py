"""Writers and readers at work on one site, and what none of them may ever meet."""

import random
import threading
from contextlib import contextmanager, suppress
from io import StringIO
from itertools import count

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection, transaction
from django.http import QueryDict
from django.test import RequestFactory

from cms.actions import set_audience
from network.audience import STAFF
from network.events import deliver_events
from search import queries, rebuilding
from search.engines import get_engine
from search.engines.base import Query
from search.models import Rebuild
from tests.crash import all_delivered, wait_until
from tests.factories import a_section, an_article

WRITERS = READERS = 8
ALWAYS = 20  # pages that nobody touches
PATIENCE = 120  # seconds after which what never comes counts as lost
VISITOR = AnonymousUser()
HOWS = ("closed", "deleted", "unpublished", "said otherwise")


def otherwise(word: str) -> str:
    return word.replace("zq", "zr")


def told_of(word: str) -> int:
    """What the index tells a visitor, also where the database would not show it."""
    engine, scope = get_engine(), queries.scope_of(VISITOR)
    asked = Query(scope, word, facets=("kind",))
    results = engine.search(asked)
    completed = engine.suggest(word, scope, queries.GROUPS)
    counted = sum(number for _value, number in results.facets["kind"])
    return max(results.total, counted, sum(map(len, completed.values())))


class Load:
    """Each page has a word of its own, so that each can be asked for alone."""

    def __init__(self):
        self.kept: set[str] = set()
        self.gone: list[tuple[str, str]] = []  # from the moment its writer was told so
        self.replaced: list[str] = []
        self.trouble: list[str] = []
        self.at = ()  # where the rebuild is
        self.round = threading.Barrier(WRITERS + READERS + 1)

    def write(self, writer: int, section) -> None:
        mine = []
        for number in count():
            self.round.wait()
            section.refresh_from_db()
            word = f"zq{writer}x{number}q"
            with transaction.atomic():
                page = an_article(title=f"Trust {word}", under=section)
            self.kept.add(word)
            mine.append((word, page))
            if number % 2:
                chosen = mine.pop(random.randrange(len(mine)))
                self.change(*chosen, random.choice(HOWS))

    def change(self, word: str, page, how: str) -> None:
        page.refresh_from_db()
        self.kept.discard(word)
        with transaction.atomic():
            match how:
                case "closed":
                    set_audience(page, STAFF)
                case "deleted":
                    page.delete()
                case "unpublished":
                    page.unpublish()
                case "said otherwise":
                    page.title = f"Trust {otherwise(word)}"
                    page.save_revision().publish()
        if how == "said otherwise":  # the old word is found until the index has it
            self.kept.add(otherwise(word))
            self.replaced.append(word)
        else:
            self.gone.append((word, how))

    def read(self) -> None:
        while True:
            self.round.wait()
            for _ in range(2):
                gone = random.sample(self.gone, min(2, len(self.gone)))
                for word, how in gone + self.gone[-1:]:
                    if told_of(word):
                        self.trouble.append(f"{word} was {how} and is back")
                request = RequestFactory().get("/search/")
                request.user = VISITOR
                found = queries.find(request, QueryDict("q=trust"))
                if found.total < ALWAYS or not found.items:
                    self.trouble.append(f"a reader finds {found.total}")

    def run(self, step, *args) -> threading.Thread:
        def work():
            try:
                step(*args)
            except threading.BrokenBarrierError:  # all are done
                pass
            except Exception as error:  # whatever happens to one of them counts
                self.trouble.append(repr(error))
                self.round.abort()
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    @contextmanager
    def going_on(self):
        sections = [a_section() for _ in range(WRITERS)]
        for number in range(ALWAYS):
            an_article(title=f"Trust always {number}")
        deliver_events()
        threads = [self.run(self.write, *one) for one in enumerate(sections)]
        threads += [self.run(self.read) for _ in range(READERS)]
        try:
            yield
        finally:
            self.round.abort()
            for thread in threads:
                thread.join()

    def goes_on(self, rebuild) -> None:
        """At each place of it, however fast the machine, all set to work once more."""
        at = (rebuild.pk, rebuild.stage, rebuild.source)
        if at != self.at:
            self.at = at
            with suppress(threading.BrokenBarrierError):  # `trouble` says why
                self.round.wait(PATIENCE)


def rebuild_three_times_under_load() -> None:
    """Somebody runs the lanes meanwhile."""
    load = Load()
    with load.going_on():
        for _ in range(3):
            rebuild = rebuilding.start_rebuild()
            while not rebuilding.advance(rebuild, PATIENCE, load.goes_on):
                pass
    wait_until(lambda: all_delivered("index"), PATIENCE)
    assert load.trouble == []
    assert [one.status for one in Rebuild.objects.order_by("pk")] == ["done"] * 3
    assert len(load.kept) > WRITERS and len(load.gone) > WRITERS
    assert {word for word in load.kept if told_of(word) != 1} == set()
    assert {word for word, _how in load.gone if told_of(word)} == set()
    assert {word for word in load.replaced if told_of(word)} == set()
    told = StringIO()
    call_command("check_index", dry_run=True, stdout=told)
    assert "All is right." in told.getvalue(), told.getvalue()
