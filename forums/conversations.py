"""What is said in the forums about a partnership or a work, on its own page."""

from forums.models import Forum, Thread
from forums.permissions import can_open_room
from network.about import AboutSection, register_about
from network.exchange.models import Partnership
from network.notifications.targets import find, key_of, target_of_kind

SHOWN = 5
KINDS = ("partnership", "work")


def about_of(key: str, reader) -> dict | None:
    """What a thread is about, if the reader may see that: kind, title, url."""
    kind = key.partition(".")[0]
    row = find(key, reader) if kind in KINDS else None
    if row is None:
        return None
    target = target_of_kind(kind)
    return {
        "key": key_of(row),
        "kind": getattr(row, "kind", kind),
        "title": target.title(row),
        "url": target.url(row),
        "language": row.language,
    }


@register_about
def conversations_about(request, row):
    """The newest threads the reader may see, and a way to begin one."""
    key, reader = key_of(row), request.user
    threads = Thread.objects.visible_to(reader).filter(about=key)
    context = {
        "threads": list(threads.order_by("-last_post_at", "-pk")[:SHOWN]),
        "about": key,
        "can_discuss": bool(getattr(reader, "is_member", False)),
    }
    if isinstance(row, Partnership):
        context |= _rooms_of(row, reader)
    if not (context["threads"] or context["can_discuss"]):
        return None
    return AboutSection("forums/_about_threads.html", context)


def _rooms_of(partnership: Partnership, reader) -> dict:
    """The partnership's rooms, and which there could be."""
    rooms = list(
        Forum.objects.visible_to(reader)
        .filter(partnership=partnership)
        .order_by("position", "pk")
    )
    of_rounds = {room.round_id for room in rooms}
    may = can_open_room(reader, partnership)
    return {
        "partnership": partnership,
        "rooms": rooms,
        "may_open": may and None not in of_rounds,
        "roomless": [
            one for one in partnership.rounds.all() if may and one.pk not in of_rounds
        ],
    }
