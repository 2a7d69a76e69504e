from collections.abc import Collection

from django.db import models

from network.text import slugify


def free_slug(
    model: type[models.Model],
    name: str,
    reserved: Collection[str] = (),
    but: models.Model | None = None,
) -> str:
    """An address made of `name` that is free: «anna-lie», else «anna-lie-2».

    but: the row it is for, which may keep its own.
    """
    base = slugify(name)[:70] or model._meta.model_name
    others = model._default_manager.exclude(pk=but and but.pk)
    alike = others.filter(slug__startswith=base)
    taken = {*alike.values_list("slug", flat=True), *reserved}
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
