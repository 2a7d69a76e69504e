from tests.cms.factories import (  # noqa: F401
    a_home,
    a_lesson,
    a_section,
    a_translation,
    an_article,
)
