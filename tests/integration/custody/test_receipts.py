"""A custody receipt lists what is here of one person's work, and any change of it shows."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.custody.keys import FILE
from server.custody.signing import check_document, parse_document, parse_keys
from server.db import db, scope_to, unit_of_work
from server.fieldsync.files.uploads import folder
from server.runtime import runtime
from tests.integration.builders import Field
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.sending import send_photo

Make = Callable[[str], Phone]


def receipt_of(phone: Phone) -> Answer:
    answer = phone.client.get(f"/api/v1/custody-receipts/{phone.field.space}")
    assert answer.status_code == 200, answer.get_json()
    found: Answer = answer.get_json()
    return found


def keys_of(app: Flask) -> dict[str, str]:
    answer = app.test_client().get("/api/v1/custody-keys")
    assert answer.status_code == 200
    return parse_keys(answer.get_json())


@pytest.mark.both
def test_receipt_names_every_operation_with_its_hash_and_every_photo(
    phone: Make, field: Field, app: Flask
) -> None:
    wang, li = phone("wang"), phone("li")
    early = {**wang.set("PAX-03", {"value": "台账齐全"}), "seq": 9}
    wang.queue.clear()
    data = make_jpeg()
    ops = [
        wang.set("PAX-01", {"value": "pass"}),
        attach(wang, "PAX-01", data),
        wang.set("NOPE", {"value": "pass"}),
        {**wang.make("answer.set", "answer:tr/PAX-02"), "v": 99},
    ]
    li.result(li.set("PAX-02", {"note": "他人的内容"}))
    told = wang.results(ops)
    assert wang.push([early]).status_code == 409
    body = receipt_of(wang)
    receipt = body["receipt"]
    listed = [(one["op"], one["status"]) for one in receipt["ops"]]
    assert listed == [*((one["op"], one["status"]) for one in told), (early["op"], "held")]
    with app.app_context():
        scope_to(field.jurisdiction_id)
        query = text("SELECT op, payload_sha256 FROM receipts WHERE person_id = :p")
        known = dict(db.session.execute(query, {"p": field.people["wang"]}).all())
    assert all(known[one["op"]] == one["sha256"] for one in receipt["ops"])
    sha256 = ops[1]["photo"]["sha256"]
    assert receipt["photos"] == [{"sha256": sha256, "bytes": len(data), "stored": False}]
    assert (receipt["photos_declared"], receipt["photos_stored"]) == (1, 0)
    assert receipt["is_complete"] is False and receipt["space_seq"] > 0
    assert receipt["person"] == {"id": field.people["wang"], "name": "王检查"}
    assert check_document(body, keys_of(app)) == []


@pytest.mark.proves("I18", "F29")
def test_photo_counts_as_stored_only_while_its_bytes_are_on_disk(phone: Make, app: Flask) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = attach(wang, "PAX-01", data)
    wang.result(op)
    assert send_photo(wang, op, data).status_code == 204
    receipt = receipt_of(wang)["receipt"]
    assert (receipt["photos_stored"], receipt["is_complete"]) == (1, True)
    with app.app_context():
        folder().blob_path(op["photo"]["sha256"]).unlink()
    receipt = receipt_of(wang)["receipt"]
    assert (receipt["photos_stored"], receipt["is_complete"]) == (0, False)


def test_nobody_gets_a_receipt_of_an_inspection_that_is_not_theirs(phone: Make) -> None:
    wang, stranger = phone("wang"), phone("stranger")
    wang.result(wang.set("PAX-01", {"value": "pass"}))
    for space in (wang.field.space, "insp:999", "user:1", "insp:x", "lib:tr@1"):
        answer = stranger.client.get(f"/api/v1/custody-receipts/{space}")
        assert answer.status_code == 404, space
        assert answer.get_json()["error"]["code"] == "inspection.not_found"
    visitor = stranger.app.test_client().get(f"/api/v1/custody-receipts/{wang.field.space}")
    assert visitor.status_code == 401


def changed(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return ("1" if value[:1] != "1" else "2") + value[1:]
        case _:
            return None


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in leaves(one, (*path, key))]
    if isinstance(value, list):
        return [found for at, one in enumerate(value) for found in leaves(one, (*path, at))]
    return [path]


def with_change(body: Answer, path: tuple[Any, ...]) -> Answer:
    other = copy.deepcopy(body)
    place: Any = other
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = changed(place[path[-1]])
    return other


def test_any_changed_field_added_or_missing_member_is_found(phone: Make, app: Flask) -> None:
    wang = phone("wang")
    data = make_jpeg()
    wang.results([wang.set("PAX-01", {"value": "pass"}), attach(wang, "PAX-01", data)])
    body, keys = receipt_of(wang), keys_of(app)
    assert check_document(body, keys) == []
    paths = leaves(body)
    assert len(paths) > 20
    for path in paths:
        assert check_document(with_change(body, path), keys), path
    for key in body["receipt"]:
        less = copy.deepcopy(body)
        del less["receipt"][key]
        assert check_document(less, keys) == ["custody.wrong_shape"]
    for extra in ({**body, "x": 1}, {**body, "receipt": {**body["receipt"], "x": 1}}, {}):
        assert check_document(extra, keys) == ["custody.wrong_shape"]
    shorter = copy.deepcopy(body)
    shorter["receipt"]["ops"].pop()
    assert check_document(shorter, keys) == ["custody.bad_signature"]
    for at, letter in enumerate(body["signature"]):
        other = "A" if letter != "A" else "B"
        wrong = {**body, "signature": body["signature"][:at] + other + body["signature"][at + 1 :]}
        assert check_document(wrong, keys) == ["custody.bad_signature"], at
    for wrong in (body["signature"] + "=", body["signature"] + "A", "", None):
        assert check_document({**body, "signature": wrong}, keys) == ["custody.bad_signature"]


def test_same_text_in_another_unicode_form_is_a_change(phone: Make, app: Flask) -> None:
    wang = phone("wang")
    with app.app_context(), unit_of_work() as work:
        work.execute(text("UPDATE people SET name = 'José' WHERE account = 'wang'"))
    body, keys = receipt_of(wang), keys_of(app)
    assert check_document(body, keys) == []
    body["receipt"]["person"]["name"] = "Jose\u0301"
    assert check_document(body, keys) == ["custody.not_canonical"]


def test_a_name_that_occurs_twice_is_no_receipt(phone: Make) -> None:
    wang = phone("wang")
    wang.result(wang.set("PAX-01", {"value": "pass"}))
    sent = json.dumps(receipt_of(wang))
    doubled = sent.replace('"photos_declared":', '"photos_declared": 7, "photos_declared":', 1)
    with pytest.raises(ValueError, match="twice"):
        parse_document(doubled.encode())


def test_receipts_of_an_earlier_key_still_verify(phone: Make, app: Flask) -> None:
    wang = phone("wang")
    wang.result(wang.set("PAX-01", {"value": "pass"}))
    old = receipt_of(wang)
    with app.app_context():
        path: Path = runtime().config.home / "secrets" / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    new = receipt_of(wang)
    keys = keys_of(app)
    assert new["key_id"] != old["key_id"] and len(keys) == 2
    assert check_document(old, keys) == check_document(new, keys) == []
    assert check_document(old, {new["key_id"]: keys[new["key_id"]]}) == ["custody.unknown_key"]
    assert check_document({**old, "key_id": new["key_id"]}, keys) == ["custody.bad_signature"]
    forged = {old["key_id"]: keys[new["key_id"]]}
    assert check_document({**new, "key_id": old["key_id"]}, forged) == ["custody.unknown_key"]


@pytest.mark.both
def test_keys_on_record_can_be_neither_changed_nor_removed(phone: Make, app: Flask) -> None:
    keys_of(app)
    for statement in (
        "UPDATE custody_keys SET public_key = 'x'",
        "DELETE FROM custody_keys",
    ):
        with (
            app.app_context(),
            pytest.raises(DBAPIError, match="append_only"),
            unit_of_work() as work,
        ):
            work.execute(text(statement))
