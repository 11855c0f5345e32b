"""The field app's files go out packed to whoever takes them: old phones pay for bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask

from server.shell import pages

TEXT = b"const words = '" + b"x" * 5000 + b"'"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build with one file in all forms and one that has no other."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "app.js").write_bytes(TEXT)
    (assets / "app.js.gz").write_bytes(gzip.compress(TEXT))
    (assets / "app.js.br").write_bytes(b"as brotli")
    (assets / "icon.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(pages, "BUILD", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("accepted", "coding", "bytes_sent"),
    [
        ("gzip, deflate, br", "br", b"as brotli"),
        ("gzip", "gzip", gzip.compress(TEXT, mtime=0)),
        ("gzip;q=0, br;q=0", None, TEXT),
        ("", None, TEXT),
    ],
)
def test_a_file_is_sent_in_the_smallest_form_the_browser_takes(
    sqlite_app: Flask, built: Path, accepted: str, coding: str | None, bytes_sent: bytes
) -> None:
    asked = {"Accept-Encoding": accepted}
    with sqlite_app.test_client().get("/app/assets/app.js", headers=asked) as answer:
        got = answer.get_data()
        assert answer.headers.get("Content-Encoding") == coding
        assert answer.mimetype == "text/javascript"
        assert "Accept-Encoding" in answer.vary
        assert answer.headers["Cache-Control"] == pages.FOR_EVER
    # the header of gzip holds the time
    assert gzip.decompress(got) == TEXT if coding == "gzip" else got == bytes_sent


def test_a_file_that_was_not_packed_is_sent_as_it_is(sqlite_app: Flask, built: Path) -> None:
    asked = {"Accept-Encoding": "gzip, br"}
    with sqlite_app.test_client().get("/app/assets/icon.png", headers=asked) as answer:
        assert answer.get_data() == b"\x89PNG"
        assert answer.headers.get("Content-Encoding") is None
