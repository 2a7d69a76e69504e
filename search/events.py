"""What search itself announces."""

from network.events import Event


class RebuildRequested(Event):
    """Wanted or under way: whoever runs the bulk lane carries it on for a while."""

    rebuild: int
