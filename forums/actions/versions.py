from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.models import Post, PostVersion
from network.people.models import User


class EditedMeanwhile(Exception):
    """Another text was saved since this one was begun; `post` as it is now."""

    def __init__(self, post: Post):
        super().__init__(
            _("The post was changed while you wrote. Compare, and save what you want.")
        )
        self.post = post


def keep_version(now: Post, then: Post, version: int | None) -> bool:
    """Put away what a locked post says `now`; whether `then` says something else."""
    if (now.markdown, now.language) == (then.markdown, then.language):
        return False
    if version is not None and version != now.edits:
        raise EditedMeanwhile(now)
    then.edits = now.edits + 1
    PostVersion.objects.create(
        post=now,
        number=then.edits,
        markdown=now.markdown,
        html=now.html,
        language=now.language,
        written_at=now.edited_at or now.created_at,
        written_by=now.author,
    )
    return True


@transaction.atomic
def remove_version(version: PostVersion, by: User) -> None:
    """Take away the text of an earlier version; that there was one stays told."""
    PostVersion.objects.filter(pk=version.pk, removed_at=None).update(
        markdown="", html="", removed_at=timezone.now(), removed_by=by
    )
