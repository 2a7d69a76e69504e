"""Who wrote a post or a thread, as its reader may know it."""

from dataclasses import dataclass

from forums.models import Post, Thread


@dataclass(frozen=True)
class Byline:
    """Who wrote: a member as far as the reader may know, or an imported name."""

    name: str
    url: str = ""
    photo_url: str = ""
    place: str = ""
    country: str = ""


def byline_of(row: Post | Thread, reader) -> Byline:
    profile = getattr(row.author, "profile", None)
    if profile is None:
        return Byline(row.author_name or str(row.author))
    shown = profile.shown_to(reader)
    return Byline(
        shown.name, shown.url, shown.photo_url, shown.work_place, shown.country
    )
