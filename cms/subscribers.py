from datetime import timedelta

from django.utils import timezone

from cms.actions import forget_work
from cms.events import PageDeleted, PagePublished
from cms.models import WorkPage
from cms.targets import PUBLISHED
from network.events import subscribe
from network.notifications.actions import notify_followers

NEW = timedelta(days=1)


@subscribe(PagePublished)
def notify_of_work(event):
    """Once a work: not when it is edited later, translated, or was imported."""
    since = timezone.now() - NEW
    works = WorkPage.objects.live().filter(source_id=None)
    work = works.filter(pk=event.page, first_published_at__gte=since).first()
    if work and not _was_there(work):
        notify_followers(PUBLISHED, work)


@subscribe(PageDeleted)
def forget_deleted_work(event):
    forget_work(event.translation_key)


def _was_there(work: WorkPage) -> bool:
    """In another language, before this page."""
    others = WorkPage.objects.filter(translation_key=work.translation_key)
    return others.filter(first_published_at__lt=work.first_published_at).exists()
