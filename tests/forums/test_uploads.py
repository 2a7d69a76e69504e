"""What people send is looked into: kept as what it is, or refused in plain words."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from PIL import Image

from forums import documents
from forums.uploads import cleaned_name, looked_into
from tests.forums.uploads import (
    OPEN,
    PDF,
    archive,
    office,
    open_document,
    picture,
    sent,
)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def reason(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as refusal:
        looked_into(sent(name, content))
    return refusal.value.messages[0]


def opened(kept) -> Image.Image:
    kept.content.seek(0)
    return Image.open(io.BytesIO(kept.content.read()))


# Pictures


def str_only(value) -> str:
    """A name for the test: contents are long and not for reading."""
    return value if isinstance(value, str) else f"{len(value)} bytes"


@pytest.mark.parametrize(
    ("kind", "name", "becomes"),
    [
        ("JPEG", "hus.JPG", "hus.jpg"),
        ("PNG", "hus.png", "hus.png"),
        ("WEBP", "hus.webp", "hus.jpg"),
        ("GIF", "hus.gif", "hus.png"),
        ("HEIF", "hus.heic", "hus.jpg"),
        ("PNG", "hus.jpg", "hus.png"),  # named wrongly; it gets the name that is true
    ],
)
def test_a_picture_is_made_anew_with_a_small_one_beside_it(kind, name, becomes):
    kept = looked_into(sent(name, picture(kind, (3000, 1500))))
    assert (kept.name, kept.width, kept.height) == (becomes, 2000, 1000)
    assert opened(kept).size == (2000, 1000)
    assert Image.open(io.BytesIO(kept.thumb.read())).size == (800, 400)


def test_where_a_picture_was_taken_is_not_kept_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (60.0, 23.0, 0.0), 3: "E"})
    content = picture(
        "JPEG", (40, 30), exif=exif, icc_profile=b"profile", comment=b"me"
    )
    assert b"Exif" in content
    kept = looked_into(sent("photo.jpg", content))
    made = opened(kept)
    assert (kept.width, kept.height) == made.size == (30, 40)
    assert not made.getexif()
    assert made.info.keys().isdisjoint({"exif", "icc_profile", "comment", "xmp"})
    assert b"Exif" not in kept.thumb.read()


def test_what_is_transparent_stays_so_and_a_moving_picture_keeps_its_first_frame():
    clear = looked_into(sent("a.png", picture(mode="RGBA", colour=(0, 0, 0, 0))))
    assert opened(clear).mode == "RGBA"
    frames = [Image.new("P", (20, 20), n) for n in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert (
        getattr(opened(looked_into(sent("a.gif", out.getvalue()))), "n_frames", 1) == 1
    )


def test_a_heavy_drawing_becomes_light():
    noise = Image.effect_noise((1200, 1200), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    kept = looked_into(sent("scan.png", out.getvalue()))
    assert kept.name == "scan.jpg"


def a_pixel_bomb(side=30_000) -> bytes:
    """A PNG of a few hundred bytes that says it is 900 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def a_text_bomb() -> bytes:
    """A PNG with a comment that unpacks to 100 MB."""
    good = picture()
    data = b"c\0\0" + zlib.compress(b"\0" * (100 * 2**20), 9)
    check = struct.pack(">I", zlib.crc32(b"zTXt" + data))
    return good[:33] + struct.pack(">I", len(data)) + b"zTXt" + data + check + good[33:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", a_pixel_bomb()),
        ("comment.png", a_text_bomb()),
        ("cut.jpg", picture("JPEG", (900, 900))[:800]),
        ("text.png", b"hello"),
        ("page.gif", b"<html><script>alert(1)</script>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        ("postscript.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
        ("paper.png", PDF),
        ("old.png", b"BM" + b"\0" * 60),
    ],
    ids=str_only,
)
def test_what_is_no_picture_or_an_endless_one_is_refused(name, content):
    assert "picture" in reason(name, content)


def test_a_picture_that_is_also_a_script_keeps_only_its_pixels():
    evil = b"/*<script>alert(1)</script>*/"
    kept = looked_into(sent("both.gif", picture("GIF") + evil))
    assert evil not in kept.content.read() + kept.thumb.read()


# Documents


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", PDF),
        ("plan.docx", office("docx")),
        ("tal.xlsx", office("xlsx")),
        ("tale.pptx", office("pptx")),
        *((f"open.{suffix}", open_document(suffix)) for suffix in OPEN),
        ("notat.txt", "Blåbær og ærfugl".encode()),
        ("notat.md", b"# Notes\n\n* one\n"),
        ("BM.txt", b"BMarks of a bitmap, and yet words"),
        ("tal.csv", "\ufeffland;tal\nTanzania;3\n".encode()),
    ],
    ids=str_only,
)
def test_documents_are_kept_as_they_are(name, content):
    kept = looked_into(sent(name, content, claims="text/html"))
    assert (kept.name, kept.content.read()) == (name, content)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("drawing.svg", b"<svg/>", "SVG"),
        ("page.html", b"<html>", "Files of this kind"),
        ("run.pdf.exe", b"MZ", "Files of this kind"),
        ("nothing", b"hello", "Files of this kind"),
        ("old.doc", b"\xd0\xcf\x11\xe0", "old format"),
        ("macro.docm", office("docx"), "macros"),
        ("empty.txt", b"", "empty"),
        ("latin.txt", "blåbær".encode("latin-1"), "UTF-8"),
        ("wide.csv", "a;b".encode("utf-16"), "UTF-8"),
        ("binary.txt", b"a\0b", "broken"),
        ("picture.txt", picture("JPEG"), "UTF-8"),
        ("picture.pdf", picture(), "broken"),
        ("page.pdf", b"<html>\n" + PDF, "broken"),
        ("cut.pdf", PDF[:20], "broken"),
        ("plan.docx", PDF, "broken"),
        ("plan.docx", archive(("a.txt", "hello")), "broken"),
        ("plan.docx", office("xlsx"), "broken"),
        ("plan.odt", open_document("ods"), "broken"),
        ("plan.odt", office("docx"), "broken"),
        ("cut.docx", office("docx")[:60], "broken"),
        ("both.docx", picture("JPEG") + office("docx"), "broken"),
        ("macro.docx", office("docx", ("word/vbaProject.bin", b"x")), "macros"),
        ("macro.xlsx", office("xlsx", ("XL/VBAPROJECT.BIN", b"x")), "macros"),
        ("macro.odt", open_document("odt", ("Basic/Standard/a.xml", b"x")), "macros"),
        (
            "macro.docx",
            office(
                "docx", says="application/vnd.ms-word.document.macroEnabled.main+xml"
            ),
            "macros",
        ),
    ],
    ids=str_only,
)
def test_a_document_that_is_something_else_is_refused(name, content, why):
    said = reason(name, content)
    assert why in said
    assert said.startswith(f"{name}: ")


def test_a_zip_bomb_is_never_unpacked(monkeypatch):
    bomb = office("docx", ("word/document.xml", b"\0" * (60 * 2**20)))
    assert len(bomb) < 100_000
    monkeypatch.setattr(documents, "MOST_UNPACKED", 50 * 2**20)
    assert "broken" in reason("bomb.docx", bomb)


def test_a_listing_that_lies_about_its_length_is_read_to_a_bound():
    listing = b"<Types>" + b" " * (30 * 2**20)
    bomb = archive(("[Content_Types].xml", listing))
    assert "broken" in reason("bomb.docx", bomb)


def test_an_archive_of_very_many_files_is_not_listed():
    many = archive(*((f"{n}", "") for n in range(documents.MOST_ENTRIES + 1)))
    assert "broken" in reason("many.docx", many)


@pytest.mark.parametrize("compression", [12, 14])  # bzip2, lzma: read without bound
def test_only_common_ways_of_packing_are_opened(compression):
    odd = archive(("mimetype", OPEN["odt"]), compression=compression)
    assert "broken" in reason("odd.odt", odd)


def test_a_file_that_is_too_large_is_refused_before_it_is_opened():
    large = sent("large.pdf", b"x")
    large.size = 11 * 2**20
    with pytest.raises(ValidationError, match="larger than 10"):
        looked_into(large)


# Names


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\plan.pdf", "plan.pdf"),
        ("a\0b.txt", "a b.txt"),
        ("line\r\nSet-Cookie: x.txt", "line Set-Cookie: x.txt"),
        ("plan\u202efdp.txt", "plan fdp.txt"),
        (".htaccess.txt", "htaccess.txt"),
        ("   .txt", "txt"),
        ("Årsmelding 2026.docx", "Årsmelding 2026.docx"),
        ("ሰላም.pdf", "ሰላም.pdf"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_is_one_line_without_folders(name, becomes):
    assert cleaned_name(name) == becomes


def test_a_long_name_keeps_its_ending():
    assert cleaned_name("long " * 60 + ".pdf")[-4:] == ".pdf"
    assert len(cleaned_name("å" * 300 + ".pdf")) == 100
