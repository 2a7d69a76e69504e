from network.audience import keys, register_audiences


@register_audiences
def moderated_forums(user):
    """A moderator holds the forum itself: what is kept for its moderators."""
    return keys("forum", user.moderated_forums.all(), "pk")
