"""Messages are read strictly: what the wire shape does not name is refused by its path."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import Fault, Refused
from sync.canonical import dump_canonical
from sync.messages.operation import parse_operation
from sync.messages.pull_request import parse_pull_request
from sync.messages.push_request import MAX_OPS, parse_push_request
from sync.operation import Kind, Operation
from sync.version import PROTO, SCHEMA, check_version, is_older
from tests.unit.sync.samples import KINDS, PHOTO, SHA, UUID, make_push, make_sent

Vectors = Callable[[str], Any]
# The shape that protocol 1 means. When it changes, PROTO changes, and this line with it; until the
# first release an optional field may join that only the server writes.
SHAPES = {1: "6e1b33f59a79"}


def test_wire_shape_changes_only_with_the_protocol_version(vectors: Vectors) -> None:
    shape = vectors("wire-shape")
    assert (shape["proto"], shape["schema"]) == (PROTO, SCHEMA)
    text = dump_canonical({k: v for k, v in shape.items() if k != "about"})
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == SHAPES[PROTO]


def _refusal(sent: dict[str, Any]) -> tuple[str, object]:
    with pytest.raises(Fault) as error:
        parse_operation(sent, "ops[0]")
    return error.value.code, error.value.details.get("field")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_takes_exactly_the_fields_of_the_wire_shape(kind: str, vectors: Vectors) -> None:
    names = vectors("wire-shape")["fields"][kind]
    sent = make_sent(kind)
    assert isinstance(parse_operation(sent, "ops[0]"), Operation)
    assert set(sent["fields"]) == {name.rstrip("?") for name in names}
    for name in names:
        without = copy.deepcopy(sent)
        del without["fields"][name.rstrip("?")]
        if name.endswith("?") and name != "officer_id?":
            parse_operation(without, "ops[0]")
        elif not name.endswith("?"):
            assert _refusal(without) == ("request.missing_field", f"ops[0].fields.{name}")
    more = {**sent, "fields": {**sent["fields"], "extra": 1}}
    assert _refusal(more) == ("request.unknown_field", "ops[0].fields.extra")


@pytest.mark.parametrize(
    ("comments", "path"),
    [
        ({"PAX-01": 7}, "ops[0].fields.comments.PAX-01"),
        ({"PAX-01": "字" * 2001}, "ops[0].fields.comments.PAX-01"),
        ({f"A-{n}": "x" for n in range(201)}, "ops[0].fields.comments"),
        (["PAX-01"], "ops[0].fields.comments"),
    ],
)
def test_comments_of_a_return_are_texts_by_item(comments: object, path: str) -> None:
    sent = make_sent("sheet.return")
    sent["fields"]["comments"] = comments
    assert _refusal(sent) == ("request.wrong_type", path)


def test_envelope_takes_exactly_the_fields_of_the_wire_shape(vectors: Vectors) -> None:
    for name in vectors("wire-shape")["operation"]:
        if not name.endswith("?"):
            sent = make_sent("answer.set")
            del sent[name]
            assert _refusal(sent) == ("request.missing_field", f"ops[0].{name}")
    assert _refusal({**make_sent("answer.set"), "x": 1}) == ("request.unknown_field", "ops[0].x")


def test_photo_takes_exactly_the_fields_of_the_wire_shape(vectors: Vectors) -> None:
    shape = vectors("wire-shape")
    assert sorted(PHOTO) == sorted(shape["photo"])
    assert sorted(PHOTO["manifest"]) == sorted(n.rstrip("?") for n in shape["manifest"])
    for name in shape["photo"]:
        photo = {k: v for k, v in PHOTO.items() if k != name}
        sent = {**make_sent("photo.attach"), "photo": photo}
        assert _refusal(sent) == ("request.missing_field", f"ops[0].photo.{name}")
    manifest = {**PHOTO["manifest"], "lens": "wide"}
    sent = {**make_sent("photo.attach"), "photo": {**PHOTO, "manifest": manifest}}
    assert _refusal(sent) == ("request.unknown_field", "ops[0].photo.manifest.lens")


def test_a_photo_is_no_copy_of_itself() -> None:
    marks = [{"kind": "blur", "points": [[0, 0], [9, 9]]}]
    manifest = {**PHOTO["manifest"], "source": "marked", "of": PHOTO["sha256"], "marks": marks}
    sent = {**make_sent("photo.attach"), "photo": {**PHOTO, "manifest": manifest}}
    assert _refusal(sent) == ("request.wrong_type", "ops[0].photo.manifest.of")


def _field(name: str, value: Any) -> dict[str, Any]:
    return {"fields": {name: value}, "base": {name: None}}


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (_field("value", 12.5), "op.fraction", "fields.value"),
        (_field("value", 2**53), "request.wrong_type", "fields.value"),
        (_field("note", "a\x00b"), "request.wrong_type", "fields.note"),
        (_field("note", "\ud800"), "request.wrong_type", "fields.note"),
        (_field("note", 5), "request.wrong_type", "fields.note"),
        (_field("verdict", "ok"), "request.wrong_type", "fields.verdict"),
        ({"base": {}}, "request.missing_field", "base.value"),
        ({"base": {"value": 7}}, "request.wrong_type", "base"),
        ({"seq": "118"}, "request.wrong_type", "seq"),
        ({"seq": 0}, "request.wrong_type", "seq"),
        ({"seq": True}, "request.wrong_type", "seq"),
        ({"op": "not-a-uuid"}, "request.wrong_type", "op"),
        ({"space": ""}, "request.wrong_type", "space"),
        ({"entity": "x" * 121}, "request.wrong_type", "entity"),
        ({"resolves": ["x"]}, "request.wrong_type", "resolves"),
        ({"photo": PHOTO}, "request.unknown_field", "photo"),
        ({"seen": {}}, "request.unknown_field", "seen"),
    ],
)
def test_malformed_answer_is_refused_by_its_path(
    change: dict[str, Any], code: str, path: str
) -> None:
    assert _refusal({**make_sent("answer.set"), **change}) == (code, f"ops[0].{path}")


def test_deep_nesting_is_refused_and_not_recursed_into() -> None:
    value: Any = "x"
    for _ in range(60):
        value = [value]
    sent = {**make_sent("answer.set"), "fields": {"value": value}, "base": {"value": None}}
    assert _refusal(sent)[0] == "request.wrong_type"


def test_unknown_kind_and_unknown_version_are_told_apart_from_noise() -> None:
    assert _refusal({**make_sent("answer.set"), "kind": "answer.burn"})[0] == "op.unknown_kind"
    assert _refusal({**make_sent("answer.set"), "v": 9})[0] == "op.unknown_kind"


def test_one_unreadable_operation_leaves_the_rest_of_the_batch_readable() -> None:
    body = make_push("sheet.accept", "answer.set")
    body["ops"][0]["x"] = 1
    first, second = parse_push_request(body).ops
    assert first.read == Refused("request.unknown_field", {"field": "ops[0].x"})
    assert isinstance(second.read, Operation)
    assert json.loads(first.payload)["x"] == 1


@pytest.mark.parametrize("change", [{"op": None}, {"op": 5}, {"seq": None}, {"seq": -1}])
def test_operation_without_readable_identity_refuses_the_request(change: dict[str, Any]) -> None:
    body = make_push("sheet.accept")
    body["ops"][0] |= change
    with pytest.raises(Fault, match="field"):
        parse_push_request(body)


@pytest.mark.proves("I2 I21", "F15")
def test_payload_hash_survives_renumbering_and_key_order() -> None:
    body = make_push("answer.set", "answer.set")
    other = dict(reversed(list(body["ops"][0].items())))
    body["ops"][1] = {**other, "seq": 1, "prev": "0" * 64}
    first, second = parse_push_request(body).ops
    assert first.payload_sha256 == second.payload_sha256
    body["ops"][1]["fields"] = {"value": "pass"}
    assert parse_push_request(body).ops[1].payload_sha256 != first.payload_sha256


def test_fraction_and_half_surrogates_still_get_a_receipt() -> None:
    body = make_push("answer.set")
    body["ops"][0]["fields"] = {"value": 0.5, "note": "\ud800"}
    offer = parse_push_request(body).ops[0]
    assert isinstance(offer.read, Refused)
    offer.payload.encode()


def test_too_many_operations_are_refused_whole() -> None:
    with pytest.raises(Fault) as error:
        parse_push_request(make_push(*["sheet.accept"] * (MAX_OPS + 1)))
    assert (error.value.code, error.value.status) == ("sync.too_many_ops", 413)


def test_pull_request_is_read_strictly_and_its_limit_cut_down() -> None:
    body = {"device": "d", "epoch": "e", "schema": 1, "spaces": {"user:8": 12}, "limit": 10**6}
    request = parse_pull_request(body)
    assert (request.spaces, request.limit) == ({"user:8": 12}, 1000)
    for change in ({"spaces": {"a": -1}}, {"spaces": []}, {"x": 1}, {"spaces": {"a": 1.0}}):
        with pytest.raises(Fault):
            parse_pull_request({**body, **change})


def test_text_is_normalised_to_nfc() -> None:
    sent = make_sent("answer.set")
    sent |= {"fields": {"note": "Cafe\u0301"}, "base": {"note": None}}
    assert parse_operation(sent, "ops[0]").fields["note"] == "Café"


def test_kinds_of_the_code_are_those_of_the_wire_shape(vectors: Vectors) -> None:
    assert {str(kind) for kind in Kind} == set(vectors("wire-shape")["fields"])


def test_old_app_is_asked_to_upgrade_and_a_label_is_no_error() -> None:
    check_version(PROTO, "1.0.0", "1.0.0")
    assert is_older("1.9.0", "1.10.0") and not is_older("1.10", "1.10.0-beta")
    for proto, app in ((2, "9.0.0"), (1, "0.9.9"), (1, "dev")):
        with pytest.raises(Fault) as error:
            check_version(proto, app, "1.0.0")
        assert error.value.status == 426


def test_sample_ids_are_what_the_protocol_says() -> None:
    assert len(UUID) == 36 and len(SHA) == 64
