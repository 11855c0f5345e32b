"""A county that was told something."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from PIL import ExifTags, Image

from domain.clues import ClueKind
from server.clues import service
from tests.integration.builders import Field, build_field

WHAT = "该公司夜间用报废客车载客"
CONTACT = "乔某 电话见信封"
Tell = Callable[..., service.Received]


def photo(*, place: bool = True) -> bytes:
    """A small picture that says where and when it was taken: 35.5 north, 112.4 east."""
    exif = Image.Exif()
    if place:
        exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (35.0, 30.0, 0.0), 3: "E", 4: (112.0, 24.0, 0.0)}
        exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:03:02 20:15:00"}
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def field(app: Flask) -> Field:
    with app.app_context():
        return build_field()


@pytest.fixture
def tell(app: Flask, field: Field) -> Tell:
    """Reports something from an address."""

    def report(address: str = "192.0.2.7", **told: Any) -> service.Received:
        said: dict[str, Any] = {
            "kind": ClueKind.VEHICLE, "what": WHAT, "once": service.make_once(), **told,
        }  # fmt: skip
        return service.receive(field.jurisdiction_id, service.Report(**said), address)

    return report
