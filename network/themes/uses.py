"""Whether a theme is in use, whichever apps there are."""

from network.themes.models import Theme


def is_used(theme: Theme) -> bool:
    """Has anything chosen it, or does it have narrower themes?"""
    return any(rows.exists() for rows in _rows_using(theme))


def _rows_using(theme: Theme):
    yield theme.children.all()
    for relation in Theme._meta.related_objects:
        if relation.many_to_many:
            rows = relation.related_model._base_manager
            yield rows.filter(**{relation.field.name: theme})
