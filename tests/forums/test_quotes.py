"""Quoting a post: its words stand there for those who may see where they come from."""

import pytest
from django.urls import reverse

from forums.actions import edit_post, hide_post, move_thread, post_reply, restore_post
from forums.models import Post, Quote
from forums.quotes import quote_of
from network.audience import PUBLIC, STAFF
from network.events import deliver_events
from network.people.actions import block
from tests.exchange.factories import a_partnership
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, profile_of

WORDS = "We paired each newcomer with a host."


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def source(db):
    return a_post(author=a_member("Anna Lie"), markdown=WORDS)


def reads(client, thread) -> str:
    return client.get(thread.get_absolute_url()).content.decode()


def reply(page, thread, markdown, **more):
    address = reverse("forums:thread_reply", args=[thread.pk])
    return page.post(address, {"markdown": markdown, "language": "en", **more})


def answered(source, thread=None, author=None) -> Post:
    text = f"{quote_of(source)}So did we."
    return post_reply(thread or source.thread, author or a_member(), text)


def figures(html: str) -> list[str]:
    found = html.split('<figure class="quote">')[1:]
    return [one.partition("</figure>")[0] for one in found]


def test_a_quote_names_who_wrote_and_leads_there(page, source):
    answered(source)
    [quote] = figures(reads(page, source.thread))
    assert f'<a href="{source.get_absolute_url()}">Anna Lie wrote</a>' in quote
    assert WORDS in quote


def test_without_javascript_a_link_puts_the_quote_into_the_form(page, source):
    there = reads(page, source.thread)
    link = f"?quote={source.number}#reply"
    assert link in there
    address = f"{source.thread.get_absolute_url()}{link}".partition("#")[0]
    form = page.get(address).content.decode()
    assert f"&gt; {source.get_absolute_url()}\n&gt; {WORDS}" in form


def test_the_quote_joins_what_was_already_being_written(page, member, source):
    draft = reverse("forums:draft_save", args=["thread", source.thread_id])
    form = page.get(source.thread.get_absolute_url()).content.decode()
    writer = form.partition('name="writer" value="')[2].partition('"')[0]
    page.post(draft, {"markdown": "Already here.", "writer": writer, "language": "en"})
    address = f"{source.thread.get_absolute_url()}?quote={source.number}"
    form = page.get(address).content.decode()
    assert "Already here.\n\n&gt; /forums/" in form


def test_a_quote_of_nothing_gives_the_empty_form(page, source):
    hidden = a_post(source.thread, markdown="secret words")
    hide_post(hidden)
    for asked in (hidden.number, 99, "x", "1" * 30):
        answer = page.get(f"{source.thread.get_absolute_url()}?quote={asked}")
        assert answer.status_code == 200
        assert "secret words" not in answer.content.decode()
        assert "&gt; /forums/" not in answer.content.decode()


def test_a_script_asks_for_the_quote_alone(page, client, source):
    address = reverse("forums:post_quote", args=[source.thread_id, source.number])
    answer = page.get(address)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == f"> {source.get_absolute_url()}\n> {WORDS}\n\n"
    hide_post(source)
    assert page.get(address).status_code == 404


def test_who_quotes_reads_no_names_that_do_not_reach_them(page, client, member):
    anna, bo = a_member("Anna Lie"), a_member("Bo Berg")
    post = a_post(markdown=f"Ask @{anna.profile.slug} or @{bo.profile.slug}.")
    block(anna, member)
    alone, form = f"{post.get_absolute_url()}quote/", post.thread.get_absolute_url()
    for there in (alone, f"{form}?quote=2"):
        text = page.get(there).text
        assert "Ask @… or @bo-berg." in text and "anna" not in text
    move_thread(post.thread, a_forum(PUBLIC))
    client.logout()
    quote = client.get(alone).text
    assert "anna" not in quote and "bo-berg" not in quote


def test_what_is_hidden_is_not_read_in_a_quote(page, source):
    quoting = answered(source)
    hide_post(source)
    shown = reads(page, source.thread)
    assert WORDS not in shown and figures(shown) == []
    assert "So did we." in shown
    history = page.get(f"{quoting.get_absolute_url()}history/").content.decode()
    assert WORDS not in history
    restore_post(Post.objects.get(pk=source.pk))
    assert WORDS in reads(page, source.thread)


def test_its_author_and_moderators_go_on_reading_it(client, source):
    answered(source)
    hide_post(source)
    client.force_login(source.author)
    assert len(figures(reads(client, source.thread))) == 1


def test_history_hides_what_was_quoted_in_an_earlier_version(page, source):
    quoting = answered(source)
    edit_post(quoting, "I take it back.")
    address = f"{quoting.get_absolute_url()}history/"
    assert WORDS in page.get(address).content.decode()
    hide_post(source)
    seen = page.get(address).content.decode()
    assert WORDS not in seen and "So did we." in seen


def test_who_is_blocked_is_not_read_in_a_quote(page, member, source):
    answered(source)
    block(member, source.author)
    assert WORDS not in reads(page, source.thread)


def test_search_and_mail_do_not_repeat_it(source):
    assert answered(source).plain_text == "So did we."


@pytest.mark.parametrize("mark", ["{}", "x\n{}", "{}\n\n> own quote", "> {}"])
def test_the_text_that_quotes_holds_none_of_the_words(source, mark):
    text = mark.format(quote_of(source).strip())
    if mark.startswith("> "):
        text = "\n".join(f"> {line}" for line in quote_of(source).strip().splitlines())
        text = f"> {source.get_absolute_url()}\n{text}"
    post = post_reply(source.thread, a_member(), text)
    assert WORDS not in post.html


def test_a_quote_in_a_quote_is_left_out(source):
    first = answered(source)
    assert quote_of(first) == f"> {first.get_absolute_url()}\n> So did we.\n\n"


def test_an_ordinary_quote_stays_one(member):
    post = a_post(author=member, markdown="> As they say:\n> all is well.")
    assert "<blockquote>" in post.html and not Quote.objects.exists()


def test_words_go_along_to_where_no_more_people_read(page, member, source):
    thread = a_thread(title="Elsewhere")
    assert reply(page, thread, quote_of(source)).status_code == 302
    [quote] = figures(reads(page, thread))
    assert f"Anna Lie wrote in “{source.thread.title}”" in quote.replace("&#34;", '"')


def test_words_are_not_carried_to_where_more_people_read(client, db):
    partnership = a_partnership()
    insider = a_member(of=partnership)
    room = a_forum(partnership.own_audience)
    source = a_post(a_thread(room, insider), insider, WORDS)
    client.force_login(insider)
    open_thread = a_thread()
    answer = reply(client, open_thread, f"{quote_of(source)}Look!")
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "More people read this thread" in said
    assert WORDS in said, "what was typed is kept"
    assert open_thread.posts.count() == 1


def test_what_one_may_not_see_cannot_be_quoted(page, source):
    closed = a_post(a_thread(a_forum(STAFF)))
    for address in (closed.get_absolute_url(), "/forums/thread/987654/1/"):
        answer = reply(page, source.thread, f"> {address}\n> guessed")
        assert answer.status_code == 422
        told = answer.content.decode().replace(address, "")
        assert "There is no post to quote at" in told


def test_an_old_quote_stays_when_its_post_is_hidden(source):
    quoting = answered(source)
    hide_post(source)
    edit_post(quoting, f"{quoting.markdown} Truly.")
    assert Quote.objects.get(post=quoting).source == source


def test_a_thread_moved_to_more_readers_does_not_take_the_words_along(client, db):
    partnership = a_partnership()
    insider = a_member(of=partnership)
    room = a_forum(partnership.own_audience)
    source = a_post(a_thread(room, insider), insider, WORDS)
    thread = a_thread(room, insider)
    answered(source, thread, insider)
    move_thread(thread, a_forum(PUBLIC))
    deliver_events()
    assert WORDS not in reads(client, thread)


def test_a_name_goes_no_further_in_a_quote_than_elsewhere(client, source):
    thread = source.thread
    move_thread(thread, a_forum(PUBLIC))
    answered(source)
    [quote] = figures(reads(client, thread))
    assert "Anna Lie" not in quote and "A member wrote" in quote


def test_the_preview_shows_the_quote_and_what_is_wrong_with_one(page, source):
    shown = reply(page, source.thread, quote_of(source), preview="1").content.decode()
    assert "Anna Lie wrote</a>" in shown
    wrong = reply(page, source.thread, "> /forums/thread/9/9/\n> x", preview="1")
    assert "There is no post to quote" in wrong.content.decode()


def test_twenty_quotes_are_enough(page, source):
    answer = reply(page, source.thread, quote_of(source) * 21)
    assert answer.status_code == 422
    assert "at most 20" in answer.content.decode()


def test_quotes_and_names_cost_one_query(page, django_assert_max_num_queries, source):
    anna = profile_of(source.author)
    for n in range(5):
        quoted = a_post(source.thread, markdown=f"{n}")
        post_reply(source.thread, a_member(), f"{quote_of(quoted)}@{anna.slug}")
    deliver_events()
    page.get("/forums/")
    with django_assert_max_num_queries(12):
        shown = reads(page, source.thread)
    assert len(figures(shown)) == 5


def test_a_quote_is_named_in_the_language_of_each_reader(db):
    from django.utils.translation import override

    from forums.shown import texts_of

    thread = a_thread(author=a_member("Anna Lie"))
    source = thread.posts.get(number=1)
    post = post_reply(thread, a_member(), f"> {source.get_absolute_url()}\n> So.\n\nOk")
    shown = []
    for language in ("nn", "nb", "en"):
        with override(language):
            shown.append(texts_of([post], thread.author)[post.pk])
    for words, html in zip(("skreiv", "skrev", "wrote"), shown, strict=True):
        assert f"Anna Lie {words}" in html
