from tests.cms.factories import (  # noqa: F401
    a_home,
    a_lesson,
    a_section,
    a_translation,
    a_use,
    an_article,
)
from tests.exchange.factories import (  # noqa: F401
    a_membership,
    a_partnership,
    a_placement,
    a_round,
    an_administrator,
    an_organisation,
)
from tests.forums.factories import a_forum, a_post, a_thread  # noqa: F401
from tests.notifications.helpers import inbox  # noqa: F401
from tests.people.factories import (  # noqa: F401
    PASSWORD,
    a_member,
    a_pending,
    a_staff,
    a_superuser,
    as_seen,
    profile_of,
)
