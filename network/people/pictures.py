"""Uploaded pictures, made small and safe: the file kept is never the file sent."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 480
LARGEST_UPLOAD = 10 * 2**20
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def check_picture(upload) -> None:
    """Refuse what is too large, no picture, or a small file with endless pixels."""
    if upload.size > LARGEST_UPLOAD:
        raise ValidationError(_("The picture is larger than 10 MB."), code="size")
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise ValidationError(
                    _("The picture has too many pixels."), code="size"
                )
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        message = _("We cannot read this picture. Try a JPEG or PNG file.")
        raise ValidationError(message, code="picture") from None
    finally:
        upload.seek(0)


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
    return _encode(Image.frombytes("RGBA", small.size, small.tobytes()), "PNG")


def _on_paper(picture: Image.Image) -> Image.Image:
    """Without transparency and without the picture's own notes."""
    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        picture = Image.alpha_composite(paper, layer)
    rgb = picture.convert("RGB")
    return Image.frombytes("RGB", rgb.size, rgb.tobytes())


def _encode(picture: Image.Image, kind: str, **options) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
