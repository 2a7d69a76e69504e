"""The message catalogues: compile, update, check. Needs no gettext.

    python tools/messages.py compile   .po to .mo
    python tools/messages.py update    add what the code says, drop what it says no more
    python tools/messages.py check     fail where nynorsk or bokmål lacks a string

What must be said in both Norwegian forms: our own strings, and those of allauth,
which has no nynorsk and not all of bokmål.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "network" / "locale"
LANGUAGES = ("nn", "nb")
OWN = ("network", "cms", "forums", "search", "demo", "templates")
CALL = re.compile(r"(?<![\w.])(n?p?gettext(?:_lazy|_noop)?|_)\(")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")

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


def _call_at(source: str, start: int) -> ast.Call | None:
    for end in re.finditer(r"\)", source[start : start + 5000]):
        try:
            return ast.parse(source[start : start + end.end()], mode="eval").body
        except SyntaxError:
            continue
    return None


def _message(call: ast.Call) -> Iterator[Message]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    kind = re.fullmatch(r"(n?)(p?)gettext(_lazy|_noop)?|_", name)
    words = [a.value for a in call.args if isinstance(a, ast.Constant)]
    words = [word for word in words if isinstance(word, str)]
    if not kind or not words or len(words) < bool(kind[1]) + bool(kind[2]) + 1:
        return
    context = words.pop(0) if kind[2] else None
    yield context, words[0], words[1] if kind[1] else None


def messages_of(folders: list[Path], root: Path) -> dict[Message, list[str]]:
    found: dict[Message, list[str]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if "migrations" in path.parts or not path.is_file():
                continue
            if path.suffix == ".py":
                said = python_messages(path.read_text())
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                said = template_messages(path.read_text())
            else:
                continue
            for message in said:
                if message[1]:
                    found.setdefault(message, []).append(str(path.relative_to(root)))
    return found


def all_messages() -> tuple[dict[Message, list[str]], dict[Message, list[str]]]:
    """Ours, and allauth's."""
    import allauth

    library = Path(allauth.__file__).parent
    parts = [library / name for name in ("account", "mfa", "core")]
    theirs = messages_of(parts, library.parent)
    return messages_of([ROOT / name for name in OWN], ROOT), theirs


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


def _wanted(language: str, ours: dict, theirs: dict) -> dict[Message, list[str]]:
    said = set() if language == "nn" else _library_says(language)
    rest = {key: where for key, where in theirs.items() if key not in said}
    return {**rest, **ours}


def _library_says(language: str) -> set[Message]:
    import allauth

    path = Path(allauth.__file__).parent / "locale" / language / "LC_MESSAGES/django.po"
    return {_key(entry) for entry in polib.pofile(str(path)) if entry.translated()}


def update() -> None:
    ours, theirs = all_messages()
    for language in LANGUAGES:
        catalogue = _catalogue(language)
        known = {_key(entry): entry for entry in catalogue}
        wanted = _wanted(language, ours, theirs)
        fresh = polib.POFile(wrapwidth=88)
        fresh.metadata, fresh.header = catalogue.metadata, catalogue.header
        for key in sorted(wanted, key=lambda key: (key[1].casefold(), key[0] or "")):
            context, singular, plural = key
            entry = known.get(key) or polib.POEntry(
                msgid=singular, msgctxt=context, msgid_plural=plural or ""
            )
            if plural and not entry.msgstr_plural:
                entry.msgstr_plural = {0: "", 1: ""}
            entry.occurrences = [(where, "") for where in sorted(set(wanted[key]))]
            fresh.append(entry)
        fresh.save(catalogue.fpath)
        print(f"{language}: {len(fresh)} strings, {len(fresh.untranslated_entries())} to do")


def check() -> int:
    ours, theirs = all_messages()
    faults = []
    for language in LANGUAGES:
        known = {_key(entry): entry for entry in _catalogue(language)}
        for key, where in _wanted(language, ours, theirs).items():
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
