"""kill -9 of the server between any two steps of an upload (F25), real processes: statements,
commits, fsyncs and the rename. The phone asks where to go on, and the photo arrives whole."""

from __future__ import annotations

import hashlib
import http.client
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from server.db import db
from server.fieldsync.models import Blob, Entity, LedgerEntry, Upload
from server.fieldsync.service import verify_ledger
from tests.faults.servers import County
from tests.faults.test_killed_push import mortal
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_files import create, head, patch

ALONG = {"Content-Type": "application/offset+octet-stream"}
MOMENTS = ("create", "first chunk", "last chunk", "end", "whole", "rest")


@pytest.mark.timeout(900)
@pytest.mark.proves("I18 I19 I13", "F2 F25")
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("sqlite", 19),
        ("postgresql", 41),
        pytest.param("sqlite", 1, marks=pytest.mark.soak),
        pytest.param("postgresql", 1, marks=pytest.mark.soak),
    ],
)
def test_upload_killed_between_any_two_steps_is_continued_and_stored_once(
    make_county: Callable[[str], County], kind: str, step: int
) -> None:
    county = make_county(kind)
    with mortal(county) as server:
        phone, number, last = server.phone("wang"), 0, {}
        for moment in MOMENTS:
            place, died = 1 - step, True
            while died:  # until no place is left
                place, number = place + step, number + 1
                data = make_jpeg(30 + number % 60, 20 + number // 60)
                op = attach(phone, "PAX-01", data)
                assert phone.result(op)["status"] == "applied"
                died = upload_dying(phone, op, data, moment, place)
                check_offset(county, phone, op)
                send_rest(phone, op, data)
                check_stored(county, op, data)
            last[moment] = place
        assert min(last.values()) > 2, last  # the places to die were found
        with county.looking():
            assert verify_ledger() == []


def upload_dying(phone: Phone, op: Answer, data: bytes, moment: str, place: int) -> bool:
    """Whether the server died on the way."""
    half, die = len(data) // 2, {"X-Die-At": str(place)}
    steps: dict[str, Callable[..., Any]] = {
        "create": lambda _url, **more: create(phone, op, len(data), **more),
        "first chunk": lambda url, **more: patch(phone, url, 0, data[:half], **more),
        "last chunk": lambda url, **more: patch(phone, url, half, data[half:], **more),
        "end": lambda url, **more: phone.client.delete(
            url, headers={"Tus-Resumable": "1.0.0", "X-CSRF-Token": phone.csrf, **more}
        ),
        # with the creation: the photo at once, or the whole of one that was begun before
        "whole": lambda _url, **more: create(phone, op, len(data), data=data, **ALONG, **more),
        "rest": lambda _url, **more: create(phone, op, len(data), data=data, **ALONG, **more),
    }
    names = {
        "end": ["create", "first chunk", "end"],
        "whole": ["whole"],
        "rest": ["create", "first chunk", "rest"],
    }.get(moment, ["create", "first chunk", "last chunk"])
    url = None
    for name in names:
        if name == moment:
            try:
                answer = steps[name](url, **die)
            except (OSError, http.client.HTTPException):
                return True
            assert answer.status_code in {201, 204}, answer.data
            return False
        answer = steps[name](url)
        assert answer.status_code in {201, 204}, answer.data
        url = url or answer.headers["Location"]
    raise AssertionError(moment)


def send_rest(phone: Phone, op: Answer, data: bytes) -> None:
    """As a phone does that lost the address, too: the same photo's open upload is told again."""
    answer = create(phone, op, len(data))
    assert answer.status_code == 201, answer.data
    url, offset = answer.headers["Location"], int(answer.headers["Upload-Offset"])
    if offset < len(data):
        answer = patch(phone, url, offset, data[offset:])
        assert answer.status_code == 204, answer.data
    assert head(phone, url).headers["Upload-Offset"] == str(len(data))


def check_offset(county: County, phone: Phone, op: Answer) -> None:
    """What the server would tell is never more than what lies on its disk."""
    sha256 = op["photo"]["sha256"]
    with county.looking():
        for upload in db.session.scalars(select(Upload).where(Upload.op == op["op"])):
            if upload.state != "discarded":
                sizes = [size(path) for path in files(county, sha256, upload.id)]
                assert upload.offset <= max(sizes)
        is_stored = (
            db.session.scalars(select(Entity).where(Entity.id == f"photo:{sha256}"))
            .one()
            .fields["stored"]
        )
        blob = db.session.scalar(select(Blob).where(Blob.sha256 == sha256))
    whole = files(county, sha256, "")[0]
    if whole.exists():  # under its final name from the first moment on only as what it says
        assert hashlib.sha256(whole.read_bytes()).hexdigest() == sha256
    assert is_stored == (blob is not None)
    assert not is_stored or whole.exists()


def check_stored(county: County, op: Answer, data: bytes) -> None:
    sha256 = op["photo"]["sha256"]
    whole = files(county, sha256, "")[0]
    assert whole.read_bytes() == data
    with county.looking():
        row = db.session.scalars(select(Entity).where(Entity.id == f"photo:{sha256}")).one()
        assert row.fields["stored"] is True
        assert db.session.scalar(select(func.count()).where(Blob.sha256 == sha256)) == 1
        # said once, by the ledger line that wrote the row
        line = select(LedgerEntry.effect).where(
            LedgerEntry.space == row.space, LedgerEntry.space_seq == row.seq
        )
        assert [one["fields"]["stored"] for one in db.session.scalars(line).one()] == [True]


def files(county: County, sha256: str, upload_id: str) -> list[Path]:
    root = county.home / "blobs"
    return [root / sha256[:2] / sha256, root / "uploads" / (upload_id or "none")]


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
