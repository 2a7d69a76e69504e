import json
from html import unescape
from re import findall

from django.utils.html import strip_tags


def titles(response) -> list[str]:
    """The titles of the hits on a search page, in order, as a person reads them."""
    html = response.content.decode()
    return [plain(h) for h in findall(r"<h2>(<a href=.*?</a>)</h2>", html)]


def plain(html: str) -> str:
    return unescape(strip_tags(html))


def suggested(response) -> dict[str, list[str]]:
    groups = json.loads(response.content)["groups"]
    return {g["group"]: [item["title"] for item in g["items"]] for g in groups}
