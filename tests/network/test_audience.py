import pytest

from network.audience import MEMBERS, PUBLIC, STAFF, allows

PARTNERSHIP, OTHER, FORUM = "partnership.7", "partnership.8", "forum.3"


@pytest.mark.parametrize(
    ("parent", "child", "answer"),
    [
        (PUBLIC, PUBLIC, True),
        (PUBLIC, MEMBERS, True),
        (PUBLIC, PARTNERSHIP, True),
        (MEMBERS, PUBLIC, False),
        (MEMBERS, MEMBERS, True),
        (MEMBERS, STAFF, True),
        (MEMBERS, PARTNERSHIP, True),
        (PARTNERSHIP, PARTNERSHIP, True),
        (PARTNERSHIP, OTHER, False),
        (PARTNERSHIP, MEMBERS, False),
        (PARTNERSHIP, STAFF, False),
        (STAFF, MEMBERS, False),
        (FORUM, PUBLIC, False),
        ("", PUBLIC, False),
        ("", "", False),
        (PUBLIC, "", False),
    ],
)
def test_a_child_may_narrow_and_never_widen(parent, child, answer):
    assert allows(parent, child) is answer
