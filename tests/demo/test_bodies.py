from demo.bodies import blocks_of

ARTICLE = """
It began on a *Tuesday*.

> Nobody praised him for it.
>
> — Chikondi Banda, librarian

### Facts
- Evenings: two a week
- Time: from 8 to 9: sharp

More text.

## What I would do
1. is text when it follows a line.

## Steps

1. Look first.
2. Then ask.
"""


def test_each_kind_of_block():
    kinds = [kind for kind, _value in blocks_of(ARTICLE)]
    assert kinds == ["text", "quote", "facts", "text", "steps"]


def test_a_quote_knows_who_said_it():
    (_, quote), *_rest = [one for one in blocks_of(ARTICLE) if one[0] == "quote"]
    assert quote == {
        "text": "Nobody praised him for it.",
        "name": "Chikondi Banda",
        "where": "librarian",
    }


def test_facts_are_split_at_the_first_colon():
    values = dict(blocks_of(ARTICLE))
    assert values["facts"]["title"] == "Facts"
    assert values["facts"]["facts"][1] == {
        "label": "Time",
        "value": "from 8 to 9: sharp",
    }


def test_steps_take_the_heading_before_them():
    values = dict(blocks_of(ARTICLE))
    assert values["steps"] == {
        "title": "Steps",
        "steps": [{"what": "Look first."}, {"what": "Then ask."}],
    }


def test_nothing_is_no_block():
    assert blocks_of("") == []
