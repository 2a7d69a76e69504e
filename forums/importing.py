"""Conversations that others published become threads of ours.

Three shapes of record are known: a question with replies and comments, a consultation
with its statements, a question with one answer. Comments become replies. Authors keep
the name that the source gives and are no members; nobody is notified. Posts keep their
numbers for good: what a source adds later comes last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import slugify

from forums.actions import add_post, edit_post, slug_of
from forums.events import ThreadImported
from forums.models import Forum, Post, Thread
from network.audience import MEMBERS
from network.events import publish
from network.importing import Bad, Fields, Importer, Item, Line, Report, Skip
from network.languages import CONTENT_LANGUAGES, language_choices
from network.markdown import render
from network.themes.vocabulary import themes_named

NOBODY = "N. N."
BELOW_OUR_OWN = 1000
TITLE = Thread._meta.get_field("title").max_length
NAME = Post._meta.get_field("author_name").max_length
STACK_EXCHANGE = "Stack Exchange; here as Markdown, with pseudonyms"
POLIS = "The Computational Democracy Project, Polis"
MEDQUAD = "MedQuAD, Ben Abacha and Demner-Fushman, BMC Bioinformatics 2019"
# Small words by which a text without a stated language gives itself away.
SMALL_WORDS = {
    "en": {"the", "and", "of", "to", "is", "that", "for", "are"},
    "de": {"der", "die", "und", "das", "ist", "nicht", "für", "werden"},
    "fr": {"le", "les", "et", "des", "est", "une", "pour", "dans"},
    "es": {"el", "los", "y", "del", "las", "para", "una", "con"},
    "pt": {"os", "e", "do", "da", "não", "para", "uma", "com"},
    "nb": {"og", "ikke", "jeg", "det", "som", "til", "av", "hva"},
    "nn": {"og", "ikkje", "eg", "det", "som", "til", "av", "kva"},
}


@dataclass
class Words:
    """What one person wrote; `key` is its own within the thread."""

    key: str
    author: str
    at: datetime
    markdown: str
    html: str = ""


@dataclass
class Talk:
    """A thread as its source tells it, the posts in the order of reading."""

    forum: str
    values: dict
    posts: list[Words]
    tags: list[str]
    accepted: str = ""


class ThreadImporter(Importer):
    batch_size = 20

    def __init__(self, report: Report, dry_run=False, forum: Forum | None = None):
        """forum: where all threads go; otherwise each source has its own."""
        super().__init__(report, dry_run)
        self.forum = forum

    def existing(self, source_ids: list[str]) -> dict[str, Thread]:
        threads = Thread.objects.filter(source_id__in=source_ids)
        threads = threads.only("source_id", "source_digest")
        return {thread.source_id: thread for thread in threads}

    def prepare(self, line: Line, source_id: str, row: Thread | None) -> Talk:
        talk = talk_of(line.data)
        language = talk.values["language"]
        if language not in CONTENT_LANGUAGES:
            raise Skip(f"a language we have no threads in: {language}")
        talk.values |= {"source_id": source_id, "source_digest": line.digest}
        if row is None:
            for words in talk.posts:
                key = slugify(f"{source_id}-{words.key}")
                words.html = render(words.markdown, docId=key)
        return talk

    def write(self, items: list[Item]) -> None:
        new = [item.value for item in items if item.row is None]
        add_threads([(self._forum(talk.forum), talk) for talk in new])
        for item in items:
            if item.row is not None:
                change_thread(item.row.pk, item.value)

    def _forum(self, name: str) -> Forum:
        if self.forum:
            return self.forum
        slug = slugify(name.replace(".", "-"))[:60].strip("-")
        values = {"name": name, "audience": MEMBERS, "position": BELOW_OUR_OWN}
        return Forum.objects.get_or_create(slug=slug, defaults=values)[0]


def add_threads(talks: list[tuple[Forum, Talk]]) -> None:
    """New threads with all their posts, in a handful of statements."""
    threads = Thread.objects.bulk_create(
        Thread(
            forum=forum,
            author_name=talk.posts[0].author,
            last_number=len(talk.posts),
            revision=len(talk.posts),
            last_post_at=max(words.at for words in talk.posts),
            **talk.values,
        )
        for forum, talk in talks
    )
    told = [
        (thread, talk) for thread, (_forum, talk) in zip(threads, talks, strict=True)
    ]
    posts = Post.objects.bulk_create(
        Post(number=number, revision=number, html=words.html, **_post(thread, words))
        for thread, talk in told
        for number, words in enumerate(talk.posts, 1)
    )
    numbers = {post.source_id: post for post in posts}
    for thread, talk in told:
        thread.accepted_post = numbers.get(_post_id(thread, talk.accepted))
    answered = [thread for thread in threads if thread.accepted_post]
    Thread.objects.bulk_update(answered, ["accepted_post"])
    ThemeOfThread = Thread.themes.through
    ThemeOfThread.objects.bulk_create(
        ThemeOfThread(thread=thread, theme_id=theme)
        for thread, talk in told
        for theme in _themes(talk)
    )
    for thread in threads:
        publish(ThreadImported(thread=thread.pk))


def change_thread(pk: int, talk: Talk) -> None:
    """Bring a thread up to date; what members wrote in it since stays where it is."""
    posts = {post.source_id: post for post in Post.objects.filter(thread=pk)}
    thread = Thread.objects.get(pk=pk)
    new = []
    for words in talk.posts:
        post = posts.get(_post_id(thread, words.key))
        if post is None:
            new.append(words)
        elif post.markdown != words.markdown:
            edit_post(post, words.markdown)
    thread = Thread.objects.select_for_update().get(pk=pk)
    latest = max([thread.last_post_at, *(words.at for words in new)])
    for words in new:
        fields = _post(thread, words)
        add_post(fields.pop("thread"), **fields)
    accepted = Post.objects.filter(source_id=_post_id(thread, talk.accepted)).first()
    values = {**talk.values, "last_post_at": latest}
    if accepted:
        values["accepted_post"] = accepted
    Thread.objects.filter(pk=pk).update(**values)
    thread.themes.set(_themes(talk))
    publish(ThreadImported(thread=pk))


def _post(thread: Thread, words: Words) -> dict:
    return {
        "thread": thread,
        "author_name": words.author,
        "markdown": words.markdown,
        "language": thread.language,
        "created_at": words.at,
        "source_id": _post_id(thread, words.key),
    }


def _post_id(thread: Thread, key: str) -> str:
    return f"{thread.source_id}/{key}"


def _themes(talk: Talk) -> list[int]:
    return themes_named([*talk.tags, talk.values["title"]], talk.values["language"])


# From a record to a talk


def talk_of(data: dict) -> Talk:
    """Raises Bad with all that is wrong in the record."""
    if "question" in data:
        shape = _answered_question
    elif "participants" in data:
        shape = _consultation
    elif "replies" in data:
        shape = _conversation
    else:
        raise Bad("neither replies, nor participants, nor a question with its answer")
    fields = Fields(data)
    talk = shape(fields)
    talk.values["slug"] = slug_of(talk.values["title"])
    fields.check()
    return talk


def _conversation(fields: Fields) -> Talk:
    """A question, its comments, then each reply with the comments on it."""
    posts = [_words(fields, "0"), *_comments(fields, "0")]
    accepted = ""
    for reply in _in_time(fields.parts("replies")):
        key = reply.text("id", longest=40, required=True)
        posts += [_words(reply, key), *_comments(reply, key)]
        accepted = key if reply.data.get("accepted") is True else accepted
    title = fields.text("title", longest=TITLE, required=True)
    values = {
        "title": title,
        "kind": Thread.Kind.QUESTION,
        "language": _language(fields, title),
        "created_at": posts[0].at,
        "closed_at": fields.moment("closed"),
        **_source(fields, STACK_EXCHANGE),
    }
    forum = fields.text("forum", longest=120, required=True)
    return Talk(forum, values, posts, fields.texts("tags"), accepted)


def _consultation(fields: Fields) -> Talk:
    """A topic, then what people said of it, in time order."""
    title = fields.text("title", longest=TITLE, required=True)
    topic = fields.text("description") or title
    said = [
        _words(part, part.text("id", longest=40, required=True))
        for part in _in_time(fields.parts("comments"))
    ]
    began = said[0].at if said else timezone.now()
    sample = " ".join([title, topic, *(words.markdown for words in said[:50])])
    values = {
        "title": title,
        "kind": Thread.Kind.DISCUSSION,
        "language": _language(fields, sample),
        "created_at": began,
        **_source(fields, POLIS),
    }
    posts = [Words("topic", NOBODY, began, topic), *said]
    return Talk("Public consultations", values, posts, [])


def _answered_question(fields: Fields) -> Talk:
    """Published without dates: it begins when it comes here."""
    question = fields.text("question", longest=TITLE, required=True)
    answer = fields.text("answer", required=True)
    now = timezone.now()
    values = {
        "title": question,
        "kind": Thread.Kind.QUESTION,
        "language": _language(fields, answer),
        "created_at": now,
        **_source(fields, MEDQUAD),
    }
    posts = [
        Words("question", NOBODY, now, question),
        Words("answer", fields.text("publisher", longest=NAME) or NOBODY, now, answer),
    ]
    topics = [fields.text("focus"), *fields.texts("synonyms")]
    return Talk("Health questions", values, posts, topics, accepted="answer")


def _words(fields: Fields, key: str) -> Words:
    at = fields.moment("created", required=True)
    author = fields.text("author", longest=NAME) or NOBODY
    return Words(key, author, at, fields.text("body", required=True))


def _comments(fields: Fields, of: str) -> Iterator[Words]:
    """They have no ids: known by when they were written, and by whom."""
    for part in _in_time(fields.parts("comments")):
        author = part.text("author")[:20]
        yield _words(part, f"{of}.{part.text('created', longest=30)}.{author}")


def _in_time(parts: list[Fields]) -> list[Fields]:
    return sorted(parts, key=lambda part: str(part.data.get("created")))


def _source(fields: Fields, attribution: str) -> dict:
    return {
        "source_url": fields.url("url"),
        "licence": fields.text("licence", longest=80),
        "attribution": fields.text("attribution", longest=500) or attribution,
    }


def _language(fields: Fields, text: str) -> str:
    """As the record says, or as its words tell."""
    if not fields.data.get("lang"):
        return told_language(text)
    return fields.choice("lang", {code: code for code, _name in language_choices()})


def told_language(text: str) -> str:
    if sum("\u4e00" <= letter <= "\u9fff" for letter in text) > len(text) / 5:
        return "zh"
    words = text.casefold().split()
    return max(
        SMALL_WORDS, key=lambda code: sum(word in SMALL_WORDS[code] for word in words)
    )
