"""What of the knowledge people are told about."""

from django.utils.translation import gettext_lazy as _

from cms.models import WorkPage
from network.notifications.kinds import register_kind
from network.notifications.targets import key_of, register_target
from network.notifications.verbs import register_verb

PUBLISHED = "published"


def followed_with(work: WorkPage) -> list[str]:
    """Who follows a theme or an author is told; a work without names has no author."""
    rows = list(work.themes.all())
    if work.attribution == WorkPage.Attribution.NAMED:
        authors = work.authors.exclude(person=None).select_related("person")
        rows += [author.person for author in authors]
    return [key_of(row) for row in rows]


register_target(
    "work",
    "cms.WorkPage",
    title=lambda work: work.title,
    excerpt=lambda work, reader: work.summary,
    url=lambda work: work.url,
)
register_verb(PUBLISHED, _("New: “%(title)s”"), icon="lesson", follows=followed_with)
register_kind(
    "knowledge",
    _("New knowledge"),
    hint=_("Lessons and articles by people, and on themes, that you follow"),
    icon="lesson",
    rank=50,
    verbs=(PUBLISHED,),
)
