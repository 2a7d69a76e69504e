from forums.models import Thread
from network.home import HomeSection, register_home_section

SHOWN = 4


@register_home_section
def where_people_talk(request):
    """The threads last written in, of those this member may see."""
    threads = Thread.objects.visible_to(request.user).select_related("forum")
    items = [
        {
            "kind": thread.kind,
            "title": thread.title,
            "url": thread.get_absolute_url(),
            "language": thread.language,
            "meta": thread.forum.name,
            "meta_language": thread.forum.language,
            "answered": thread.accepted_post_id is not None,
        }
        for thread in threads.order_by("-last_post_at", "-pk")[:SHOWN]
    ]
    return HomeSection("forums/_home.html", context={"items": items}) if items else None
