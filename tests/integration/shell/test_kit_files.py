"""The files of the office pages are kept by the browser until a version changes one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from server.shell import pages

LINKS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTS = re.compile(r"from '\./([\w.]+)'")


def read(app: Flask, path: str) -> tuple[int, str, str]:
    """Status, how long it is kept, and the text."""
    with app.test_client().get(path) as answer:
        kept = answer.headers["Cache-Control"]
        return answer.status_code, kept, answer.get_data(as_text=True)


def test_page_names_files_that_are_kept_for_ever(sqlite_app: Flask) -> None:
    _status, _kept, page = read(sqlite_app, "/sign-in")
    links = LINKS.findall(page)
    assert len(links) > 5
    for link in links:
        status, kept, text = read(sqlite_app, link)
        assert (status, kept) == (200, pages.FOR_EVER)
        for name in IMPORTS.findall(text):  # the version is a folder
            beside = read(sqlite_app, f"{link.rpartition('/')[0]}/{name}")
            assert beside[:2] == (200, pages.FOR_EVER)


def test_version_changes_with_the_bytes_and_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    seen = set()
    for name, text in (("a.css", "p {}"), ("a.css", "p { }"), ("b.css", "p {}"), ("c.css", "")):
        (tmp_path / name).write_text(text)
        seen.add(pages.kit_version.__wrapped__())
    assert len(seen) == 4


@pytest.mark.parametrize("version", ["", "0123456789ab/"])
def test_file_without_this_version_is_the_present_one_and_asked_for_again(
    sqlite_app: Flask, version: str
) -> None:
    assert read(sqlite_app, f"/static/{version}kit.css")[:2] == (200, "no-cache")


@pytest.mark.parametrize("name", ["build/index.html", "{version}/build/index.html", "{version}/x"])
def test_app_is_not_served_from_here(sqlite_app: Flask, name: str) -> None:
    path = name.format(version=pages.kit_version())
    assert sqlite_app.test_client().get(f"/static/{path}").status_code == 404
