from django.db.models import Value

from network.cards import by_id, card_rows, full_name, register_cards
from network.people.models import Profile


@register_cards("person", r"/people/([\w-]+)/")
def people(user, slugs):
    profiles = Profile.objects.visible_to(user).filter(slug__in=slugs)
    return card_rows("person", profiles, "slug", Value("person"), full_name())


@register_cards("account", r"account\.(\d+)")
def accounts(user, keys):
    """At no address: texts hold the number of the account."""
    profiles = Profile.objects.visible_to(user).filter(user__in=by_id(keys))
    name, person = full_name(), Value("person")
    return card_rows("account", profiles, "user", person, name, more="slug")
