"""Who may see a page: one rule, written for the page, all below it, all translations.

The audience stands in a side row (PageAudience), outside revisions. A page never
reaches wider than its parent, and all translations of a page reach equally far.
"""

from functools import reduce

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from cms.events import AudienceChanged
from cms.models import PageAudience
from network.audience import PUBLIC, allows, of, restrict
from network.events import publish


@transaction.atomic
def set_audience(page: Page, audience: str, by=None, below: bool = False) -> None:
    """Give `page` and its translations `audience`; narrow what stands below them.

    below: all pages below get exactly this audience. Otherwise they keep their own,
    where it is not wider: opening a section does not open what was closed in it.
    """
    if _fitting(page, audience) != audience:
        raise ValidationError(
            _("A page cannot be open to more people than its parent.")
        )
    _write(page, audience, below)
    log(page, "cms.audience", user=by, data={"audience": audience})


def settle_audience(page: Page, created: bool) -> None:
    """After Wagtail saved `page`: give a new one its row, narrow one that was moved.

    A copy takes the audience of its source, a translation that of the work, any other
    new page its `first_audience`, if it has one, or that of its parent. A page that
    has lost its row stays closed.
    """
    rows = _rows(page)
    parent = rows.get(page.path[: -Page.steplen], "")
    if created:
        audience = _inherited(page, parent)
        PageAudience.objects.create(page_id=page.pk, audience=audience)
        work = PageAudience.objects.filter(page__translation_key=page.translation_key)
        if work.exclude(audience=audience).exists():
            _write(page, audience)
    elif page.depth > 1 and page.path in rows:
        audience = narrower(parent, rows[page.path])
        if audience != rows[page.path]:
            _write(page, _fitting(page, audience))


def narrower(one: str, other: str) -> str:
    """What both allow; where nothing is allowed by both, nobody."""
    if allows(one, other):
        return other
    return one if allows(other, one) else ""


def _rows(page: Page) -> dict[str, str]:
    """Audiences of the page and of its parent, by path."""
    paths = [page.path, page.path[: -Page.steplen]]
    rows = PageAudience.objects.filter(page__path__in=paths)
    return dict(rows.values_list("page__path", "audience"))


def _inherited(page: Page, parent: str) -> str:
    source = getattr(page, "copied_from", None)
    akin = Q(page__translation_key=page.translation_key)
    if source is not None:
        akin |= Q(page=source.pk)
    kept = PageAudience.objects.filter(akin).values_list("audience", flat=True)
    if not kept:
        wished = getattr(page, "first_audience", parent)
        return PUBLIC if page.depth == 1 else narrower(parent, wished)
    return reduce(narrower, kept, parent)


def audience_of(page: Page) -> str:
    row = PageAudience.objects.filter(page=page).first()
    return row.audience if row else ""


def audiences_above(page: Page) -> list[str]:
    """Audiences of the parents of a page and of its translations; a lost one is ""."""
    family = page.get_translations(inclusive=True)
    paths = [one.path[: -Page.steplen] for one in family if one.depth > 1]
    rows = PageAudience.objects.filter(page__path__in=paths)
    known = dict(rows.values_list("page__path", "audience"))
    return [known.get(path, "") for path in paths]


def _fitting(page: Page, audience: str) -> str:
    """`audience`, or the narrower one that the parents of all translations allow."""
    return reduce(narrower, audiences_above(page), audience)


def _write(page: Page, audience: str, below: bool = False) -> None:
    family = list(page.get_translations(inclusive=True))
    for one in family:
        PageAudience.objects.update_or_create(page=one, defaults={"audience": audience})
    restrict(*[of("page", one.pk) for one in family])
    for one in family:
        publish(AudienceChanged(page=one.pk))
    _write_below(family, audience, below)


def _write_below(family: list[Page], audience: str, below: bool) -> None:
    """Narrow all rows below `family` that reach wider, and their translations."""
    under = reduce(Q.__or__, [_under(one) for one in family])
    rows = PageAudience.objects.filter(under).select_related("page")
    wider = [
        row
        for row in rows
        if row.audience != audience
        and (below or (row.audience and not allows(audience, row.audience)))
    ]
    PageAudience.objects.filter(pk__in=[row.pk for row in wider]).update(
        audience=audience
    )
    for row in wider:
        publish(AudienceChanged(page=row.page_id))
    keys = {row.page.translation_key for row in wider}
    elsewhere = PageAudience.objects.filter(page__translation_key__in=keys)
    for row in (
        elsewhere.exclude(under).exclude(audience=audience).select_related("page")
    ):
        _write(row.page, _fitting(row.page, audience))


def _under(page: Page) -> Q:
    return Q(page__path__startswith=page.path, page__depth__gt=page.depth)
