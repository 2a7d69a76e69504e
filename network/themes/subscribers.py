"""Wagtail's snippet editor owns the write of themes; the vocabulary hears of it."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from network.themes.models import Theme, ThemeLabel
from network.themes.vocabulary import vocabulary_changed


@receiver([post_save, post_delete], sender=Theme)
@receiver([post_save, post_delete], sender=ThemeLabel)
def renew_vocabulary(raw=False, **kwargs):
    if not raw:
        vocabulary_changed()
