from collections.abc import Collection

from django.db import models
from django.utils.text import slugify


def free_slug(
    model: type[models.Model], name: str, reserved: Collection[str] = ()
) -> str:
    """An address made of `name` that is free: «anna-lie», else «anna-lie-2»."""
    base = slugify(name)[:70] or model._meta.model_name
    taken = set(
        model._default_manager.filter(slug__startswith=base).values_list(
            "slug", flat=True
        )
    )
    taken.update(reserved)
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
