"""Uploaded pictures, made small and safe: the file kept is never the file sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

SIDE = 480
LARGEST_UPLOAD = 10 * 2**20
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
FORMATS_OF_PHONES = (*FORMATS, "HEIF")
LOSSLESS = {"PNG", "GIF"}
HEAVY = 2**20


@dataclass(frozen=True)
class Shrunk:
    """A picture as it is kept, and a small one for poor lines (WebP)."""

    content: bytes
    suffix: str
    thumb: bytes
    width: int
    height: int


def check_picture(upload) -> None:
    """Refuse what is too large, no picture, or a small file with endless pixels."""
    if upload.size > LARGEST_UPLOAD:
        raise ValidationError(_("The picture is larger than 10 MB."), code="size")
    with _opened(upload) as picture:
        picture.load()


def square(upload) -> bytes:
    """JPEG of the middle, upright, SIDE pixels wide, without EXIF and other extras."""
    with Image.open(upload, formats=FORMATS) as picture:
        upright = ImageOps.exif_transpose(picture)
        flat = _on_paper(upright)
        small = ImageOps.fit(flat, (SIDE, SIDE), Image.Resampling.LANCZOS)
    return _encode(small, "JPEG", quality=82, optimize=True, progressive=True)


def logo(upload) -> bytes:
    """PNG of the whole picture, at most SIDE pixels each way, without extras."""
    with Image.open(upload, formats=FORMATS) as picture:
        small = picture.convert("RGBA")
        small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return _encode(_bare(small), "PNG")


def shrunk(upload, side: int, thumb: tuple[int, int]) -> Shrunk:
    """Upright, at most `side` pixels each way, without what the camera wrote into it.

    Of a moving picture the first frame is kept: small, and it does not flicker.
    """
    with _opened(upload, FORMATS_OF_PHONES) as picture:
        lossless = picture.format in LOSSLESS
        colours = "RGBA" if picture.has_transparency_data else "RGB"
        picture.draft(colours, (side, side))  # a large JPEG is read at a fraction
        whole = picture if picture.mode == colours else picture.convert(colours)
        whole.thumbnail((side, side), Image.Resampling.LANCZOS)
        whole = _bare(ImageOps.exif_transpose(whole))
        content, suffix = _light(whole, lossless)
        small = whole.copy()
        small.thumbnail(thumb, Image.Resampling.LANCZOS)
        return Shrunk(content, suffix, _encode(small, "WEBP", quality=75), *whole.size)


@contextmanager
def _opened(upload, formats=FORMATS) -> Iterator[Image.Image]:
    """The picture, to be decoded inside: hostile bytes may fail there in any way."""
    try:
        with Image.open(upload, formats=formats) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                message = _("The picture has too many pixels.")
                raise ValidationError(message, code="size")
            yield picture
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        message = _("The picture has too many pixels.")
        raise ValidationError(message, code="size") from None
    except Exception:
        message = _("We cannot read this picture. Try a JPEG or PNG file.")
        raise ValidationError(message, code="picture") from None
    finally:
        upload.seek(0)


def _light(picture: Image.Image, lossless: bool) -> tuple[bytes, str]:
    """(content, suffix): drawings stay sharp, unless that makes them heavy."""
    if lossless and len(png := _encode(picture, "PNG")) <= HEAVY:
        return png, "png"
    if picture.mode == "RGBA":
        return _encode(picture, "WEBP", quality=85), "webp"
    options = {"quality": 82, "optimize": True, "progressive": True}
    return _encode(picture, "JPEG", **options), "jpg"


def _on_paper(picture: Image.Image) -> Image.Image:
    """Without transparency and without the picture's own notes."""
    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        picture = Image.alpha_composite(paper, layer)
    return _bare(picture.convert("RGB"))


def _bare(picture: Image.Image) -> Image.Image:
    """Only its pixels."""
    return Image.frombytes(picture.mode, picture.size, picture.tobytes())


def _encode(picture: Image.Image, kind: str, **options) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
