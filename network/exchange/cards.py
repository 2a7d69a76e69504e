from django.db.models import Value

from network.cards import card_rows, register_cards
from network.exchange.models import Organisation, Partnership


@register_cards("organisation", r"/organisations/([\w-]+)/")
def organisations(user, slugs):
    rows = Organisation.objects.visible_to(user).filter(slug__in=slugs)
    return card_rows("organisation", rows, "slug", Value("organisation"), "name")


@register_cards("partnership", r"/partnerships/([\w-]+)/")
def partnerships(user, slugs):
    rows = Partnership.objects.visible_to(user).filter(slug__in=slugs)
    return card_rows("partnership", rows, "slug", Value("partnership"), "name")
