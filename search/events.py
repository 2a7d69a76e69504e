"""What search itself announces."""

from network.events import Event


class RebuildRequested(Event):
    """Wanted or under way: whoever runs the bulk lane carries it on for a while."""

    rebuild: int


class IndexDiffered(Event):
    """A check found a document that does not say what the database says."""

    source: str
    object: str
    document: str
