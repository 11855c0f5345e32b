"""A table of bad input. Each case gets ONE clear message with a stable code, in the reader's own
language; the database stays as it was, and what the person entered is still there."""

from __future__ import annotations

import html
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from domain.errors import Fault, message
from server.db import db
from server.exchange.service import import_file
from tests.conftest import ON_SQLITE
from tests.integration.builders import PASSWORD, Field
from tests.integration.fieldsync.day import attach, claim, make_jpeg, submit
from tests.integration.fieldsync.phone import Answer, Phone, new_id
from tests.integration.fieldsync.test_files import TUS, create, declare, head, patch, upload

pytestmark = pytest.mark.both

Make = Callable[[str], Phone]
LOCALES = ("zh_CN", "en")
PUSH, PULL, SESSION = "/api/v1/sync/push", "/api/v1/sync/pull", "/api/v1/session"
# What is not the person's work: who is signed in, failed sign-ins, phones' last contact.
NOT_WORK = {"sign_in_sessions", "sign_in_attempts", "devices", "people", "audit_events"}

PICTURES = Path(__file__).parents[2] / "pictures"


def dump(app: Flask, without: set[str] = NOT_WORK) -> dict[str, list[str]]:
    """Every row of every table that holds somebody's work."""
    with app.app_context():
        found = {}
        for table in db.metadata.sorted_tables:
            if table.name not in without:
                rows = db.session.execute(text(f"SELECT * FROM {table.name}"))
                found[table.name] = sorted(json.dumps(list(r), default=str) for r in rows)
        db.session.rollback()
        return found


def speak(phone: Phone, locale: str) -> None:
    """The person reads the answers in this language from now on."""
    headers = {"X-CSRF-Token": phone.csrf}
    assert phone.client.patch(SESSION, json={"locale": locale}, headers=headers).status_code == 200


def check_error(answer: Any, status: int, code: str, locale: str) -> Answer:
    """The one shape of every error, with the catalogue's sentence."""
    body = answer.get_json(silent=True)
    assert answer.status_code == status, (answer.status_code, body)
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message", "details"}
    error: Answer = body["error"]
    assert error["code"] == code, error
    assert error["message"] == message(code, locale, error["details"])
    assert "…" not in error["message"], "a detail of the sentence is missing"
    return error


def deep(levels: int) -> bytes:
    return b'{"ops":' + b"[" * levels + b"]" * levels + b"}"


def spoilt(**changes: Any) -> Callable[[Phone], bytes]:
    """A push whose envelope has these changes."""
    return lambda phone: json.dumps({**phone.envelope([]), **changes}).encode()


def pull(**changes: Any) -> Callable[[Phone], bytes]:
    plain = {"epoch": "ep_x", "schema": 1, "spaces": {}, "limit": 5}
    return lambda phone: json.dumps({"device": phone.device, **plain, **changes}).encode()


# path, body, status, code
BODIES: dict[str, tuple[str, Any, int, str]] = {
    "nothing": (PUSH, b"", 400, "request.not_json"),
    "no JSON": (PUSH, b"<html>", 400, "request.not_json"),
    "cut JSON": (PUSH, b'{"ops":[', 400, "request.not_json"),
    "not UTF-8": (PUSH, b'{"a":"\xff"}', 400, "request.not_json"),
    "NaN": (PUSH, spoilt(mono_ms=float("nan")), 400, "request.not_json"),
    "infinity": (PUSH, spoilt(mono_ms=float("inf")), 400, "request.not_json"),
    "a number that overflows": (PUSH, b'{"mono_ms":1e999}', 400, "request.not_json"),
    "a number of 400 digits": (PUSH, spoilt(mono_ms=10**400), 400, "request.not_json"),
    "a number of 5000 digits": (PUSH, b'{"a":' + b"9" * 5000 + b"}", 400, "request.not_json"),
    "nested 100 deep": (PUSH, deep(100), 400, "request.not_json"),
    "nested 800 deep": (PUSH, deep(800), 400, "request.not_json"),
    "nested without end": (PUSH, b"[" * 100_000, 400, "request.not_json"),
    "objects without end": (PUSH, b'{"a":' * 100_000, 400, "request.not_json"),
    "a list": (PUSH, b"[]", 400, "request.wrong_type"),
    "a number": (PUSH, b"5", 400, "request.wrong_type"),
    "unknown field": (PUSH, spoilt(extra=1), 400, "request.unknown_field"),
    "unknown field of half a pair": (PUSH, spoilt(**{"\ud800": 1}), 400, "request.unknown_field"),
    "text for a number": (PUSH, spoilt(proto="1"), 400, "request.wrong_type"),
    "true for a number": (PUSH, spoilt(proto=True), 400, "request.wrong_type"),
    "NUL": (PUSH, spoilt(device="dev_\x00aaaa"), 400, "request.wrong_type"),
    "half a surrogate pair": (PUSH, spoilt(device="dev_\ud800aa"), 400, "request.wrong_type"),
    "ops is an object": (PUSH, spoilt(ops={}), 400, "request.wrong_type"),
    "an op without number": (PUSH, spoilt(ops=[{"op": new_id()}]), 400, "request.missing_field"),
    "an op's number too large": (
        PUSH, spoilt(ops=[{"op": new_id(), "seq": 10**30}]), 400, "request.wrong_type",
    ),
    "an op without id": (PUSH, spoilt(ops=[{"seq": 1}]), 400, "request.missing_field"),
    "too many ops": (PUSH, spoilt(ops=[{}] * 201), 413, "sync.too_many_ops"),
    "too old an app": (PUSH, spoilt(proto=99), 426, "sync.upgrade_required"),
    "another history": (PUSH, spoilt(epoch="ep_other"), 409, "sync.epoch_changed"),
    "an oversized body": (PUSH, b"[" + b" " * 3_000_000 + b"]", 413, "request.too_large"),
    "pull: unknown field": (PULL, pull(extra=1), 400, "request.unknown_field"),
    "pull: negative cursor": (PULL, pull(spaces={"insp:1": -1}), 400, "request.wrong_type"),
    "pull: huge cursor": (PULL, pull(spaces={"insp:1": 10**30}), 400, "request.wrong_type"),
    "pull: spaces a list": (PULL, pull(spaces=[]), 400, "request.wrong_type"),
    "pull: NUL in a space": (PULL, pull(spaces={"x\x00": 0}), 400, "request.wrong_type"),
    "pull: limit zero": (PULL, pull(limit=0), 400, "request.wrong_type"),
}  # fmt: skip


def test_bodies_that_cannot_be_read(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    before = dump(app)
    for locale in LOCALES:
        speak(wang, locale)
        for name, (path, made, status, code) in BODIES.items():
            body = made(wang) if callable(made) else made
            headers = {"X-CSRF-Token": wang.csrf, "Content-Type": "application/json"}
            answer = wang.client.post(path, data=body, headers=headers)
            try:
                check_error(answer, status, code, locale)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from error
    assert dump(app) == before


class _Broken(io.BytesIO):
    """A stream whose next piece has no readable length, as gunicorn tells it."""

    def read(self, *_args: Any) -> bytes:
        raise OSError("Invalid chunk size: b'ZZ'")

    readline = readinto = readall = read  # type: ignore[assignment]


def test_bodies_in_pieces(app: Flask, field: Field, phone: Make) -> None:
    """Chunked: no length is named, the server finds the end itself."""
    wang = phone("wang")
    good = json.dumps(wang.envelope([wang.set("PAX-01", {"value": "pass"})])).encode()
    before = dump(app)

    def send(stream: io.BytesIO) -> Any:
        return wang.client.post(
            PUSH,
            input_stream=stream,
            headers={"X-CSRF-Token": wang.csrf, "Transfer-Encoding": "chunked"},
            content_type="application/json",
            environ_overrides={"wsgi.input_terminated": True},
        )

    for locale in LOCALES:
        speak(wang, locale)
        check_error(send(io.BytesIO(good + b" " * 3_000_000)), 413, "request.too_large", locale)
        check_error(send(io.BytesIO(b"[" * 3_000_000)), 413, "request.too_large", locale)
        check_error(send(_Broken()), 400, "request.not_json", locale)
        check_error(send(io.BytesIO(good[:-9])), 400, "request.not_json", locale)
    assert dump(app) == before
    assert send(io.BytesIO(good)).get_json()["results"][0]["status"] == "applied"


# What is wrong with one operation: changes, code. The batch goes on, the operation is kept.
OPERATIONS: dict[str, tuple[Answer, str]] = {
    "unknown field": ({"extra": 1}, "request.unknown_field"),
    "unknown kind": ({"kind": "answer.eat"}, "op.unknown_kind"),
    "kind a list": ({"kind": ["answer.set"]}, "request.wrong_type"),
    "a later version": ({"v": 2}, "op.unknown_kind"),
    "value with NUL": ({"fields": {"value": "\x00"}}, "request.wrong_type"),
    "value of half a pair": ({"fields": {"value": "\ud800"}}, "request.wrong_type"),
    "value a fraction": ({"fields": {"value": 1.5}}, "op.fraction"),
    "value nested": ({"fields": {"value": [[[[[[[[[[[[[1]]]]]]]]]]]]]}}, "request.wrong_type"),
    "value beyond safe": ({"fields": {"value": 2**60}}, "request.wrong_type"),
    "value of the wrong type": ({"fields": {"value": ["pass"]}}, "answer.bad_choice"),
    "field unknown": ({"fields": {"colour": "red"}}, "request.unknown_field"),
    "note a number": ({"fields": {"note": 5}, "base": {"note": None}}, "request.wrong_type"),
    "note too long": (
        {"fields": {"note": "x" * 2001}, "base": {"note": None}}, "request.wrong_type",
    ),
    "base forgotten": ({"base": {}}, "request.missing_field"),
    "base a list": ({"base": []}, "request.wrong_type"),
    "entity of half a pair": ({"entity": "answer:tr/\ud800"}, "request.wrong_type"),
    "entity of no kind": ({"entity": "answer:tr"}, "op.bad_entity"),
    "an item that is not asked": ({"entity": "answer:tr/NO-1"}, "op.unknown_entity"),
    "a space that is not there": ({"space": "insp:999999999999999999"}, "op.unknown_entity"),
    "somebody's own space": ({"space": "user:1"}, "op.unknown_entity"),
    "no day": (
        {"kind": "sheet.submit", "entity": "sheet:tr", "fields": {"ended_on": "2026-02-30"}},
        "request.wrong_type",
    ),
    "a day without a due date": (
        {"kind": "sheet.submit", "entity": "sheet:tr", "fields": {"ended_on": "9999-12-31"}},
        "sheet.end_out_of_range",
    ),
    "a year nobody means": (
        {"kind": "sheet.submit", "entity": "sheet:tr", "fields": {"ended_on": "2926-03-04"}},
        "sheet.end_out_of_range",
    ),
    "a firm that has not signed again what was never returned": (
        {
            "kind": "signature.add", "entity": f"signature:{new_id()}",
            "fields": {
                "sheet": "tr", "role": "unsigned", "name": "x", "refused": False, "reason": "走了",
                "signed": {"digest": "0" * 64, "photos": []}, "strokes": [], "size": [0, 0],
            },
        },
        "signature.not_returned",
    ),
    "a relation nobody knows": (
        {
            "kind": "signature.add", "entity": f"signature:{new_id()}",
            "fields": {
                "sheet": "tr", "role": "firm", "name": "x", "refused": False,
                "relation": "cousin", "strokes": [], "size": [0, 0],
            },
        },
        "request.wrong_type",
    ),
    "a head of half a pair": ({"base": {"value": "\ud800"}}, "request.wrong_type"),
    "a head with NUL": ({"base": {"value": "\x00"}}, "request.wrong_type"),
    "an entity seen of half a pair": (
        {
            "kind": "sheet.enter", "entity": "sheet:tr", "fields": {"results": {"PAX-01": 1}},
            "base": {}, "seen": {"\ud800": {}}, "digest": "0" * 64,
        },
        "request.wrong_type",
    ),
    "a point too far": (
        {
            "kind": "signature.add", "entity": f"signature:{new_id()}",
            "fields": {
                "sheet": "tr", "role": "firm", "name": "x", "refused": False,
                "strokes": [[[10**30, 0, 0]]], "size": [1, 1],
            },
        },
        "request.wrong_type",
    ),
    "a photo of no bytes": (
        {"kind": "photo.attach", "fields": {}, "base": {}, "photo": claim(b"x", bytes=-1)},
        "request.wrong_type",
    ),
    "a photo of another type": (
        {"kind": "photo.attach", "fields": {}, "base": {}, "photo": claim(b"x", mime="text/html")},
        "request.wrong_type",
    ),
    "a photo with half a pair": (
        {
            "kind": "photo.attach", "fields": {}, "base": {},
            "photo": claim(b"x", manifest={"at": ["\ud800"]}),
        },
        "request.wrong_type",
    ),
}  # fmt: skip


def test_operations_that_cannot_be_used_are_kept_and_told(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    before = dump(app)
    for name, (changes, code) in OPERATIONS.items():
        plain = wang.set("PAX-01", {"value": "pass"})
        op = wang.queue[-1] = {**plain, **changes}
        told = [wang.result(op) for locale in LOCALES if not speak(wang, locale)]
        for locale, one in zip(LOCALES, told, strict=True):
            assert (one["status"], one["error"]["code"]) == ("invalid", code), (name, one)
            assert one["error"]["message"] == message(code, locale, one["error"]["details"]), name
        assert [one["replay"] for one in told] == [False, True], name
    after = dump(app)
    kept = set(after.pop("receipts")) - set(before.pop("receipts"))
    assert len(kept) == len(OPERATIONS), "every one has its receipt, and only one"
    assert after == before
    good = wang.set("PAX-01", {"value": "pass"})
    assert wang.result(good)["status"] == "applied", "the queue goes on"


SIGN_IN: dict[str, tuple[Any, int, str]] = {
    "unknown field": ({"x": 1}, 400, "request.unknown_field"),
    "account a number": ({"account": 5}, 400, "request.wrong_type"),
    "account with NUL": ({"account": "wang\x00"}, 400, "request.wrong_type"),
    "account of half a pair": ({"account": "\ud800"}, 400, "request.wrong_type"),
    "password of half a pair": ({"password": "\ud800"}, 400, "request.wrong_type"),
    "account too long": ({"account": "w" * 65}, 400, "request.wrong_type"),
    "no device": ({"device": None}, 400, "request.wrong_type"),
    "device of half a pair": (
        {"device": {"id": "dev_zzzz1", "name": "\udfff"}}, 400, "request.wrong_type",
    ),
    "device id a path": ({"device": {"id": "../../etc", "name": ""}}, 400, "request.wrong_type"),
    "wrong password": ({"password": "wrong password"}, 401, "session.refused"),
}  # fmt: skip


def test_sign_in_bodies(app: Flask, field: Field) -> None:
    before = dump(app)
    device = {"id": "dev_zzzz1", "name": "红米"}
    for locale in LOCALES:
        client = app.test_client()
        client.set_cookie("suicha_locale", locale)
        for name, (changes, status, code) in SIGN_IN.items():
            body = {"account": "wang", "password": PASSWORD, "device": device, **changes}
            answer = client.post(SESSION, json=body)
            assert answer.status_code == status, (name, answer.get_json())
            check_error(answer, status, code, locale)
        answer = client.post(SESSION, data="account=wang", content_type="text/plain")
        check_error(answer, 415, "request.wrong_media_type", locale)
        answer = client.post(SESSION, data=b"[" * 100_000, content_type="application/json")
        check_error(answer, 400, "request.not_json", locale)
    assert dump(app) == before


def _png(width: int, height: int) -> bytes:
    """A header that promises this size, over next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0" * 999))
    return b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", make_jpeg())
    return out.getvalue()


def _gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (8, 8)).save(out, "GIF")
    return out.getvalue()


def _heic(width: int, height: int, *, keep: int | None = None) -> bytes:
    """A drawn picture of 640 × 480 that says it has this size; ``keep`` so many bytes of it."""
    data = bytearray((PICTURES / "drawn.heic").read_bytes())
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data[:keep])


NOT_PHOTOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"this is no photo", "photo.not_a_picture"),
    "HTML": (lambda: b"<html><script>alert(1)</script>", "photo.not_a_picture"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "photo.not_a_picture"),
    "zip of a photo": (_zip, "photo.not_a_picture"),
    "GIF": (_gif, "photo.not_a_picture"),
    "PDF": (lambda: b"%PDF-1.7\n", "photo.not_a_picture"),
    "JPEG cut in half": (lambda: make_jpeg(600, 400)[:1500], "photo.not_a_picture"),
    "JPEG's first bytes": (lambda: make_jpeg()[:20], "photo.not_a_picture"),
    "script before a JPEG": (lambda: b"<script>" + make_jpeg(), "photo.not_a_picture"),
    "41 megapixels": (lambda: make_jpeg(6410, 6400), "photo.too_large"),
    "PNG that promises a gigapixel": (lambda: _png(40_000, 40_000), "photo.too_large"),
    "PNG that promises 50 megapixels": (lambda: _png(10_000, 5_000), "photo.too_large"),
    "HEIC that promises 41 megapixels": (lambda: _heic(6410, 6400), "photo.too_large"),
    "HEIC that promises a gigapixel": (lambda: _heic(40_000, 40_000), "photo.too_large"),
    "HEIC larger than it says": (lambda: _heic(64, 48), "photo.not_a_picture"),
    "HEIC cut in half": (lambda: _heic(640, 480, keep=1500), "photo.not_a_picture"),
    "HEIC's first bytes": (lambda: _heic(640, 480, keep=40), "photo.not_a_picture"),
    "PNG with too little in it": (lambda: _png(300, 300), "photo.not_a_picture"),
}


@ON_SQLITE
def test_files_that_are_no_photos(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    for number, (name, (make, code)) in enumerate(NOT_PHOTOS.items()):
        data = make()
        op = declare(wang, data)
        before = dump(app, NOT_WORK | {"uploads"})
        locale = LOCALES[number % 2]
        speak(wang, locale)
        answer = upload(wang, op, data)
        try:
            check_error(answer, 422, code, locale)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error
        assert dump(app, NOT_WORK | {"uploads"}) == before, name
        again = create(wang, op, len(data))
        assert again.status_code == 201, "the photo is still wanted"
        assert head(wang, again.headers["Location"]).headers["Upload-Offset"] == "0"
    wang.pull()
    promised = [row for row in wang.rows.values() if row["t"] == "photo"]
    assert len(promised) == len(NOT_PHOTOS)
    assert not any(row["fields"]["stored"] for row in promised)


def test_a_photo_followed_by_something_else_is_served_as_a_photo_only(
    app: Flask, field: Field, phone: Make
) -> None:
    """A polyglot is a photo to us: named by its bytes, typed by its decoder, never sniffed."""
    data = make_jpeg() + b"<script>alert(1)</script>" + _zip()
    wang = phone("wang")
    op = declare(wang, data)
    assert upload(wang, op, data).status_code == 204
    answer = wang.client.get(f"/api/v1/photos/{op['photo']['sha256']}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"].startswith("private")
    answer.close()


UPLOADS: dict[str, tuple[dict[str, str | None], int, str]] = {
    "negative length": ({"Upload-Length": "-1"}, 400, "upload.malformed"),
    "no length": ({"Upload-Length": None}, 400, "upload.malformed"),
    "length of 40 digits": ({"Upload-Length": "9" * 40}, 400, "upload.malformed"),
    "length in other digits": ({"Upload-Length": "²"}, 400, "upload.malformed"),
    "a petabyte": ({"Upload-Length": "9" * 15}, 413, "photo.too_many_bytes"),
    "no metadata": ({"Upload-Metadata": None}, 400, "upload.malformed"),
    "metadata no base64": ({"Upload-Metadata": "sha256 !!!,op ???"}, 400, "upload.malformed"),
    "hash a path": ({"Upload-Metadata": "sha256 Li4vLi4veA==,op eA=="}, 400, "upload.malformed"),
    "op with NUL": (
        {"Upload-Metadata": "sha256 " + "YWFh" * 21 + "YQ==,op AA=="},
        400,
        "upload.malformed",
    ),
    "another protocol": ({"Tus-Resumable": "9.9"}, 412, "upload.version"),
}


def test_uploads_that_cannot_begin(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    before = dump(app)
    for locale in LOCALES:
        speak(wang, locale)
        for changes, status, code in UPLOADS.values():
            good = {
                **TUS, "X-CSRF-Token": wang.csrf, "Upload-Length": str(len(data)),
                "Upload-Metadata": "sha256 " + "YWFh" * 21 + "YQ==,op eA==",
            }  # fmt: skip
            sent = {k: v for k, v in {**good, **changes}.items() if v is not None}
            check_error(wang.client.post("/api/v1/files", headers=sent), status, code, locale)
        stranger = attach(wang, "PAX-02", make_jpeg(colour="pink"))
        answer = create(wang, stranger, 100)
        check_error(answer, 409, "photo.not_declared", locale)
    assert dump(app) == before
    url = create(wang, op, len(data)).headers["Location"]
    for offset, code in ((5, "upload.offset"),):
        check_error(patch(wang, url, offset, b"x"), 409, code, "en")
    bad = patch(wang, url, 0, data, **{"Upload-Offset": "-5"})
    check_error(bad, 400, "upload.malformed", "en")
    wrong = patch(wang, url, 0, data, **{"Content-Type": "image/jpeg"})
    check_error(wrong, 415, "request.wrong_media_type", "en")
    assert head(wang, url).headers["Upload-Offset"] == "0", "nothing was taken, nothing is lost"
    assert patch(wang, url, 0, data).status_code == 204


# Paths and parameters
ADDRESSES: dict[str, tuple[int, str]] = {
    "/inspections/99999999999": (404, "request.not_found"),
    "/inspections/99999999999999999999999": (404, "request.not_found"),
    "/inspections/1/%00/enter": (404, "request.not_found"),
    "/inspections?q=%00": (400, "request.bad_parameter"),
    "/registry/firms?q=a%00b": (400, "request.bad_parameter"),
    "/registry/firms/99999999999": (404, "request.not_found"),
    "/registry/checklists/%00": (404, "request.not_found"),
    "/plans/99999999999": (404, "request.not_found"),
    "/draws/99999999999/record.json": (404, "request.not_found"),
    "/app/%00": (404, "request.not_found"),
    "/app/..%2f..%2f..%2fetc%2fpasswd": (404, "request.not_found"),
    "/app/" + "a" * 300: (404, "request.not_found"),
    "/app/" + "a/" * 3000: (404, "request.not_found"),
    "/static/..%2f..%2fserver%2fconfig.py": (404, "request.not_found"),
    "/static/" + "a" * 300: (404, "request.not_found"),
    "/static/..\\..\\pyproject.toml": (404, "request.not_found"),
    "/api/v1/photos/%00": (404, "request.not_found"),
    "/api/v1/photos/..%2f..%2fsecrets": (404, "request.not_found"),
    "/api/v1/photos/" + "0" * 64: (404, "photo.not_found"),
    "/api/v1/files/%00": (404, "request.not_found"),
    "/api/v1/lib/tr-list@99999999999": (404, "checklist.not_found"),
    "/api/v1/lib/%00": (404, "request.not_found"),
}
UNHARMED = (
    "/inspections?page=99999999999999999999&task=99999999999999999999&officer=99999999999",
    "/inspections?page=-5&day=99999-01-01",
    "/registry/officers?department=99999999999999999999&page=" + "9" * 5000,
    "/tasks?year=99999999999999999999",
    "/day?day=9999-12-31",
    "/registry/firms?q=%ED%A0%80%F0%9F%98%80&sort=%27&dir=x",
)


def sign_in(app: Flask, account: str, locale: str = "zh_CN") -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    sent = {"csrf_token": token_of(page), "account": account, "password": PASSWORD}
    assert client.post("/sign-in", data=sent).status_code == 302
    choose = {"csrf_token": token_of(client.get("/account").get_data(as_text=True))}
    client.post("/language", data={**choose, "locale": locale})
    return client


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None, page[:500]
    return found[1]


def told(page: str, code: str, locale: str, **details: object) -> bool:
    """Whether a page says the catalogue's sentence and names its code."""
    sentence = message(code, locale, details).split("{")[0]
    return html.escape(sentence, quote=False) in html.unescape(page) and code in page


def test_addresses_that_lead_nowhere(app: Flask, field: Field) -> None:
    before = dump(app)
    for locale in LOCALES:
        client = sign_in(app, "office", locale)
        officer = sign_in(app, "wang", locale)
        for path, (status, code) in ADDRESSES.items():
            who = officer if path.startswith("/api/") else client
            method = "HEAD" if path.startswith("/api/v1/files") else "GET"
            answer = who.open(path, method=method, headers=TUS)
            assert answer.status_code == status, (path[:60], answer.status_code)
            if method == "GET" and path.startswith("/api/"):
                check_error(answer, status, code, locale)
            elif method == "GET":
                assert code in answer.get_data(as_text=True), path[:60]
        for path in UNHARMED:
            assert client.get(path).status_code == 200, path[:60]
    assert dump(app) == before


def test_methods_nobody_asked_for(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    for method in ("TRACE", "PROPFIND", "FOO", "PUT", "CONNECT"):
        for path in (PUSH, "/sign-in", "/api/v1/files", "/"):
            headers = {"X-CSRF-Token": wang.csrf, "X-HTTP-Method-Override": "POST"}
            answer = wang.client.open(path, method=method, headers=headers)
            assert answer.status_code == 405, (method, path)
            assert "request.method_not_allowed" in answer.get_data(as_text=True)


FIRMS = "统一社会信用代码,名称,类别\n"
GOOD_FIRM = "91140522MA0K00013Y,<b>示例</b>=1+1公司,passenger\n"
# bytes, what the page says; None: taken
TABLES: dict[str, tuple[bytes, str | None]] = {
    "nothing": (b"", "plan.empty"),
    "GBK": ((FIRMS + GOOD_FIRM).encode("gb18030"), None),
    "BOM": (b"\xef\xbb\xbf" + (FIRMS + GOOD_FIRM).encode(), None),
    "GBK, cut in a character": (FIRMS.encode("gb18030") + b"\xb9", "plan.encoding"),
    "GBK, with broken quotes": ((FIRMS + '"a"b,c,d\n').encode("gb18030"), "plan.malformed"),
    "UTF-16": ((FIRMS + GOOD_FIRM).encode("utf-16"), None),
    "NUL": ((FIRMS + GOOD_FIRM).encode() + b"\0", "plan.encoding"),
    "a spreadsheet": (_zip(), "plan.encoding"),
    "half a surrogate pair": (FIRMS.encode() + b"\xed\xa0\x80,x,y\n", "plan."),
    "a cell of a megabyte": ((FIRMS + '"' + "x" * 200_000 + '",y,z').encode(), "plan.malformed"),
    "too few cells": ((FIRMS + "1,2\n").encode(), "plan.malformed"),
    "another header": (b"<script>alert(1)</script>,b\n", "plan.malformed"),
    "the same column twice": ("名称,名称\n".encode(), "plan.malformed"),
    "a wrong credit code": ((FIRMS + "123,x,passenger\n").encode(), "plan.malformed"),
    "too long a name": ((FIRMS + GOOD_FIRM.replace("公司", "x" * 130)).encode(), "plan.malformed"),
}  # fmt: skip


def post_file(client: FlaskClient, page: str, path: str, data: bytes, **fields: str) -> Any:
    token = token_of(client.get(page).get_data(as_text=True))
    sent = {"csrf_token": token, "file": (io.BytesIO(data), "名录<b>.csv"), **fields}
    return client.post(path, data=sent, content_type="multipart/form-data")


@ON_SQLITE
@pytest.mark.parametrize("locale", LOCALES)
def test_tables_in_any_encoding_are_taken_whole_or_not_at_all(
    app: Flask, field: Field, locale: str
) -> None:
    """The page keeps the file for its preview, the command takes it at once."""
    client = sign_in(app, "office", locale)
    form = "/registry/imports/new/firms"
    for name, (data, code) in TABLES.items():
        before = dump(app)["firms"]
        answer = post_file(client, form, form, data)
        assert answer.status_code in (302, 422), (name, answer.status_code)
        assert "<script>alert" not in answer.get_data(as_text=True), name
        with app.app_context():
            office = field.actor("office")
            if code is None:
                found = import_file("firms", "名录.csv", data, office)
                assert found.imported + found.unchanged == 1, name
                continue
            try:
                taken = import_file("firms", "名录.csv", data, office)
            except Fault as refused:
                assert refused.status == 422, name
                assert message(refused.code, locale, refused.details), name
            else:  # what follows the last cell may be passed over, never half taken
                pytest.fail(f"{name}: {taken}")
        assert dump(app)["firms"] == before, name
    shown = client.get("/registry/firms").get_data(as_text=True)
    assert "&lt;b&gt;示例&lt;/b&gt;" in shown and "<b>示例" not in shown


@pytest.mark.parametrize("locale", LOCALES)
def test_a_broken_plan_keeps_the_year_that_was_typed(app: Flask, field: Field, locale: str) -> None:
    client = sign_in(app, "office", locale)
    before = dump(app)
    for data, code in (
        (b"", "plan.empty"),
        ("序号,<script>\n1,2\n".encode("gb18030"), "plan.unknown_header"),
        (b"\xef\xbb\xbf\"a", "plan.malformed"),
        ("序号".encode("gb18030") + b"\xb9", "plan.encoding"),
    ):  # fmt: skip
        answer = post_file(client, "/plans", "/plans/preview", data, year="2031")
        page = answer.get_data(as_text=True)
        assert (answer.status_code, code in page) == (422, True), (code, page[:3000])
        assert 'value="2031"' in page
        assert "<script>" not in page.replace('<script type="module"', "")
    big = client.post(
        "/plans/preview", data=b"x" * 3_000_000, content_type="multipart/form-data; boundary=x"
    )
    assert big.status_code == 413
    assert told(big.get_data(as_text=True), "request.too_large", locale)
    assert dump(app) == before


def test_forms_give_back_what_was_typed(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    submit(wang)
    assert wang.results()[-1]["status"] == "applied"
    lead = sign_in(app, "lead", "en")
    path = f"/inspections/{field.inspection_id}"
    token = token_of(lead.get(path).get_data(as_text=True))
    before = dump(app)
    reason = "台账缺页 <i>" + "好" * 500
    answer = lead.post(f"{path}/tr/return", data={"csrf_token": token, "reason": reason})
    assert answer.status_code == 422
    assert html.escape(reason) in answer.get_data(as_text=True), "it is still in its field"
    office = sign_in(app, "office")
    token = token_of(office.get(path).get_data(as_text=True))
    for day in ("2026-02-30", "soon"):
        sent = {"csrf_token": token, "planned_on": day}
        assert office.post(f"{path}/plan", data=sent).status_code == 422
    page = app.test_client().get("/sign-in").get_data(as_text=True)
    visitor = app.test_client()
    token = token_of(visitor.get("/sign-in").get_data(as_text=True))
    sent = {"csrf_token": token, "account": 'wang"<', "password": "wrong"}
    answer = visitor.post("/sign-in", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401 and "session.refused" in page
    assert 'wang"<' in html.unescape(page) and "wrong" not in page.replace("wrong_", "")
    assert dump(app) == before


@pytest.mark.parametrize("locale", LOCALES)
def test_an_expired_session_and_a_wrong_token_on_pages(
    app: Flask, field: Field, clock: Any, locale: str
) -> None:
    """The form keeps what was typed (``data-draft``, see pwa/static/drafts.js); the page that
    answers says so, and nothing happened."""
    wang = sign_in(app, "wang", locale)
    path = f"/inspections/{field.inspection_id}/tr/enter"
    page = wang.get(path).get_data(as_text=True)
    assert "data-draft=" in page
    before = dump(app)
    sent = {"csrf_token": "wrong", "result-PAX-01": "1"}
    answer = wang.post(path, data=sent)
    assert answer.status_code == 400
    assert told(answer.get_data(as_text=True), "request.csrf", locale)
    assert wang.post(path, data={"result-PAX-01": "1"}).status_code == 400, "no token at all"
    token = token_of(page)
    clock.advance(days=31)
    answer = wang.post(path, data={"csrf_token": token, "result-PAX-01": "1"})
    assert answer.status_code == 401
    assert "session.required" in answer.get_data(as_text=True)
    assert wang.get(path).headers["Location"].startswith("/sign-in?next=")
    assert dump(app) == before


def test_an_expired_session_and_a_wrong_token_on_a_phone(
    app: Flask, field: Field, phone: Make, clock: Any
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    before = dump(app)
    for locale in LOCALES:
        speak(wang, locale)
        for token in ("wrong", "", "\xff"):
            answer = wang.client.post(
                PUSH, json=wang.envelope(wang.queue), headers={"X-CSRF-Token": token}
            )
            check_error(answer, 400, "request.csrf", locale)
    clock.advance(days=31)
    check_error(wang.push(), 401, "session.expired", "zh_CN")
    check_error(wang.push(), 401, "session.required", "zh_CN")
    assert dump(app) == before
    again = Phone(app, field, "wang", wang.device)
    again.queue = wang.queue
    assert again.results()[0]["status"] == "applied", "the queue outlived the session"


def test_next_leads_to_this_site_only(app: Flask, field: Field) -> None:
    client = sign_in(app, "office")
    for target in (
        "//evil.example", "/\\evil.example", "/\t/evil.example", "/\t\\evil.example",
        "https://evil.example", "javascript:alert(1)", "/a\r\nX-Evil: 1", "/ /x", "///x", "\\\\x",
    ):  # fmt: skip
        answer = client.get("/sign-in", query_string={"next": target})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), target
        assert "X-Evil" not in answer.headers
    answer = client.get("/sign-in", query_string={"next": "/day?day=2026-03-04"})
    assert answer.headers["Location"] == "/day?day=2026-03-04"


CHECKLIST = {
    "id": "x", "title": "t", "objects": "o", "plan_tasks": ["p"],
    "items": [
        {
            "code": "C-1", "text": "t", "severity": "minor", "method": ["实地核查"],
            "basis": [{"law": "l", "article": None, "confidence": "A"}],
            "answer": {"type": "judge"},
        }
    ],
}  # fmt: skip


def _list(item: Answer | None = None, **changes: Any) -> bytes:
    entry = {**CHECKLIST, **changes}
    entry["items"] = [{**CHECKLIST["items"][0], **(item or {})}]
    return json.dumps({"checklists": [entry]}).encode()


LISTS: dict[str, bytes] = {
    "nothing": b"",
    "text": b"hello",
    "nested without end": b"[" * 60_000,
    "nested without end, by dashes": b"- " * 60_000,
    "aliases that grow": b"a: &a [x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 8)) for n in range(98, 112)
    ) + b"checklists: *o\n",
    "a list within itself": b"&a {checklists: [*a]}",
    "python objects": b'checklists: !!python/object/apply:os.system ["id"]',
    "a field that is a number": _list(**{"5": 1}).replace(b'"5"', b"5"),
    "fields of two types": b"checklists: [{1: x, b: y, id: a}]",
    "type a list": _list({"answer": {"type": ["judge"]}}),
    "pair a number": _list({"answer": {"type": "number", "pair": 2}}),
    "NUL in a text": _list({"text": "a\0b"}),
    "half a surrogate pair": _list({"text": "\ud800"}),
    "an item no operation can name": _list({"code": "C 1/a"}),
    "a list no address can name": _list(id="a@1/../b"),
    "more photos than anybody takes": _list({"answer": {"type": "photo", "min": 10**30}}),
}  # fmt: skip


@ON_SQLITE
@pytest.mark.parametrize("locale", LOCALES)
def test_checklist_files(app: Flask, field: Field, locale: str) -> None:
    client = sign_in(app, "office", locale)
    before = dump(app)
    for name, data in LISTS.items():
        answer = post_file(client, "/registry/checklists", "/registry/checklists/import", data)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (name, answer.status_code)
        assert "checklist.malformed" in page, name
    assert dump(app) == before
