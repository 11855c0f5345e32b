"""What is shown of a picture is the picture alone: nothing the camera, or a program, wrote beside
it. The file itself is kept as it came (docs/protocol 13.6)."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from server.fieldsync.files.pictures import read_camera, shrink_picture

SECRET = "Hidden-By-The-Camera"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>"
LIMIT = 1_000_000
HEIC = Path(__file__).parents[1] / "pictures" / "drawn.heic"


def told_by_a_camera(kind: str) -> bytes:
    """A picture that says where it was taken, on what and of whom, wherever its kind has room."""
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (35.0, 30.0, 0.0), 3: "E", 4: (112.0, 24.0, 0.0)}
    exif[ExifTags.Base.Make] = exif[ExifTags.Base.ImageDescription] = SECRET
    exif[ExifTags.Base.Orientation] = 6
    more: dict[str, object] = {"exif": exif, "icc_profile": SECRET.encode() * 10}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        for name in ("comment", "Comment", "Author", "exif", "xmp", "icc_profile"):
            text.add_text(name, SECRET)
        text.add_itxt("XML:com.adobe.xmp", XMP)
        more["pnginfo"] = text
    else:
        more |= {"xmp": XMP.encode(), "comment": SECRET.encode()}
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("side", [320, 2560])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_view_holds_the_picture_and_nothing_that_was_written_beside_it(
    tmp_path: Path, kind: str, side: int
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(told_by_a_camera(kind))
    assert SECRET.encode() in path.read_bytes()
    with path.open("rb") as file:
        assert read_camera(file, LIMIT)[0] == (355000000, 1124000000)  # for the office it is read
    view = shrink_picture(path, side, LIMIT)
    shown = Image.open(io.BytesIO(view))
    assert SECRET.encode() not in view and b"Exif" not in view
    assert {key for key in shown.info if not key.startswith("jfif")} == set()
    assert shown.format == "JPEG" and shown.height > shown.width  # turned before it forgot how


def test_a_view_of_a_heic_says_nothing_either() -> None:
    shown = Image.open(io.BytesIO(shrink_picture(HEIC, 320, LIMIT)))
    assert {key for key in shown.info if not key.startswith("jfif")} == set()
