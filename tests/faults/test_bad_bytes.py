"""A photo whose bytes are not those that were promised is never stored, whatever happened to them
on the way or on the disk (I18); what nobody continues is thrown away."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Blob
from server.fieldsync.service import Tidied, tidy_uploads
from tests.conftest import Clock
from tests.faults.servers import County
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_files import code_of, create, declare, head, patch, upload

DATA = make_jpeg(300, 200, quality=95)
OTHER = make_jpeg(300, 200, colour="red", quality=95)
HALF = len(DATA) // 2


def flip_a_bit(part: Path) -> None:
    data = bytearray(part.read_bytes())
    data[HALF // 2] ^= 1
    part.write_bytes(data)


def put_another_in_its_place(part: Path) -> None:
    other = part.with_name("other")
    other.write_bytes(OTHER[:HALF].ljust(HALF, b"\0"))
    other.replace(part)


@pytest.mark.proves("I18", "F29")
@pytest.mark.parametrize("damage", [flip_a_bit, put_another_in_its_place])
def test_part_file_changed_on_disk_between_two_chunks_is_never_stored(
    county: County, damage: Callable[[Path], None]
) -> None:
    wang = Phone(county.app, county.field, "wang")
    op = declare(wang, DATA)
    url = create(wang, op, len(DATA)).headers["Location"]
    assert patch(wang, url, 0, DATA[:HALF]).status_code == 204
    damage(county.home / "blobs/uploads" / url.rsplit("/", 1)[1])
    answer = patch(wang, url, HALF, DATA[HALF:])
    assert (answer.status_code, code_of(answer)) == (460, "photo.hash_mismatch")
    check_not_stored(county)
    assert head(wang, url).status_code == 404
    assert upload(wang, op, DATA).status_code == 204  # wanted again, and taken


@pytest.mark.proves("I18", "F19")
@pytest.mark.parametrize(
    "sent", [OTHER.ljust(len(DATA), b"\0")[: len(DATA)], DATA[:-100], DATA[::-1]],
    ids=["another photo", "cut", "backwards"],
)  # fmt: skip
def test_wrong_bytes_are_never_stored(county: County, sent: bytes) -> None:
    wang = Phone(county.app, county.field, "wang")
    op = declare(wang, DATA)
    url = create(wang, op, len(sent)).headers["Location"]
    answer = patch(wang, url, 0, sent)
    assert (answer.status_code, code_of(answer)) == (460, "photo.hash_mismatch")
    check_not_stored(county)


@pytest.mark.proves("I16 I18", "F29")
def test_photo_on_record_whose_file_is_gone_is_taken_again(county: County) -> None:
    """The photo store is older than the database."""
    wang = Phone(county.app, county.field, "wang")
    op = declare(wang, DATA)
    assert upload(wang, op, DATA).status_code == 204
    (stored,) = (path for path in (county.home / "blobs").glob("??/*") if path.is_file())
    stored.unlink()
    answer = create(wang, op, len(DATA))
    assert answer.headers["Upload-Offset"] == "0"
    assert patch(wang, answer.headers["Location"], 0, DATA).status_code == 204
    assert stored.read_bytes() == DATA
    with county.looking():
        assert len(db.session.scalars(select(Blob)).all()) == 1


def test_expired_uploads_and_files_of_nobody_are_thrown_away(county: County) -> None:
    wang = Phone(county.app, county.field, "wang")
    op = declare(wang, DATA)
    url = create(wang, op, len(DATA)).headers["Location"]
    assert patch(wang, url, 0, DATA[:HALF]).status_code == 204
    clock: Clock = county.app.extensions["suicha"].clock
    folder = county.home / "blobs/uploads"
    for name, age in (("orphan-old", timedelta(days=8)), ("orphan-new", timedelta(days=6))):
        (folder / name).write_bytes(b"left by a crash")
        at = (clock() - age).timestamp()
        os.utime(folder / name, (at, at))
    with county.looking():
        assert tidy_uploads() == Tidied(expired=0, orphans=1)
    assert not (folder / "orphan-old").exists() and (folder / "orphan-new").exists()
    assert head(wang, url).headers["Upload-Offset"] == str(HALF)
    clock.advance(days=7, minutes=1)
    # a server that takes photos does it by itself, once an hour
    other = make_jpeg(301, 200)
    assert upload(wang, declare(wang, other), other).status_code == 204
    assert head(wang, url).status_code == 404
    assert [path.name for path in folder.iterdir()] == []


def check_not_stored(county: County) -> None:
    with county.looking():
        assert db.session.scalars(select(Blob)).all() == []
    left = [path for path in (county.home / "blobs").rglob("*") if path.is_file()]
    assert left == []
