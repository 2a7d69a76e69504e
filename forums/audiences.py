from network.audience import of, register_audiences


@register_audiences
def moderated_forums(user):
    """A moderator holds the forum itself: what is kept for its moderators."""
    for pk in user.moderated_forums.values_list("pk", flat=True):
        yield of("forum", pk)
