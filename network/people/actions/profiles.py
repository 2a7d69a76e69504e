from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from network.audience import forget, of, restrict
from network.events import publish
from network.people.events import BlockChanged, ProfileChanged
from network.people.models import Block, Profile, User
from network.people.pictures import square
from network.people.slugs import free_slug

# Second parts of addresses below /people/ that are no person.
RESERVED = frozenset({"me", "waiting", "approvals", "invitations", "blocked", "muted"})


@transaction.atomic
def create_profile(user: User, **fields) -> Profile:
    """The one profile of an account; its address is made of the name and then stays."""
    slug = free_slug(Profile, user.get_full_name() or "member", RESERVED)
    profile = Profile(user=user, slug=slug, **fields)
    profile.audience = profile.effective_audience()
    profile.save()
    publish(ProfileChanged(profile=profile.pk))
    return profile


@transaction.atomic
def change_profile(profile: Profile, themes=None) -> None:
    """Save a profile whose fields were set; search hides it until it is read anew.

    Nothing tells here whether a reach became narrower, so each change counts as one.
    """
    profile.audience = profile.effective_audience()
    profile.changed_at = timezone.now()
    profile.user.save(update_fields=["first_name", "last_name"])
    profile.save()
    if themes is not None:
        profile.themes.set(themes)
    forget(profile.user)
    announce(profile)


def announce(profile: Profile) -> None:
    """Inside an action: search takes the profile in anew and hides it meanwhile."""
    restrict(of("person", profile.pk))
    publish(ProfileChanged(profile=profile.pk))


@transaction.atomic
def set_photo(profile: Profile, upload: UploadedFile) -> None:
    """Keep a square copy without what the camera wrote into it."""
    picture = square(upload)
    old = profile.photo.name
    name = get_random_string(12).lower() + ".jpg"
    profile.photo.save(name, ContentFile(picture), save=False)
    profile.save(update_fields=["photo"])
    _delete_later(profile, old)
    publish(ProfileChanged(profile=profile.pk))


@transaction.atomic
def remove_photo(profile: Profile) -> None:
    old = profile.photo.name
    profile.photo = ""
    profile.save(update_fields=["photo"])
    _delete_later(profile, old)
    publish(ProfileChanged(profile=profile.pk))


def _delete_later(profile: Profile, name: str) -> None:
    storage = profile.photo.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def block(blocker: User, blocked: User) -> None:
    """From now on neither is shown to the other; the other is not told."""
    if blocker.pk == blocked.pk:
        raise ValidationError(_("You cannot block yourself."))
    _row, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    forget(blocker)
    if created:
        publish(BlockChanged(blocker=blocker.pk, blocked=blocked.pk))


@transaction.atomic
def unblock(blocker: User, blocked: User) -> None:
    gone, _rows = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    forget(blocker)
    if gone:
        publish(BlockChanged(blocker=blocker.pk, blocked=blocked.pk))
