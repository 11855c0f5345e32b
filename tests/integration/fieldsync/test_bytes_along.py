"""Photo bytes that come along with the creation of their upload (tus creation-with-upload): whole
they are stored at once, cut they are an upload like any other."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.db import db
from server.fieldsync import service
from server.fieldsync.files import uploads
from server.fieldsync.files.storage import BlobFolder
from server.fieldsync.models import Blob, LedgerEntry, Receipt, Upload
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_files import code_of, create, declare, head, patch

Make = Callable[[str], Phone]
CHUNK = {"Content-Type": "application/offset+octet-stream"}


def send_along(
    phone: Phone, op: Answer, body: bytes, length: int | None = None, **more: str
) -> Any:
    """Creates the upload with these first bytes of it."""
    size = len(body) if length is None else length
    return create(phone, op, size, data=body, **CHUNK, **more)


def parts(app: Flask) -> list[str]:
    folder = BlobFolder(app.extensions["suicha"].config.blob_dir)
    return sorted(path.name for path in folder.list_parts())


def records(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Upload.offset, Upload.state))]


def times_told(app: Flask) -> int:
    """How often the server said of any photo that it is stored."""
    with app.app_context():
        assert service.verify_ledger() == []
        said = (
            select(func.count())
            .select_from(LedgerEntry)
            .join(Receipt, Receipt.op == LedgerEntry.op)
        )
        return int(db.session.scalar(said.where(Receipt.kind == "photo.stored")) or 0)


@pytest.mark.proves("I13 I18", "F4")
def test_whole_photo_is_stored_by_the_request_that_creates_its_upload(
    app: Flask, phone: Make
) -> None:
    wang, data = phone("wang"), make_jpeg()
    op = declare(wang, data)
    answer = send_along(wang, op, data)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(data)))
    assert head(wang, answer.headers["Location"]).headers["Upload-Offset"] == str(len(data))
    assert parts(app) == []
    assert code_of(patch(wang, answer.headers["Location"], len(data), b"")) == (
        "upload.already_complete"
    )
    wang.pull()
    row = wang.row(f"photo:{op['photo']['sha256']}")
    assert row["fields"]["stored"] is True and row["fields"]["attached"] == ["answer:tr/PAX-01"]
    assert row["heads"] == {"attached": op["op"]}
    with app.app_context():
        blob = db.session.scalars(select(Blob)).one()
        assert (blob.bytes, blob.mime, blob.width, blob.height) == (len(data), "image/jpeg", 64, 48)
        path = BlobFolder(app.extensions["suicha"].config.blob_dir).blob_path(blob.sha256)
        assert path.read_bytes() == data
        receipt = db.session.scalars(select(Receipt).where(Receipt.kind == "photo.stored")).one()
        assert receipt.outcome == {"op": receipt.op, "status": "applied", "space_seq": row["seq"]}
        assert (receipt.device, receipt.status, receipt.person_id) == (
            "system", "applied", wang.field.people["wang"],
        )  # fmt: skip
    assert times_told(app) == 1


@pytest.mark.proves("I13 I18", "F2 F4 F5 F9")
def test_photo_sent_again_because_the_answer_was_lost_is_stored_and_told_once(
    app: Flask, phone: Make
) -> None:
    wang, data = phone("wang"), make_jpeg()
    op = declare(wang, data)
    for _ in range(3):
        answer = send_along(wang, op, data)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(data)))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Blob)) == 1
    assert times_told(app) == 1


@pytest.mark.proves("I18 I19", "F1")
def test_photo_cut_on_the_way_is_continued_by_chunks_or_by_sending_it_again(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    for number, finish in enumerate(("chunk", "again")):
        data = make_jpeg(300 + number, 200, quality=95)
        op = declare(wang, data)
        cut = {"Content-Length": str(len(data))}
        answer = create(wang, op, len(data), input_stream=io.BytesIO(data[:700]), **CHUNK, **cut)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "700")
        url = answer.headers["Location"]
        assert answer.headers["Upload-Expires"]
        assert head(wang, url).headers["Upload-Offset"] == "700"
        part = BlobFolder(app.extensions["suicha"].config.blob_dir).part_path(url.rsplit("/", 1)[1])
        assert part.read_bytes() == data[:700]
        shorter = create(wang, op, len(data), input_stream=io.BytesIO(data[:300]), **CHUNK, **cut)
        assert (shorter.headers["Location"], shorter.headers["Upload-Offset"]) == (url, "700")
        if finish == "chunk":
            assert patch(wang, url, 700, data[700:]).status_code == 204
        else:
            again = send_along(wang, op, data)
            assert (again.status_code, again.headers["Location"]) == (201, url)
        assert head(wang, url).headers["Upload-Offset"] == str(len(data))
    assert records(app) == [
        (len(make_jpeg(300, 200, quality=95)), "complete"),
        (len(data), "complete"),
    ]
    assert times_told(app) == 2 and parts(app) == []


@pytest.mark.proves("I19", "F1")
def test_first_piece_that_comes_along_is_the_beginning_of_an_upload(phone: Make) -> None:
    wang, data = phone("wang"), make_jpeg(300, 200, quality=95)
    op = declare(wang, data)
    answer = send_along(wang, op, data[:500], len(data))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "500")
    url = answer.headers["Location"]
    longer = send_along(wang, op, data[:900], len(data))
    assert (longer.headers["Location"], longer.headers["Upload-Offset"]) == (url, "900")
    right = base64.b64encode(hashlib.sha256(data).digest()).decode()
    answer = send_along(wang, op, data, **{"Upload-Checksum": f"sha256 {right}"})
    assert (answer.headers["Location"], answer.headers["Upload-Offset"]) == (url, str(len(data)))
    wang.pull()
    assert wang.row(f"photo:{op['photo']['sha256']}")["fields"]["stored"] is True


@pytest.mark.proves("I18", "F19")
def test_wrong_bytes_that_come_along_are_never_stored(app: Flask, phone: Make) -> None:
    wang, data, other = phone("wang"), make_jpeg(colour="navy"), make_jpeg(colour="red")
    op = declare(wang, data)
    no_picture = b"GIF89a" + bytes(200)
    false = declare(wang, no_picture)
    assert len(data) == len(other)
    answer = send_along(wang, op, other)
    assert (answer.status_code, code_of(answer)) == (460, "photo.hash_mismatch")
    answer = send_along(wang, false, no_picture)
    assert (answer.status_code, code_of(answer)) == (422, "photo.not_a_picture")
    right = base64.b64encode(hashlib.sha256(data).digest()).decode()
    answer = send_along(wang, op, other, **{"Upload-Checksum": f"sha256 {right}"})
    assert (answer.status_code, code_of(answer)) == (460, "upload.checksum")
    wang.pull()
    assert wang.row(f"photo:{op['photo']['sha256']}")["fields"]["stored"] is False
    root = app.extensions["suicha"].config.blob_dir
    assert [p for p in root.rglob("*") if p.is_file()] == []
    assert records(app) == [(0, "discarded"), (0, "discarded")]
    with app.app_context():
        assert db.session.scalars(select(Blob)).all() == []
    assert send_along(wang, op, data).headers["Upload-Offset"] == str(len(data))
    assert times_told(app) == 1


def test_bytes_that_nobody_promised_or_that_are_too_many_are_not_taken(
    app: Flask, phone: Make
) -> None:
    wang, li, data = phone("wang"), phone("li"), make_jpeg()
    op = declare(wang, data)
    assert code_of(send_along(li, op, data)) == "photo.not_declared"
    answer = send_along(wang, op, data + b"x", len(data))
    assert (answer.status_code, code_of(answer)) == (400, "upload.malformed")
    most = app.extensions["suicha"].config.max_photo_bytes
    assert code_of(send_along(wang, op, data, most + 1)) == "photo.too_many_bytes"
    assert records(app) == [] and parts(app) == []


def test_other_bodies_of_a_creation_are_no_bytes_of_a_photo(phone: Make) -> None:
    wang, data = phone("wang"), make_jpeg()
    op = declare(wang, data)
    answer = create(wang, op, len(data), data=data, **{"Content-Type": "image/jpeg"})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")


@pytest.mark.proves("I19", "F4 F20 F27")
def test_bytes_that_come_along_wait_while_another_connection_writes(
    app: Flask, phone: Make
) -> None:
    wang, data = phone("wang"), make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    patch(wang, url, 0, data[:100])
    with BlobFolder(app.extensions["suicha"].config.blob_dir).writing(url.rsplit("/", 1)[1]):
        answer = send_along(wang, op, data)
        assert (answer.status_code, answer.headers["Location"]) == (201, url)
        assert answer.headers["Upload-Offset"] == "100"
    assert send_along(wang, op, data).headers["Upload-Offset"] == str(len(data))


@pytest.mark.proves("I19", "F25")
def test_long_photo_is_on_record_before_its_bytes_arrive(
    app: Flask, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang, data = phone("wang"), make_jpeg(300, 200, quality=95)
    op = declare(wang, data)
    monkeypatch.setattr(uploads, "MAX_WHOLE_BYTES", len(data) - 1)
    seen: list[list[str]] = []

    class Looking(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            seen.append(parts(app))
            return super().readinto(buffer)

    length = {"Content-Length": str(len(data))}
    answer = create(wang, op, len(data), input_stream=Looking(data), **CHUNK, **length)
    name = answer.headers["Location"].rsplit("/", 1)[1]
    assert seen[0] == [name, f"{name}.lock"]  # the lock is of an upload on record
    assert answer.headers["Upload-Offset"] == str(len(data))


@pytest.mark.proves("I18", "F29")
def test_bytes_whose_record_or_file_a_restore_lost_are_taken_anew(app: Flask, phone: Make) -> None:
    wang, data = phone("wang"), make_jpeg()
    op = declare(wang, data)
    send_along(wang, op, data)
    path = BlobFolder(app.extensions["suicha"].config.blob_dir).blob_path(op["photo"]["sha256"])
    path.unlink()
    assert send_along(wang, op, data).headers["Upload-Offset"] == str(len(data))
    assert path.read_bytes() == data
    assert times_told(app) == 1
