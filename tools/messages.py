"""The message catalogues: compile, update, check. Needs no gettext.

    python tools/messages.py compile   .po to .mo
    python tools/messages.py update    add what the code says, drop what it says no more
    python tools/messages.py check     fail where nynorsk or bokmål lacks a string

What must be said in both Norwegian forms: our own strings, and what allauth and
Django say to people and have not said in that form themselves. allauth has no nynorsk.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import jinja2
import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "network" / "locale"
LANGUAGES = ("nn", "nb")
OWN = ("network", "cms", "forums", "search", "demo", "templates")
LIBRARIES = {
    "allauth": ("account", "mfa", "core", "templates/account/messages"),
    "django": (
        "forms",
        "core/validators.py",
        "db/models",
        "contrib/auth/password_validation.py",
    ),
}
CALL = re.compile(r"(?<![\w.])(n?p?gettext(?:_lazy|_noop)?|_)\(")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w+\}")
_jinja = jinja2.Environment()

Message = tuple[str | None, str, str | None]  # context, singular, plural


def compile_all() -> None:
    for path in LOCALES.glob("*/LC_MESSAGES/django.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def python_messages(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _message(node)


def template_messages(text: str) -> Iterator[Message]:
    from django.utils.translation.template import templatize

    source = templatize(text)
    for found in CALL.finditer(source):
        call = _call_at(source, found.start())
        if call:
            yield from _message(call)


def quick_messages(text: str) -> Iterator[Message]:
    """Of a part in Jinja2 (network/quick.py)."""
    for node in _jinja.parse(text).find_all(jinja2.nodes.Call):
        words = [one.value for one in node.args if isinstance(one, jinja2.nodes.Const)]
        name = getattr(node.node, "name", "")
        yield from _said(name, [word for word in words if isinstance(word, str)])


def _call_at(source: str, start: int) -> ast.Call | None:
    for end in re.finditer(r"\)", source[start : start + 5000]):
        try:
            return ast.parse(source[start : start + end.end()], mode="eval").body
        except SyntaxError:
            continue
    return None


def _message(call: ast.Call) -> Iterator[Message]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    words = [a.value for a in call.args if isinstance(a, ast.Constant)]
    yield from _said(name, [word for word in words if isinstance(word, str)])


def _said(name: str, words: list[str]) -> Iterator[Message]:
    kind = re.fullmatch(r"(n?)(p?)gettext(_lazy|_noop)?|_", name)
    if not kind or not words or len(words) < bool(kind[1]) + bool(kind[2]) + 1:
        return
    context = words.pop(0) if kind[2] else None
    yield context, words[0], words[1] if kind[1] else None


def messages_of(root: Path, parts: tuple[str, ...]) -> dict[Message, list[str]]:
    found: dict[Message, list[str]] = {}
    for part in parts:
        for path in sorted([root / part, *(root / part).rglob("*")]):
            if "migrations" in path.parts or not path.is_file():
                continue
            if path.suffix == ".py":
                said = python_messages(path.read_text())
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                said = template_messages(path.read_text())
            elif path.suffix == ".jinja":
                said = quick_messages(path.read_text())
            else:
                continue
            for message in said:
                if message[1]:
                    found.setdefault(message, []).append(str(path.relative_to(root)))
    return found


def wanted(language: str) -> dict[Message, list[str]]:
    """What our catalogue must say in this language, and where it is said."""
    found = messages_of(ROOT, OWN)
    for name, parts in LIBRARIES.items():
        root = Path(import_module(name).__file__).parent
        said = _library_says(root, language)
        for message, where in messages_of(root, parts).items():
            if message not in said:
                found.setdefault(message, [f"{name}/{place}" for place in where])
    return found


def _library_says(root: Path, language: str) -> set[Message]:
    catalogues = root.rglob(f"locale/{language}/LC_MESSAGES/django.po")
    entries = (entry for path in catalogues for entry in polib.pofile(str(path)))
    return {_key(entry) for entry in entries if entry.translated()}


def _catalogue(language: str) -> polib.POFile:
    path = LOCALES / language / "LC_MESSAGES" / "django.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=88)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile(wrapwidth=88)
    catalogue.fpath = str(path)
    catalogue.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def _key(entry: polib.POEntry) -> Message:
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def update() -> None:
    for language in LANGUAGES:
        catalogue = _catalogue(language)
        known = {_key(entry): entry for entry in catalogue}
        needed = wanted(language)
        fresh = polib.POFile(wrapwidth=88)
        fresh.metadata, fresh.header = catalogue.metadata, catalogue.header
        for key in sorted(needed, key=lambda key: (key[1].casefold(), key[0] or "")):
            context, singular, plural = key
            entry = known.get(key) or polib.POEntry(
                msgid=singular, msgctxt=context, msgid_plural=plural or ""
            )
            if plural and not entry.msgstr_plural:
                entry.msgstr_plural = {0: "", 1: ""}
            entry.occurrences = [(where, "") for where in sorted(set(needed[key]))]
            fresh.append(entry)
        fresh.save(catalogue.fpath)
        to_do = len(fresh.untranslated_entries())
        print(f"{language}: {len(fresh)} strings, {to_do} to do")


def check() -> int:
    faults = []
    for language in LANGUAGES:
        known = {_key(entry): entry for entry in _catalogue(language)}
        for key, where in wanted(language).items():
            entry = known.get(key)
            if entry is None or not entry.translated():
                faults.append(f"{language}: no translation of {key[1]!r} ({where[0]})")
            elif not _fits(entry):
                faults.append(f"{language}: placeholders differ in {key[1]!r}")
    print("\n".join(faults) or "Every string has its nynorsk and its bokmål.")
    return bool(faults)


def _fits(entry: polib.POEntry) -> bool:
    """A plural form may leave out the number; nothing may name what is not there."""
    allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    used = [set(PLACEHOLDER.findall(form)) for form in forms]
    return used[-1] == allowed and all(form <= allowed for form in used)


if __name__ == "__main__":
    jobs = {"compile": compile_all, "update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in jobs:
        sys.exit(__doc__)
    sys.exit(jobs[sys.argv[1]]())
