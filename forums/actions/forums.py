from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from forums.events import (
    ForumAudienceChanged,
)
from forums.models import Forum
from network.audience import allows, of, restrict
from network.events import publish


@transaction.atomic
def set_forum_audience(forum: Forum, audience: str) -> None:
    """Change who sees a forum; the forums below it become as narrow at least."""
    forum = Forum.objects.select_for_update().get(pk=forum.pk)
    if forum.parent and not allows(forum.parent.audience, audience):
        raise ValidationError(_("Wider than the audience of the forum above."))
    below = [one for one in forum.children.all() if not allows(audience, one.audience)]
    for one in [forum, *below]:
        if one.audience != audience:
            restrict(of("forum", one.pk))
            Forum.objects.filter(pk=one.pk).update(audience=audience)
            publish(ForumAudienceChanged(forum=one.pk))
