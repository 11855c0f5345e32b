"""The auditor's pages and the public page of the trail."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.merkle import build_root
from server.audit.kept_leaves import read_leaves
from server.audit.roots import make_root
from server.audit.service import write_event
from server.audit.signing import find_root_fault, find_signed_proof_fault, parse_trail
from server.custody.signing import parse_keys
from server.db import scope_to, unit_of_work
from tests.apps import Clock
from tests.integration.audit.trail import write
from tests.integration.builders import PASSWORD, Field, build_field

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def field(sqlite_app: Flask) -> Field:
    with sqlite_app.app_context():
        return build_field()


@pytest.fixture
def sign_in(sqlite_app: Flask) -> SignIn:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False

    def enter(account: str) -> FlaskClient:
        client = sqlite_app.test_client()
        answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return enter


@pytest.fixture
def ids(sqlite_app: Flask, field: Field, clock: Clock) -> Iterator[list[int]]:
    """Sixty events of two people on two days, the first thirty below a root."""
    with sqlite_app.app_context():
        scope_to(field.jurisdiction_id)
        made = [write(field, f"原因{n}") for n in range(30)]
        make_root(field.jurisdiction_id)
        clock.advance(days=1)
        made += [write(field, f"原因{n}", who="lead") for n in range(30, 60)]
    yield made


def rows_of(page: str) -> list[str]:
    return re.findall(r'href="/audit/(\d+)"', page)


def test_the_auditor_finds_who_did_what_and_nobody_else_reads_it(
    field: Field, sign_in: SignIn, ids: list[int]
) -> None:
    auditor = sign_in("auditor")
    page = auditor.get("/audit").text
    assert len(rows_of(page)) == 50 and "共 61 条" in page  # the sign-in is on record
    assert len(rows_of(auditor.get("/audit?page=2").text)) == 11
    lead = field.people["lead"]
    assert len(rows_of(auditor.get(f"/audit?person={lead}").text)) == 30
    assert rows_of(auditor.get("/audit?person=system").text) == []
    assert len(rows_of(auditor.get("/audit?since=2026-03-05&until=2026-03-05").text)) == 31
    assert len(rows_of(auditor.get("/audit?until=2026-03-04&target=firm:").text)) == 30
    assert rows_of(auditor.get("/audit?action=draw.drawn").text) == []
    assert rows_of(auditor.get("/audit?target=100%25").text) == []
    found = auditor.get(f"/audit/{ids[7]}").text
    assert "原因7" in found and "变更检查对象状态" in found and "办公室" in found
    for account in ("office", "lead", "head", "wang"):
        assert sign_in(account).get("/audit").status_code == 403, account


def test_a_date_that_is_none_is_told_at_its_field_and_nothing_typed_is_lost(
    sign_in: SignIn, ids: list[int]
) -> None:
    auditor = sign_in("auditor")
    page = auditor.get("/audit?since=2026-13-01&target=firm:1").text
    assert "不是日期" in page and 'value="firm:1"' in page and 'value="2026-13-01"' in page
    page = auditor.get("/audit?since=2026-03-05&until=2026-03-04").text
    assert "截止日期早于开始日期" in page and len(rows_of(page)) == 31


def test_the_log_leaves_as_a_table_under_its_filters(sign_in: SignIn, ids: list[int]) -> None:
    auditor = sign_in("auditor")
    with auditor.get("/audit/export.csv?until=2026-03-04") as answer:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 31 and rows[0][0] == "记录编号"
    assert rows[8][2:5] == ["办公室", "变更检查对象状态", "firm:1"]
    assert "原因：原因7" in rows[8][6] and rows[8][7] == "8"
    with auditor.get("/audit/export.xlsx") as book:
        assert book.data.startswith(b"PK") and "attachment" in book.headers["Content-Disposition"]
    assert auditor.get("/audit/export.txt").status_code == 404


def test_a_sample_is_drawn_by_a_seed_that_anybody_can_use_again(
    sign_in: SignIn, ids: list[int]
) -> None:
    auditor = sign_in("auditor")
    asked = auditor.get("/audit/sample?until=2026-03-04")
    place = asked.headers["Location"]
    assert re.search(r"seed=[0-9a-f]{16}", place) and "until=2026-03-04" in place
    first = rows_of(auditor.get(place).text)
    assert len(first) == 10 and set(first) <= {str(one) for one in ids[:30]}
    assert rows_of(auditor.get(place).text) == first
    others = rows_of(auditor.get("/audit/sample?until=2026-03-04&seed=x&size=20").text)
    assert len(others) == 20


def test_the_proof_of_an_entry_leads_to_a_published_root(
    sqlite_app: Flask, sign_in: SignIn, ids: list[int]
) -> None:
    auditor, visitor = sign_in("auditor"), sqlite_app.test_client()
    proof = json.loads(auditor.get(f"/audit/{ids[4]}/proof.json").data)
    trail = parse_trail(visitor.get("/public/trail/roots.json").data)
    keys = parse_keys(trail)
    assert find_signed_proof_fault(proof, keys) == ""
    assert proof["root"] in trail["roots"] and proof["entry"]["details"]["reason"] == "原因4"
    proof["entry"]["details"]["reason"] = "原因5"
    assert find_signed_proof_fault(proof, keys) == "proof.not_included"
    assert "尚未列入签名摘要" not in auditor.get(f"/audit/{ids[-1]}").text
    assert auditor.get("/audit/999999").status_code == 404
    assert auditor.get("/audit/999999/proof.json").status_code == 404


def test_who_kept_an_earlier_root_gets_the_proof_that_the_log_only_grew(
    sqlite_app: Flask, field: Field, sign_in: SignIn, ids: list[int]
) -> None:
    client = sign_in("auditor")
    page = client.get("/audit").text
    trail = parse_trail(client.get("/public/trail/roots.json").data)
    first, newest = trail["roots"]
    assert f"/audit/growth.json?since={first['root']['size']}" in page
    proof = client.get(f"/audit/growth.json?since={first['root']['size']}").get_json()
    keys = parse_keys(trail)
    assert (proof["first"], proof["root"]) == (first, newest)
    assert find_signed_proof_fault(proof, keys) == ""
    for change, told in (
        ({"path": proof["path"][:-1]}, "proof.not_consistent"),
        ({"first": newest, "root": first}, "proof.not_consistent"),
        ({"first": {**first, "signature": newest["signature"]}}, "root.bad_signature"),
        ({"first": None}, "proof.wrong_shape"),
    ):
        assert find_signed_proof_fault({**proof, **change}, keys) == told, change
    with client.get("/audit/leaves") as answer:
        leaves = read_leaves(answer.data)
    assert build_root(leaves).hex() == newest["root"]["root"]
    assert client.get("/audit/growth.json?since=7").status_code == 404
    assert sign_in("office").get("/audit/leaves").status_code == 403


def test_everybody_sees_the_roots_and_the_first_visitor_of_a_day_has_one_made(
    sqlite_app: Flask, field: Field, clock: Clock, ids: list[int]
) -> None:
    visitor = sqlite_app.test_client()
    page = visitor.get("/public/trail").text
    trail = parse_trail(visitor.get("/public/trail/roots.json").data)
    assert [one["root"]["size"] for one in trail["roots"]] == [30, 60]
    for one in trail["roots"]:
        assert find_root_fault(one, parse_keys(trail)) == ""
        assert one["root"]["root"] in page and one["key_id"] in page
    assert "原因" not in visitor.get("/public/trail/roots.json").text
    again = visitor.get("/public/trail/roots.json")
    known = visitor.get(
        "/public/trail/roots.json", headers={"If-None-Match": again.headers["ETag"]}
    )
    assert known.status_code == 304
    clock.advance(days=1)
    visitor.get("/public/trail")
    trail = parse_trail(visitor.get("/public/trail/roots.json").data)
    assert len(trail["roots"]) == 3


def test_before_anything_is_done_the_page_says_so(sqlite_app: Flask, field: Field) -> None:
    answer = sqlite_app.test_client().get("/public/trail")
    assert answer.status_code == 200 and "还没有摘要" in answer.text


def test_details_are_words_and_the_firms_own_deeds_are_told_as_the_firms(
    sqlite_app: Flask, field: Field, sign_in: SignIn
) -> None:
    with sqlite_app.app_context():
        scope_to(field.jurisdiction_id)
        with unit_of_work():
            write_event(
                field.jurisdiction_id, field.people["office"], "follow_up.decide", "follow_up:1",
                disposal="correction_order", case_no="", due_on="2026-05-08",
            )  # fmt: skip
            write_event(
                field.jurisdiction_id, None, "telling.delivered", "insp:1/tr",
                actor="firm", way="direct", firms=["A1", "B2"], witness={"name": "乔如是"},
            )  # fmt: skip
    page = re.sub(r"<[^>]+>", "", sign_in("auditor").get("/audit").text)
    for part in ("处置方式：责令改正", "立案号：—", "期限：2026-05-08", "送达方式：直接送达",
                 "检查对象：A1、B2", "监督人：名称 乔如是", "企业（凭链接）"):  # fmt: skip
        assert part in page, part
    assert "actor" not in page and "correction_order" not in page
