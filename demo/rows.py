"""The content files, and the rows in the database that they name by key."""

import tomllib
from functools import cache
from pathlib import Path

from django.db.models import QuerySet
from wagtail.models import Locale

from cms.models import HomePage, WorkPage
from network.exchange.models import Organisation
from network.languages import NORWEGIAN
from network.people.models import User
from network.themes.models import Theme

CONTENT = Path(__file__).resolve().parent / "content"


@cache
def read(name: str):
    """A content file: its list, or its tables by name."""
    table = tomllib.loads((CONTENT / f"{name}.toml").read_text("utf-8"))
    return table.get(name, table)


def read_work(path: Path) -> dict:
    """Front matter in TOML between lines of +++, then the text in Markdown."""
    _nothing, front, body = path.read_text("utf-8").split("+++\n", 2)
    return {**tomllib.loads(front), "body": body}


def source_id(row: dict) -> str:
    return f"demo:{row['work']}.{row['language']}"


@cache
def emails() -> dict[str, str]:
    return {row["key"]: row["email"] for row in read("people")}


def user(key: str) -> User:
    return User.objects.get(email=emails()[key])


def users(keys) -> QuerySet[User]:
    return User.objects.filter(email__in=[emails()[key] for key in keys])


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(slug=key)


def themes(row: dict) -> list[Theme]:
    """In the order they are named; an unknown one is a mistake in the content."""
    known = Theme.objects.in_bulk(row["themes"], field_name="slug")
    return [known[slug] for slug in row["themes"]]


def home_of(language: str) -> HomePage:
    code = "nb" if language in NORWEGIAN else language
    locale = Locale.objects.get(language_code=code)
    return HomePage.objects.select_related("locale").get(locale=locale)


def work_page(key: str, language: str) -> WorkPage:
    """The work in `language`, else in English, else as it was written."""
    pages = WorkPage.objects.filter(source_id__startswith=f"demo:{key}.")
    return pages.best_in([language, "en"]).get()


def only(row: dict, names: str) -> dict:
    return {name: row[name] for name in names.split() if name in row}
