from network.events import Event


class ThemeChanged(Event):
    """Its names, its place or its note; also when it is new or gone."""

    theme: int


class ThemeMoved(Event):
    """It has another wider theme than before, or none."""

    theme: int
