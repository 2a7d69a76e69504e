"""Wagtail's editor owns the write of one theme; the rest of the site hears of it."""

from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver

from network.events import publish
from network.themes.events import ThemeChanged, ThemeMoved
from network.themes.models import Theme, ThemeLabel
from network.themes.uses import is_used
from network.themes.vocabulary import vocabulary_changed


@receiver(pre_save, sender=Theme)
def see_whether_it_moves(instance, **kwargs):
    before = Theme.objects.filter(pk=instance.pk)
    instance.is_moving = before.exclude(parent=instance.parent_id).exists()


@receiver([post_save, post_delete], sender=Theme)
def announce_theme(instance, raw=False, **kwargs):
    if not raw:
        with transaction.atomic():
            vocabulary_changed()
            publish(ThemeChanged(theme=instance.pk))
            if instance.is_moving:
                publish(ThemeMoved(theme=instance.pk))


@receiver([post_save, post_delete], sender=ThemeLabel)
def renew_vocabulary(raw=False, **kwargs):
    if not raw:
        vocabulary_changed()


@receiver(pre_delete, sender=Theme)
def keep_themes_in_use(instance, **kwargs):
    """However it is deleted: what has chosen it must not lose it silently."""
    if is_used(instance):
        raise ProtectedError(f"{instance.slug} is in use", {instance})
