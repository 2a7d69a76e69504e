from forums.models import Forum
from network.audience import keys, register_query


@register_query("audience")
def moderated_forums(user_id):
    """A moderator holds the forum itself: what is kept for its moderators."""
    return keys("forum", Forum.objects.filter(moderators=user_id), "pk")
