"""The shared vectors on the Python side."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import Fault
from domain.evidence import is_original
from sync.canonical import dump_canonical, hash_canonical, parse_plain
from sync.content import build_content, current_heads, digest_content, list_unseen
from sync.merge import merge_fields
from sync.messages.photo import parse_photo_claim
from sync.rows import Author, Row, Sibling
from sync.signing import digest_signed, is_void
from sync.versions import choose_against, current_sheet, lay_over_all
from tests.unit.sync.samples import PHOTO

Vectors = Callable[[str], Any]


def test_canonical_vectors(vectors: Vectors) -> None:
    for case in vectors("canonical")["cases"]:
        assert dump_canonical(case["value"]) == case["text"], case["name"]
        assert hash_canonical(case["value"]) == case["sha256"], case["name"]


def test_canonical_refuses_fractions(vectors: Vectors) -> None:
    for case in vectors("canonical")["refused"]:
        value = json.loads(case["json"])
        with pytest.raises(TypeError):
            dump_canonical(value)
        with pytest.raises(Fault, match="integers"):
            parse_plain(value, "fields")


def _row(sent: dict[str, Any]) -> Row:
    own = sent["id"].partition(":")[2].partition("/")[0] if sent["t"] == "answer" else "tr"
    sheet = sent["fields"].get("sheet", own)
    return Row(
        sent["t"], sent["id"], sent["fields"], sent["heads"], (), sheet, sent.get("gone", False)
    )


def test_content_vectors(vectors: Vectors) -> None:
    for case in vectors("content")["cases"]:
        rows = [_row(one) for one in case["rows"]]
        content = build_content(case["space"], case["sheet"], rows, case["results"])
        assert dump_canonical(content) == case["text"], case["name"]
        assert digest_content(content) == case["digest"], case["name"]
        assert current_heads(case["sheet"], rows) == case["seen"], case["name"]


def test_unseen_vectors(vectors: Vectors) -> None:
    data = vectors("content")
    rows = [_row(one) for one in data["cases"][0]["rows"]]
    for case in data["unseen"]:
        assert list_unseen("tr", rows, case["seen"]) == case["expect"], case["name"]


def test_signing_vectors(vectors: Vectors) -> None:
    data = vectors("signing")
    space, sheet = data["space"], data["sheet"]
    rows = [_row(one) for one in data["rows"]]
    assert digest_signed(space, sheet, rows, data["photos"]) == data["digest"]
    for case in data["void"]:
        signed = {"signed": case["signed"]} if case["signed"] else {}
        fields = {"sheet": sheet, "refused": case["refused"], **signed}
        signature = Row("signature", "signature:1", fields, {}, (), sheet)
        standing = [_row(one) for one in case["rows"]]
        assert is_void(signature, space, sheet, standing) is case["is_void"], case["name"]


def test_merge_vectors(vectors: Vectors) -> None:
    for case in vectors("merge")["cases"]:
        row, op, expect = case["row"], case["op"], case["expect"]
        siblings = tuple(
            Sibling(one["op"], Author(**one["author"]), one["at"], one["fields"])
            for one in row["siblings"]
        )
        loser = Sibling(op["op"], Author(8, "王检查"), "2026-03-04T10:00:00.000+08:00", {})
        merged = merge_fields(
            Row("answer", "answer:tr/PAX-01", row["fields"], row["heads"], siblings, "tr"),
            op["fields"],
            op["base"],
            loser,
            op.get("resolves", ()),
            is_frozen=case["is_frozen"],
        )
        found = {
            "written": list(merged.written),
            "equal": list(merged.equal),
            "lost": list(merged.lost),
            "fields": dict(merged.row.fields),
            "heads": dict(merged.row.heads),
            "siblings": [{"op": s.op, "fields": dict(s.fields)} for s in merged.row.siblings],
        }
        assert found == expect, case["name"]


def test_version_vectors(vectors: Vectors) -> None:
    for case in vectors("versions")["cases"]:
        versions = [_row(one) for one in case["versions"]]
        laid = lay_over_all([_row(one) for one in case["rows"]], versions)
        found = [
            {"id": r.id, "t": r.type, "fields": dict(r.fields), "heads": dict(r.heads)}
            for r in laid
        ]
        assert found == case["expect"]["rows"], case["name"]
        assert all(row.sheet == "tr" for row in laid), case["name"]
        sheet = current_sheet(_row(case["sheet"]), versions)
        assert sheet.fields["results"] == case["expect"]["results"], case["name"]
        assert sheet.fields["result"] == case["expect"]["result"], case["name"]


def test_against_vectors(vectors: Vectors) -> None:
    data = vectors("versions")["against"]
    rows = {one["id"]: _row(one) for one in data["rows"]}
    for case in data["cases"]:
        found = choose_against(
            rows.get(case["entity"]),
            case["entity"],
            [_row(one) for one in case["versions"]],
            case["fields"],
            case["base"],
        )
        assert found == case["expect"], case["name"]


def test_manifest_vectors(vectors: Vectors) -> None:
    for case in vectors("manifest")["cases"]:
        assert is_original(case["manifest"]) is case["is_original"], case["name"]
        try:
            claim = parse_photo_claim({**PHOTO, "manifest": case["manifest"]})
        except Fault as error:
            told = [error.code, error.details.get("field")]
            assert told == case["refused"], case["name"]
        else:
            assert case["refused"] is None, case["name"]
            assert claim.manifest == case["manifest"], case["name"]
