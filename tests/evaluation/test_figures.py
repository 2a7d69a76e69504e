"""Nobody makes search find worse without noticing."""

import os

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.evaluation import figures, judged

MOST = 0.01  # that a figure may fall


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    if not figures.RETRIEVAL.exists() and not os.environ.get("CI"):
        pytest.skip(f"no {figures.RETRIEVAL}: say with SHARED_DATA where the texts are")
    target = tmp_path_factory.mktemp("judged")
    judged.build(target)
    return target


def assert_no_worse(found: figures.Found) -> None:
    kept = figures.kept()[figures.engine_name()]
    fallen = {
        (name, figure): (kept[name][figure], value)
        for name, values in found.items()
        for figure, value in values.items()
        if value < kept[name][figure] - MOST
    }
    assert fallen == {}, "as kept and now"


alone = [pytest.mark.alone, pytest.mark.services]  # what takes long


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("norwegian-tune", marks=alone),
        "norwegian-held-out",
        pytest.param("cross-language-tune", marks=alone),
        pytest.param("cross-language-held-out", marks=alone),
    ],
)
def test_our_own_sets_are_found_no_worse_than_they_were(built, name):
    call_command("load_themes", verbosity=0)
    assert_no_worse(figures.measured(built / name))


@pytest.mark.alone
@pytest.mark.services
@pytest.mark.django_db
@pytest.mark.parametrize("name", figures.PUBLIC)
def test_public_collections_are_found_in_no_worse_than_they_were(built, name):
    if not settings.ELASTICSEARCH_URL:
        pytest.skip("ELASTICSEARCH_URL names no server")
    call_command("load_themes", verbosity=0)
    assert_no_worse(figures.measured(figures.RETRIEVAL / name, figures.ASKED))
