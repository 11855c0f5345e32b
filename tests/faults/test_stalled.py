"""Phones that fall silent in the middle of a request (F7, F11): nobody else waits for them."""

from __future__ import annotations

import json
import socket

import pytest
from sqlalchemy import func, select

from server.db import db
from server.fieldsync.models import Receipt
from tests.faults.servers import Running
from tests.faults.test_bytes_along import ALONG, request_of
from tests.faults.test_tus_client import declare_all, make_photo, stored
from tests.faults.wire import exchange, raw_request
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_files import TUS, create, declare, head, patch


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SUICHA_STALL_SECONDS": "1"}


def headers_of(phone: Phone, **more: str) -> dict[str, str]:
    return {"Cookie": str(phone.client.cookie), "X-CSRF-Token": phone.csrf, **more}  # type: ignore[attr-defined]


@pytest.mark.proves("I12 I19", "F7")
def test_stalled_chunks_free_their_threads_and_keep_what_arrived(server: Running) -> None:
    wang = server.phone("wang")
    photos = [make_jpeg(300 + n, 200, quality=95) for n in range(3)]
    ops = [declare(wang, data) for data in photos]
    urls = [
        create(wang, op, len(data)).headers["Location"]
        for op, data in zip(ops, photos, strict=True)
    ]
    silent = []
    for url, data in zip(urls, photos, strict=True):  # more than the server has threads
        line = socket.create_connection(("127.0.0.1", server.port))
        told = headers_of(wang, **TUS, **{"Content-Type": "application/offset+octet-stream"}) | {
            "Upload-Offset": "0"
        }
        line.sendall(raw_request("PATCH", url, data[:1000], told, len(data)))
        silent.append(line)
    try:
        # answered although every thread was taken, and the lines are still open
        answers = [head(wang, url) for url in urls]
        for answer, data, url in zip(answers, photos, urls, strict=True):
            assert answer.status_code == 200
            assert answer.headers["Upload-Offset"] in {"0", "1000"}
            assert _patched_when_free(wang, url, data) == 204
    finally:
        for line in silent:
            line.close()


def _patched_when_free(phone: Phone, url: str, data: bytes) -> int:
    """A phone told 423 waits and looks where to go on; it never starts a second upload."""
    while True:
        offset = int(head(phone, url).headers["Upload-Offset"])
        status = patch(phone, url, offset, data[offset:]).status_code
        if status not in {409, 423}:
            return int(status)


@pytest.mark.proves("I18 I19", "F7")
def test_photo_that_falls_silent_is_an_upload_that_goes_on(server: Running) -> None:
    wang, data = server.phone("wang"), make_photo(60)
    (op,) = declare_all(wang, [data])
    told = exchange(server.port, request_of(wang, op, data[:5000], len(data)), end=False)
    assert told.startswith(b"HTTP/1.1 201 ") and not stored(server, data)
    assert any(b"Upload-Offset: %d\r\n" % offset in told for offset in (0, 5000))
    again = create(wang, op, len(data), data=data, **ALONG)
    assert again.headers["Upload-Offset"] == str(len(data)) and stored(server, data)


@pytest.mark.proves("I12 I15", "F7 F11")
def test_stalled_push_is_told_408_and_nothing_of_it_is_judged(server: Running) -> None:
    wang = server.phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    body = json.dumps(wang.envelope(wang.queue)).encode()
    told = headers_of(wang, **{"Content-Type": "application/json"})
    request = raw_request("POST", "/api/v1/sync/push", body[:-1], told, len(body))
    answer = exchange(server.port, request, end=False)
    assert answer.startswith(b"HTTP/1.1 408 ") and b'"request.stalled"' in answer
    assert wang.results()[0]["replay"] is False
    with server.county.looking():
        assert db.session.scalar(select(func.count()).where(Receipt.device == wang.device)) == 1


@pytest.mark.proves("I12", "F7")
def test_request_that_drips_is_ended_after_three_times_the_patience(server: Running) -> None:
    """A byte now and then is not progress: no silence is ever long enough to be one."""
    wang = server.phone("wang")
    told = headers_of(wang, **{"Content-Type": "application/json"})
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(raw_request("POST", "/api/v1/sync/push", b"{", told, 100_000))
        line.settimeout(0.2)
        answer, dripped = b"", 0
        while not answer:
            line.sendall(b" ")
            dripped += 1
            try:
                answer = line.recv(1 << 16)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert dripped > 5  # it went on past one patience


@pytest.mark.proves("I12", "F7")
def test_answer_nobody_takes_frees_its_thread(server: Running) -> None:
    wang, data = server.phone("wang"), make_photo(8 * 1024)
    (op,) = declare_all(wang, [data])
    url = create(wang, op, len(data)).headers["Location"]
    assert patch(wang, url, 0, data).status_code == 204
    request = raw_request("GET", f"/api/v1/photos/{op['photo']['sha256']}", b"", headers_of(wang))
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
    try:
        for line in silent:  # more than the server has threads
            line.sendall(request)
            assert line.recv(12) == b"HTTP/1.1 200"  # and from here on nobody reads
        assert head(wang, url).status_code == 200
    finally:
        for line in silent:
            line.close()
