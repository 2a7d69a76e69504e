"""Names that stand in a text, each as a word of its own."""

import pytest

from search.engines.naming import Naming


@pytest.fixture
def naming():
    return Naming(
        {
            "en": ["host famili", "famili", "gender equal", "can"],
            "nn": ["vertsfamili"],
        }
    )


def test_a_name_is_found_in_whatever_form_and_as_often_as_it_stands(naming):
    text = "Host families, and one host-family of gender equality."
    host = "en:host_famili"
    assert naming.named_in(text, "en") == [host, host, "en:gender_equal"]


def test_the_longest_name_counts_and_a_name_ends_where_the_text_does(naming):
    assert naming.named_in("My family: a host", "en") == ["en:famili"]
    assert naming.named_in("host", "en") == naming.named_in("", "en") == []


def test_a_stop_word_alone_is_no_name(naming):
    assert naming.named_in("We can", "en") == []


@pytest.mark.parametrize("language", ["fr", "sw", "nb"])
def test_a_text_is_looked_through_in_its_own_language(naming, language):
    assert naming.named_in("host family vertsfamilien", language) == []


def test_labels_are_parted_in_those_it_knows_and_the_rest(naming):
    labels = [("en", "Host family"), ("en", "host families"), ("nn", "tillit")]
    assert naming.parted(labels) == (["en:host_famili"], [("nn", "tillit")])


def test_it_survives_being_kept(naming):
    assert Naming(naming.as_json()).names == naming.names
