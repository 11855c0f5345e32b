"""Photo bytes: resumable, hashed, decoded, never stored unless they are what was promised."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from domain.errors import Fault
from server.db import db
from server.fieldsync import service
from server.fieldsync.files.pictures import Picture, measure_picture
from server.fieldsync.files.storage import BlobFolder
from server.fieldsync.models import Blob, Upload
from tests.conftest import ON_SQLITE, Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import attach, enter, fill, lock_sheet, make_jpeg, submit
from tests.integration.fieldsync.phone import Answer, Phone

Make = Callable[[str], Phone]
TUS = {"Tus-Resumable": "1.0.0"}
HEIC = Path(__file__).parents[2] / "pictures" / "drawn.heic"


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def create(
    phone: Phone, op: Answer, length: int, sha256: str | None = None, *,
    data: bytes | None = None, input_stream: Any = None, **more: str,
) -> Any:  # fmt: skip
    sha = sha256 or op["photo"]["sha256"]
    stream = {} if input_stream is None else {"input_stream": input_stream}
    return phone.client.post(
        "/api/v1/files",
        data=data,
        **stream,
        headers={
            **TUS,
            "X-CSRF-Token": phone.csrf,
            "Upload-Length": str(length),
            "Upload-Metadata": f"sha256 {_b64(sha)},op {_b64(op['op'])}",
            **more,
        },
    )


def patch(phone: Phone, url: str, offset: int, chunk: bytes, **more: str) -> Any:
    return phone.client.patch(
        url,
        data=chunk,
        headers={
            **TUS,
            "X-CSRF-Token": phone.csrf,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            **more,
        },
    )


def head(phone: Phone, url: str) -> Any:
    return phone.client.head(url, headers=TUS)


def upload(phone: Phone, op: Answer, data: bytes) -> Any:
    """All in one chunk; the response to the PATCH."""
    url = create(phone, op, len(data)).headers["Location"]
    return patch(phone, url, 0, data)


def declare(phone: Phone, data: bytes) -> Answer:
    op = attach(phone, "PAX-01", data)
    assert phone.result(op)["status"] == "applied"
    return op


def fetch(phone: Phone, path: str, **headers: str) -> Any:
    """A GET whose file is closed, as a server does after the last byte."""
    answer = phone.client.get(path, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def code_of(answer: Any) -> str:
    return str(answer.get_json()["error"]["code"])


def test_photo_is_expected_then_stored_and_told_by_a_pull(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = attach(wang, "PAX-01", data)
    told = wang.result(op)
    assert (told["bytes"], told["upload"]) == ("wanted", "/api/v1/files")
    wang.pull()
    entity = f"photo:{op['photo']['sha256']}"
    assert wang.row(entity)["fields"]["stored"] is False
    assert wang.row(entity)["fields"]["attached"] == ["answer:tr/PAX-01"]
    seq = wang.row(entity)["seq"]
    answer = upload(wang, op, data)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(data)))
    wang.pull()
    assert wang.row(entity)["fields"]["stored"] is True
    assert wang.row(entity)["seq"] > seq
    got = fetch(wang, f"/api/v1/photos/{op['photo']['sha256']}")
    assert got.data == data and got.mimetype == "image/jpeg"
    assert wang.client.get(f"/api/v1/photos/{'0' * 64}").status_code == 404
    with app.app_context():
        assert service.verify_ledger() == []
        blob = db.session.scalars(select(Blob)).one()
        assert (blob.bytes, blob.width, blob.height) == (len(data), 64, 48)


@pytest.mark.proves("I19", "F1")
def test_upload_resumes_after_a_cut(phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg(600, 400, quality=95)
    op = declare(wang, data)
    answer = create(wang, op, len(data))
    assert answer.status_code == 201 and answer.headers["Upload-Offset"] == "0"
    url = answer.headers["Location"]
    half = len(data) // 2
    assert patch(wang, url, 0, data[:half]).headers["Upload-Offset"] == str(half)
    status = head(wang, url)
    assert status.headers["Upload-Offset"] == str(half)
    assert status.headers["Cache-Control"] == "no-store" and status.headers["Upload-Expires"]
    again = create(wang, op, len(data))
    assert again.headers["Location"] == url and again.headers["Upload-Offset"] == str(half)
    assert patch(wang, url, half, data[half:]).status_code == 204
    assert head(wang, url).headers["Upload-Offset"] == str(len(data))


@pytest.mark.proves("I19", "F4 F9")
def test_wrong_offset_is_refused_and_tells_where_to_go_on(phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    patch(wang, url, 0, data[:100])
    for offset in (0, 99, 101):
        answer = patch(wang, url, offset, data[100:])
        assert (answer.status_code, code_of(answer)) == (409, "upload.offset")
        assert answer.get_json()["error"]["details"] == {"expect": 100}
    assert patch(wang, url, 100, data[100:] + b"x").status_code == 409
    assert patch(wang, url, 100, data[100:]).status_code == 204


@pytest.mark.proves("I18", "F19")
def test_chunk_with_wrong_checksum_is_dropped(phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    right = base64.b64encode(hashlib.sha256(data).digest()).decode()
    wrong = base64.b64encode(b"\0" * 32).decode()
    answer = patch(wang, url, 0, data, **{"Upload-Checksum": f"sha256 {wrong}"})
    assert (answer.status_code, code_of(answer)) == (460, "upload.checksum")
    assert head(wang, url).headers["Upload-Offset"] == "0"
    answer = patch(wang, url, 0, data, **{"Upload-Checksum": f"md5 {right}"})
    assert (answer.status_code, code_of(answer)) == (400, "upload.malformed")
    answer = patch(wang, url, 0, data, **{"Upload-Checksum": f"sha256 {right}"})
    assert answer.status_code == 204


@pytest.mark.proves("I18", "F19")
def test_bytes_whose_hash_differs_are_never_stored(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    data, other = make_jpeg(colour="navy"), make_jpeg(colour="red")
    op = declare(wang, data)
    assert len(data) == len(other)
    answer = upload(wang, op, other)
    assert (answer.status_code, code_of(answer)) == (460, "photo.hash_mismatch")
    wang.pull()
    assert wang.row(f"photo:{op['photo']['sha256']}")["fields"]["stored"] is False
    with app.app_context():
        assert db.session.scalars(select(Blob)).all() == []
        root = app.extensions["suicha"].config.blob_dir
        assert [p for p in root.rglob("*") if p.is_file()] == []
    assert upload(wang, op, data).status_code == 204


def _png(width: int, height: int) -> bytes:
    """A PNG that claims this size; only its header is ever read."""

    def part(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a not a picture at all", "photo.not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.not_a_picture"),
        (make_jpeg(400, 300)[:-300], "photo.not_a_picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "photo.not_a_picture"),
        (_png(8200, 5000), "photo.too_large"),
        (_png(60_000, 60_000), "photo.too_large"),
    ],
    ids=["gif", "svg", "cut jpeg", "only a jpeg's start", "41 megapixels", "bomb"],
)
def test_what_is_not_a_fair_picture_is_refused(
    app: Flask, phone: Make, data: bytes, code: str
) -> None:
    wang = phone("wang")
    op = declare(wang, data)
    answer = upload(wang, op, data)
    assert (answer.status_code, code_of(answer)) == (422, code)
    with app.app_context():
        assert db.session.scalars(select(Blob)).all() == []


def test_oversized_file_and_oversized_chunk_are_refused(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    config = app.extensions["suicha"].config
    answer = create(wang, op, config.max_photo_bytes + 1)
    assert (answer.status_code, code_of(answer)) == (413, "photo.too_many_bytes")
    url = create(wang, op, config.max_photo_bytes).headers["Location"]
    answer = patch(wang, url, 0, b"\0" * (config.max_photo_bytes + 1))
    assert (answer.status_code, code_of(answer)) == (413, "request.too_large")
    assert head(wang, url).headers["Upload-Offset"] == "0"


def test_undeclared_bytes_are_refused(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    data = make_jpeg()
    op = declare(wang, data)
    answer = create(wang, op, 10, hashlib.sha256(b"other").hexdigest())
    assert (answer.status_code, code_of(answer)) == (409, "photo.not_declared")
    assert code_of(create(li, op, len(data))) == "photo.not_declared"
    url = create(wang, op, len(data)).headers["Location"]
    assert head(li, url).status_code == 404
    assert code_of(patch(li, url, 0, data)) == "upload.not_found"


@ON_SQLITE
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "upload.version"),
        ({"Upload-Length": "x"}, 400, "upload.malformed"),
        ({"Upload-Length": "-1"}, 400, "upload.malformed"),
        ({"Upload-Metadata": "sha256 !!!"}, 400, "upload.malformed"),
        ({"Upload-Metadata": ""}, 400, "upload.malformed"),
    ],
)
def test_malformed_creation_is_refused(
    phone: Make, headers: dict[str, str], status: int, code: str
) -> None:
    wang = phone("wang")
    op = declare(wang, make_jpeg())
    answer = create(wang, op, 10, **headers)
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_bytes_known_to_the_county_are_complete_at_once(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    data = make_jpeg()
    upload(wang, declare(wang, data), data)
    op = attach(li, "PAX-03", data)
    told = li.result(op)
    assert told["bytes"] == "stored" and "upload" not in told
    answer = create(li, op, len(data))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(data)))
    assert code_of(patch(li, answer.headers["Location"], len(data), b"")) == (
        "upload.already_complete"
    )
    li.pull()
    row = li.row(f"photo:{op['photo']['sha256']}")["fields"]
    assert row["stored"] is True
    assert row["attached"] == ["answer:tr/PAX-01", "answer:tr/PAX-03"]


def test_expired_and_ended_uploads_are_gone(app: Flask, phone: Make, clock: Clock) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    headers = {**TUS, "X-CSRF-Token": wang.csrf}
    assert wang.client.delete(url, headers=headers).status_code == 204
    assert head(wang, url).status_code == 404
    url = create(wang, op, len(data)).headers["Location"]
    clock.at += timedelta(days=8)
    assert head(wang, url).status_code == 410
    assert code_of(patch(wang, url, 0, data)) == "upload.expired"
    with app.app_context():
        assert service.tidy_uploads() == service.Tidied(expired=1, orphans=0)
        assert service.tidy_uploads() == service.Tidied(expired=0, orphans=0)
    assert upload(wang, op, data).status_code == 204


@pytest.mark.proves("I18 I19", "F25")
def test_crash_after_write_and_before_commit_writes_the_bytes_again(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    patch(wang, url, 0, data[:50])
    part = BlobFolder(app.extensions["suicha"].config.blob_dir).part_path(url.rsplit("/", 1)[1])
    part.write_bytes(data[:50] + b"torn bytes of a chunk nobody acknowledged")
    assert patch(wang, url, 50, data[50:]).status_code == 204


@pytest.mark.proves("I18 I19", "F29")
def test_disk_that_lost_bytes_makes_the_phone_begin_again(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    patch(wang, url, 0, data[:50])
    BlobFolder(app.extensions["suicha"].config.blob_dir).part_path(url.rsplit("/", 1)[1]).unlink()
    assert patch(wang, url, 50, data[50:]).status_code == 404
    assert upload(wang, op, data).status_code == 204


@pytest.mark.proves("I19", "F4 F20 F27")
def test_second_writer_is_told_to_wait(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    folder = BlobFolder(app.extensions["suicha"].config.blob_dir)
    with folder.writing(url.rsplit("/", 1)[1]):
        answer = patch(wang, url, 0, data)
        assert (answer.status_code, code_of(answer)) == (423, "upload.locked")
    assert patch(wang, url, 0, data).status_code == 204


def test_only_who_may_read_the_sheet_reads_its_photos(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    upload(wang, op, data)
    sha = op["photo"]["sha256"]
    with app.app_context():
        build_field("140523", "_b")
        readers = {
            name: service.find_photo(field.actor(name), sha) is not None for name in field.people
        }
    assert readers == {
        "wang": True, "li": True, "lead": True, "office": True, "auditor": True, "head": True,
        "zhao": False, "qian": False, "stranger": False,
    }  # fmt: skip
    for name in ("zhao", "stranger", "wang_b"):
        other = Phone(app, field, name)
        assert other.client.get(f"/api/v1/photos/{sha}").status_code == 404
        for form in ("thumb", "view"):
            assert other.client.get(f"/api/v1/photos/{sha}/{form}").status_code == 404


def test_thumbnail_is_small_upright_and_made_once(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees
    data = make_jpeg(800, 600, exif=exif)
    op = declare(wang, data)
    upload(wang, op, data)
    sha = op["photo"]["sha256"]
    got = fetch(wang, f"/api/v1/photos/{sha}/thumb")
    assert got.mimetype == "image/jpeg" and "immutable" in got.headers["Cache-Control"]
    assert Image.open(io.BytesIO(got.data)).size == (240, 320)
    path = BlobFolder(app.extensions["suicha"].config.blob_dir).blob_path(sha, ".thumb.jpg")
    made = path.stat().st_mtime_ns
    etag = got.headers["ETag"]
    again = fetch(wang, f"/api/v1/photos/{sha}/thumb", **{"If-None-Match": etag})
    assert again.status_code == 304 and path.stat().st_mtime_ns == made


def test_heic_is_kept_untouched_and_shown_as_jpeg(phone: Make) -> None:
    wang = phone("wang")
    data = HEIC.read_bytes()
    op = attach(wang, "PAX-01", data)
    op["photo"] |= {"mime": "image/heic", "width": 640, "height": 480}
    assert wang.result(op)["status"] == "applied"
    assert upload(wang, op, data).status_code == 204
    sha = op["photo"]["sha256"]
    whole = fetch(wang, f"/api/v1/photos/{sha}")
    assert whole.data == data and whole.mimetype == "image/heic"
    assert b"Suicha test" in whole.data  # what the camera wrote into it is in the original
    small = Image.open(io.BytesIO(fetch(wang, f"/api/v1/photos/{sha}/thumb").data))
    assert (small.format, small.size) == ("JPEG", (320, 240))
    shown = fetch(wang, f"/api/v1/photos/{sha}/view")
    assert shown.mimetype == "image/jpeg"
    large = Image.open(io.BytesIO(shown.data))
    assert large.size == (640, 480)
    red, green, blue = large.getpixel((100, 100))  # type: ignore[misc]
    assert red > 120 > green + 60 and blue < 60


def test_a_picture_is_measured_by_its_path_and_as_an_open_file() -> None:
    limit = 40_000_000
    assert measure_picture(HEIC, limit) == Picture("image/heic", 640, 480)
    assert measure_picture(io.BytesIO(HEIC.read_bytes()), limit) == Picture("image/heic", 640, 480)
    assert measure_picture(io.BytesIO(make_jpeg()), limit) == Picture("image/jpeg", 64, 48)
    for content in (b"", b"text", b"\0\0\0\x1cftypisom" + bytes(99)):
        with pytest.raises(Fault) as refused:
            measure_picture(io.BytesIO(content), limit)
        assert refused.value.code == "photo.not_a_picture"


def test_view_is_upright_and_of_bounded_size(phone: Make) -> None:
    wang = phone("wang")
    exif = Image.Exif()
    exif[0x0112] = 6
    data = make_jpeg(3000, 2000, exif=exif)
    op = declare(wang, data)
    upload(wang, op, data)
    got = fetch(wang, f"/api/v1/photos/{op['photo']['sha256']}/view")
    assert Image.open(io.BytesIO(got.data)).size == (1707, 2560)


def test_sheet_is_not_entered_before_its_photos_have_arrived(phone: Make) -> None:
    wang, lead = phone("wang"), phone("lead")
    data = make_jpeg()
    fill(wang)
    op = attach(wang, "PAX-01", data)
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    wang.pull()
    told = wang.result(enter(wang))
    unmet = told["error"]["details"]["unmet"]
    assert [one["code"] for one in unmet] == ["entry.photo_not_received"]
    assert unmet[0]["details"]["photos"] == [op["photo"]["sha256"]]
    upload(wang, op, data)
    wang.pull()
    assert wang.result(enter(wang))["status"] == "applied"


@pytest.mark.proves("I4 I18", "F34")
def test_late_photo_keeps_its_bytes_with_its_proposal(
    app: Flask, field: Field, phone: Make
) -> None:
    li = phone("li")
    data = make_jpeg()
    op = attach(li, "PAX-01", data)
    lock_sheet(phone)
    told = li.result(op)
    assert (told["status"], told["bytes"]) == ("rejected_locked", "wanted")
    assert upload(li, op, data).status_code == 204
    with app.app_context():
        sha = op["photo"]["sha256"]
        assert service.find_photo(field.actor("li"), sha) is not None
        assert service.find_photo(field.actor("lead"), sha) is not None
        assert service.find_photo(field.actor("stranger"), sha) is None


def test_removed_photo_is_a_tombstone_and_can_be_brought_back(phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    entity = f"photo:{op['photo']['sha256']}"
    stale = wang.make("photo.remove", entity, {"from": "answer:tr/PAX-01"}, base={"attached": None})
    gone = wang.make(
        "photo.remove", entity, {"from": "answer:tr/PAX-01"}, base={"attached": op["op"]}
    )
    assert [one["status"] for one in wang.results([stale, gone])] == ["conflict", "applied"]
    wang.pull()
    assert wang.row(entity)["gone"] is True
    blind = attach(wang, "PAX-01", data)
    knowing = attach(wang, "PAX-01", data, base={"attached": gone["op"]})
    assert [one["status"] for one in wang.results([blind, knowing])] == ["conflict", "applied"]
    wang.pull()
    assert "gone" not in wang.row(entity)
    assert wang.row(entity)["fields"]["attached"] == ["answer:tr/PAX-01"]


def test_upload_rows_hold_only_what_the_disk_holds(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg(300, 300, quality=95)
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]
    folder = BlobFolder(app.extensions["suicha"].config.blob_dir)
    for start in range(0, len(data) - 100, 100):
        patch(wang, url, start, data[start : start + 100])
        with app.app_context():
            row = db.session.scalars(select(Upload)).one()
            assert row.offset <= folder.part_path(row.id).stat().st_size


@pytest.mark.proves("I18 I19", "F1")
def test_connection_cut_in_a_chunk_keeps_what_arrived_unless_a_checksum_covers_it(
    phone: Make,
) -> None:
    wang = phone("wang")
    data = make_jpeg(300, 200, quality=95)
    op = declare(wang, data)
    url = create(wang, op, len(data)).headers["Location"]

    def cut(arrived: bytes, **more: str) -> Any:
        return wang.client.patch(
            url,
            input_stream=io.BytesIO(arrived),
            headers={
                **TUS,
                "X-CSRF-Token": wang.csrf,
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(data)),
                "Upload-Offset": "0",
                **more,
            },
        )

    checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
    cut(data[:70], **{"Upload-Checksum": f"sha256 {checksum}"})
    assert head(wang, url).headers["Upload-Offset"] == "0"
    cut(data[:70])
    assert head(wang, url).headers["Upload-Offset"] == "70"
    assert patch(wang, url, 70, data[70:]).status_code == 204
