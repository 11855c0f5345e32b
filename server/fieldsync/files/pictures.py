"""Pictures are decoded, never trusted by their name or type (docs/protocol 13.6)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from domain.errors import fault

FORMATS = {
    "JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic",
}  # fmt: skip
PLAIN_FORMATS = ("JPEG", "PNG", "WEBP")
THUMB_PIXELS = 320
VIEW_PIXELS = 2560
# A picture of 40 megapixels takes 120 MB while it is decoded: at most two at once in a process.
_DECODING = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the bytes really are."""

    mime: str
    width: int
    height: int


def measure_picture(path: Path | IO[bytes], max_pixels: int) -> Picture:
    """Reads the header, refuses what is too large before a pixel is decoded, then decodes all of
    it, so that a cut file is found. A JPEG is decoded whole to an eighth of its size: every byte
    is read, in a quarter of the time and a sixtieth of the memory. Raises ``photo.too_large`` or
    ``photo.not_a_picture``."""
    with _DECODING, _open(path, max_pixels) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise _too_large(max_pixels)
        mime = FORMATS[str(image.format)]
        image.draft("L", (width // 8, height // 8))
        try:
            image.load()
        except Exception as error:  # Pillow's decoders raise many kinds for broken files
            raise fault("photo.not_a_picture") from error
    return Picture(mime, width, height)


def shrink_picture(path: Path, side: int, max_pixels: int, margin: int = 2) -> bytes:
    """A JPEG of at most ``side`` pixels a side, turned as the camera was held, and nothing that was
    written beside the picture. ``margin``: how many times that a JPEG is decoded at least
    before it is shrunk; 1 takes half the time of 2."""
    with _DECODING, _open(path, max_pixels) as image:
        image.draft("RGB", (margin * side, margin * side))  # JPEG decodes small at once
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side))
        out = io.BytesIO()
        # Pillow hands a comment on by itself, also the text of a PNG that is called so
        upright.convert("RGB").save(out, "JPEG", quality=80, comment=b"")
    return out.getvalue()


def read_camera(file: IO[bytes], max_pixels: int) -> tuple[tuple[int, int] | None, str]:
    """Where (10⁻⁷ degrees, latitude first) and when (as written) the camera says it was, of a
    picture that ``measure_picture`` took; what it does not say, or says wrongly, is left out."""
    with _open(file, max_pixels) as image:
        try:
            exif = image.getexif()
            gps, told = exif.get_ifd(ExifTags.IFD.GPSInfo), exif.get_ifd(ExifTags.IFD.Exif)
            taken = str(told.get(ExifTags.Base.DateTimeOriginal) or "").strip("\0 ")
        except Exception:  # Pillow raises many kinds for what a camera wrote badly
            return None, ""
        return _place_of(gps), taken if taken.isascii() and taken.isprintable() else ""


def _place_of(gps: Mapping[int, Any]) -> tuple[int, int] | None:
    found = []
    for side, angle, most in ((1, 2, 90), (3, 4, 180)):
        try:
            degrees, minutes, seconds = (float(one) for one in gps[angle])
            value = degrees + minutes / 60 + seconds / 3600
            is_negative = str(gps[side]).strip("\0 ").upper() in ("S", "W")
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            return None
        if not 0 <= value <= most:  # also what is no number
            return None
        found.append(round((-value if is_negative else value) * 1e7))
    return (found[0], found[1]) if any(found) else None


def _open(path: Path | IO[bytes], max_pixels: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = max_pixels
    formats = _learn_heic() if _is_boxed(path) else PLAIN_FORMATS
    try:
        # Beyond twice the limit Pillow refuses here; up to that it warns and the caller refuses.
        return Image.open(path, formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(max_pixels) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise fault("photo.not_a_picture") from error


def _is_boxed(picture: Path | IO[bytes]) -> bool:
    if isinstance(picture, Path):
        with picture.open("rb") as file:
            return _is_boxed(file)
    head = picture.read(8)
    picture.seek(0)
    return head[4:] == b"ftyp"


@cache
def _learn_heic() -> tuple[str, ...]:
    """Pillow's name of it, once it knows how: only who meets such a file loads the decoder. What an
    iPhone keeps beside the picture (depth, a second exposure) is not decoded."""
    import pi_heif  # type: ignore[import-untyped]

    pi_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=2
    )
    return ("HEIF",)


def _too_large(max_pixels: int) -> Exception:
    return fault("photo.too_large", megapixels=max_pixels // 1_000_000)
