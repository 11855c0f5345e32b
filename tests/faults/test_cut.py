"""Requests and answers cut at any byte, over real connections (F1–F3): half a request is never
judged, and after half an answer the phone simply says it again."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from server.accounts.models import Device
from server.db import db
from server.fieldsync.models import Receipt
from server.fieldsync.service import verify_ledger
from tests.faults.servers import Running
from tests.faults.test_killed_push import strip
from tests.faults.test_stalled import headers_of
from tests.faults.test_tus_client import declare_all, make_photo, stored
from tests.faults.wire import exchange, raw_request
from tests.integration.fieldsync.day import sign
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_files import TUS, create, head, patch

PUSH = "/api/v1/sync/push"
sampled = pytest.mark.parametrize(
    "step", [29, pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)


def push_bytes(phone: Phone, ops: list[Answer]) -> bytes:
    body = json.dumps(phone.envelope(ops), ensure_ascii=False).encode()
    return raw_request(
        "POST", PUSH, body, headers_of(phone, **{"Content-Type": "application/json"})
    )


@sampled
@pytest.mark.proves("I2 I15", "F1")
def test_push_cut_at_any_byte_is_not_judged(server: Running, step: int) -> None:
    wang = server.phone("wang")
    ops = [sign(wang, "firm", "陈经理"), wang.set("PAX-03", {"value": "半句话"})]
    request = push_bytes(wang, ops)
    for cut in range(1, len(request), step):
        answer = exchange(server.port, request[:cut])
        assert not answer.startswith(b"HTTP/1.1 200")
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"json" in head:
            assert json.loads(body)["error"]["code"] in {"request.cut", "session.required"}
    assert count_receipts(server, wang) == 0
    assert [one["replay"] for one in wang.results(ops)] == [False, False]
    assert count_receipts(server, wang) == 2


def test_half_a_form_is_no_form(server: Running) -> None:
    """Unlike half a JSON text, half a form can be read."""
    form = b"account=wang&password=wrong&next=/somewhere-else"
    request = raw_request(
        "POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"}
    )
    answer = exchange(server.port, request[:-5])
    assert answer.startswith(b"HTTP/1.1 400 ") and b"request.cut" in answer


@sampled
@pytest.mark.proves("I1 I2 I7 I21", "F2 F3")
def test_answer_cut_at_any_byte_is_told_again_as_it_was(server: Running, step: int) -> None:
    li = server.phone("li")
    whole = exchange(server.port, push_bytes(li, [sign(li, "firm", "第一次")]))
    body_at = whole.index(b"\r\n\r\n") + 4
    for cut in range(0, len(whole), step):
        op = sign(li, "firm", f"第{cut}次")
        answer = exchange(server.port, push_bytes(li, [op]), read_bytes=cut, end=False)
        with pytest.raises(ValueError):  # half an answer never looks like a whole one
            json.loads(answer[body_at:])
        first = li.push([op]).get_json()
        again = li.push([op]).get_json()
        assert first["results"][0]["status"] == "applied"
        assert strip(first["results"][0]) == strip(again["results"][0])
        assert first["device"]["last_seq"] == again["device"]["last_seq"] == op["seq"]
    assert count_receipts(server, li) == len(li.queue)
    with server.county.looking():
        assert db.session.get_one(Device, li.device).last_seq == len(li.queue)
        assert verify_ledger() == []


@sampled
@pytest.mark.proves("I18 I19", "F1 F3")
def test_chunk_cut_at_any_byte_counts_as_far_as_it_came(server: Running, step: int) -> None:
    wang, data = server.phone("wang"), make_photo(3)
    (op,) = declare_all(wang, [data])
    url = create(wang, op, len(data)).headers["Location"]
    told = headers_of(wang, **TUS, **{"Content-Type": "application/offset+octet-stream"})
    offset = 0
    while len(data) - offset > 2 * step:
        request = raw_request(
            "PATCH", url, data[offset : offset + step], told | {"Upload-Offset": str(offset)},
            len(data) - offset,
        )  # fmt: skip
        exchange(server.port, request)
        offset += step
        assert head(wang, url).headers["Upload-Offset"] == str(offset)
    assert patch(wang, url, offset, data[offset:]).status_code == 204
    assert stored(server, data)


def count_receipts(server: Running, phone: Phone) -> int:
    with server.county.looking():
        found = select(func.count()).select_from(Receipt).where(Receipt.device == phone.device)
        return db.session.scalar(found) or 0
