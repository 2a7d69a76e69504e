"""What can be written in a post, and how it is shown."""

import re

import pytest

from forums.actions import edit_post, post_reply
from forums.models import Post
from network.markdown import plain_text, render
from tests.forums.factories import a_post, a_thread
from tests.people.factories import a_member

TABLE = "| who | days |\n|:---|---:|\n| Malawi | 12 |"
NOTE = "We paired them.[^1]\n\n[^1]: For the first *month*."


def test_a_table_scrolls_in_a_box_that_the_keyboard_reaches():
    html = render(TABLE)
    assert html.startswith('<div class="wide" tabindex="0"><table>')
    assert '<td class="right">12</td>' in html


def test_code_stands_as_it_was_written():
    html = render("```python\nif a < b:  # :tada: @anna\n```\nand `:tada:`")
    assert '<pre tabindex="0"><code class="language-python">if a &lt; b:' in html
    assert html.count(":tada:") == 2


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (":tada:", "🎉"),
        ("Thanks :+1:!", "Thanks 👍!"),
        (":no_such_sign:", ":no_such_sign:"),
        ("12:30:45", "12:30:45"),
        ("at 10:100:20", "at 10:100:20"),
    ],
)
def test_short_names_become_signs(typed, shown):
    assert render(typed) == f"<p>{shown}</p>\n"


def test_an_address_keeps_its_colons_and_passes_on_no_good_name():
    html = render("http://example.org/:smile:/ and www.norec.no")
    assert "http://example.org/:smile:/</a>" in html
    assert html.count('rel="nofollow ugc noopener"') == 2


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("See norec.no/side.", "http://norec.no/side"),
        ("See www.Norec.NO.", "http://www.Norec.NO"),
        ("See MyPlace.com: good", "http://MyPlace.com"),
        ("post@norec.no", "mailto:post@norec.no"),
        ("HTTP://NOREC.NO", "HTTP://NOREC.NO"),
        ("We came home.It was late.", None),
        ("Nobody was in town.As we said.", None),
        ("[call us](tel:+4712)", None),
        ("ftp://files.example/", None),
    ],
)
def test_what_leads_somewhere_is_a_link_and_the_rest_as_it_was_typed(typed, address):
    links = re.findall(r'<a [^>]*?(?:href="([^"]*)"[^>]*)?>', render(typed))
    assert links == ([address] if address else [])
    assert address or typed in render(typed)


def test_a_line_ends_where_its_writer_ended_it(client, db):
    author = a_member()
    client.force_login(author)
    post = a_post(a_thread(), author, "Greetings\nRut\n\n- one\n  more")
    shown = client.get(post.get_absolute_url(), follow=True).text
    assert "Greetings<br>\nRut</p>" in shown and "<li>one<br>\nmore</li>" in shown
    assert post.plain_text == "Greetings Rut one more"
    quoting = a_post(post.thread, markdown=f"> {post.get_absolute_url()}\n> a\n> b")
    assert "a<br>\nb" in client.get(quoting.get_absolute_url(), follow=True).text
    assert render("wrapped\nby others") == "<p>wrapped\nby others</p>\n"


def test_a_link_without_words_shows_where_it_leads():
    for typed in ("[](https://norec.no/)", "[ ](https://norec.no/)"):
        assert "https://norec.no/</a>" in render(typed)
        assert plain_text(typed) == "https://norec.no/"


def test_notes_of_two_posts_do_not_share_an_address(db):
    thread = a_thread()
    posts = [a_post(thread, markdown=NOTE), a_post(thread, markdown=NOTE)]
    ids = [set(re.findall(r'id="([^"]+)"', post.html)) for post in posts]
    assert len(ids[0]) == len(ids[1]) == 2
    assert not ids[0] & ids[1]
    for post in posts:  # each leads to the note and back
        assert set(re.findall(r'href="#([^"]+)"', post.html)) <= ids[posts.index(post)]


def test_an_edited_post_keeps_the_addresses_of_its_notes(db):
    post = a_post(markdown=NOTE)
    before = re.findall(r'id="([^"]+)"', post.html)
    edit_post(post, f"Hello. {NOTE}")
    html = Post.objects.get(pk=post.pk).html
    assert re.findall(r'id="([^"]+)"', html) == before


def test_a_note_that_no_word_leads_to_is_shown_all_the_same():
    html = render("A word[^b].\n\n[^a]: Never named.\n\n[^b]: Named.", docId="1-1")
    assert html.index("Named.") < html.index("<p>Never named.</p>")
    assert plain_text("[^a]: Never named.") == "Never named."


def test_search_and_mail_read_words_alone():
    assert plain_text(NOTE) == "We paired them. For the first month."
    assert plain_text(f":tada:\n\n{TABLE}") == "🎉 who days Malawi 12"


def test_nobody_gives_a_heading_or_a_link_an_address_of_their_own():
    html = render("# Title {#reply}\n\n[a](#reply){id=reply}\n\n<b id=x>x</b>")
    assert not re.search(r"<[^>]* id=", html)


def test_what_was_written_is_sent_as_it_stands(client, db):
    member = a_member()
    client.force_login(member)
    thread = a_thread()
    post_reply(thread, member, f"{TABLE}\n\n{NOTE}")
    page = client.get(thread.get_absolute_url()).content.decode()
    assert '<div class="wide" tabindex="0"><table>' in page
    assert '<ol class="notes">' in page
