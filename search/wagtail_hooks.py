"""Search in Wagtail's editor: promoted results, synonyms, what was searched for."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from search.editors import FindingGroup, WordsPolicy
from search.models import PromotedResult, Synonym

for model in (PromotedResult, Synonym):
    register_permission_policy(model, WordsPolicy(model))


@hooks.register("register_admin_viewset")
def finding():
    return FindingGroup()
