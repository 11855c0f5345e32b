"""Photos that come with the creation of their upload, over real connections: cut at any byte,
sent twice at once. Those that fall silent: ``test_stalled.py``."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Blob, LedgerEntry, Receipt, Upload
from tests.faults.servers import Running
from tests.faults.test_tus_client import declare_all, make_photo, stored
from tests.faults.wire import exchange, raw_request
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_files import TUS, create, head, patch

ALONG = {"Content-Type": "application/offset+octet-stream"}


def request_of(phone: Phone, op: Answer, arrived: bytes, length: int) -> bytes:
    told = ",".join(
        f"{name} {base64.b64encode(text.encode()).decode()}"
        for name, text in (("sha256", op["photo"]["sha256"]), ("op", op["op"]))
    )
    headers = {
        **TUS,
        **ALONG,
        "Cookie": phone.client.cookie,  # type: ignore[attr-defined]
        "X-CSRF-Token": phone.csrf,
        "Upload-Length": str(length),
        "Upload-Metadata": told,
    }
    return raw_request("POST", "/api/v1/files", arrived, headers, length)


@pytest.mark.proves("I18 I19", "F1 F2 F3")
@pytest.mark.parametrize(
    ("share", "comes_whole"), [(0.0, False), (0.1, True), (0.5, False), (0.7, True), (0.999, False)]
)
def test_photo_cut_on_the_way_goes_on_where_it_was_cut(
    server: Running, share: float, comes_whole: bool
) -> None:
    wang, data = server.phone("wang"), make_photo(600)
    (op,) = declare_all(wang, [data])
    arrived = int(share * len(data))
    exchange(server.port, request_of(wang, op, data[:arrived], len(data)))
    answer = create(wang, op, len(data))  # the phone never learned the address
    url, offset = answer.headers["Location"], int(answer.headers["Upload-Offset"])
    assert offset == arrived and not stored(server, data)
    if comes_whole:
        answer = create(wang, op, len(data), data=data, **ALONG)
        assert answer.headers["Location"] == url
    else:
        answer = patch(wang, url, offset, data[offset:])
    assert answer.headers["Upload-Offset"] == str(len(data))
    assert stored(server, data)


@pytest.mark.proves("I13 I18 I19", "F4 F9 F27")
def test_photo_sent_four_times_at_once_is_stored_and_told_once(server: Running) -> None:
    wang, data = server.phone("wang"), make_photo(200)
    (op,) = declare_all(wang, [data])
    phones = [server.phone("wang", wang.device) for _ in range(4)]

    def send(phone: Phone) -> Any:
        return create(phone, op, len(data), data=data, **ALONG)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, phones))
    for answer in answers:
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(data)))
        offset = head(wang, answer.headers["Location"]).headers["Upload-Offset"]
        assert offset == str(len(data))
    assert stored(server, data)
    sha256 = hashlib.sha256(data).hexdigest()
    with server.county.looking():
        assert len(db.session.scalars(select(Blob).where(Blob.sha256 == sha256)).all()) == 1
        states = db.session.scalars(select(Upload.state).where(Upload.sha256 == sha256)).all()
        assert set(states) == {"complete"}
        told = select(LedgerEntry.op).join(Receipt, Receipt.op == LedgerEntry.op)
        told = told.where(Receipt.kind == "photo.stored", Receipt.payload.contains(sha256))
        assert len(db.session.scalars(told).all()) == 1
    left = (server.county.home / "blobs/uploads").glob("*")
    assert [path.name for path in left if not path.name.endswith(".lock")] == []
