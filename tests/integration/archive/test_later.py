"""What follows the entry completes the file: follow-up, receipt, publication and their papers."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

from flask import Flask

from domain.archive import Part
from domain.telling import Delivery, Way
from server.archive.bundling import write_zip
from server.archive.contents import Dossier, read_dossier
from server.archive.manifest import MANIFEST
from server.archive.pieces import list_pieces
from server.db import db, scope_to, unit_of_work
from server.followup.service import close_inspection
from server.organisation.models import Assistant, Expert
from server.publication.service import Proof, Told, record_publication, record_receipt
from server.runtime import now
from server.telling import service as telling
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.corrections.test_request import TWO, address_of, send
from tests.integration.fieldsync.day import make_jpeg, sign
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.followup.test_cases import PDF, deal_with, enter_mr
from tests.integration.inspections.test_inspection_pages import sign_in

DAY = date(2026, 3, 4)


def dossier_of(field: Field, who: str = "office") -> Dossier:
    db.session.expire_all()
    return read_dossier(field.actor(who), field.inspection_id)


def missing(dossier: Dossier) -> list[tuple[str, str]]:
    return [(str(one.part), one.why) for _sheet, one in dossier.missing]


def record(field: Field, version: int) -> None:
    office, visit = field.actor("office"), field.inspection_id
    proof = Proof(io.BytesIO(make_jpeg()), "回执.jpg")
    record_receipt(office, visit, "tr", Told(version, DAY, proof=proof), f"SX-{version}")
    record_publication(office, visit, "tr", Told(version, DAY), "国家企业信用信息公示系统", "")
    notice = telling.make_notice(office, visit, "tr", version)
    posted = Delivery(Way.POST, DAY, "办公室", post_no="EM100000000CN")
    paper = telling.Proof(io.BytesIO(make_jpeg(colour="teal")), "邮局收据.jpg")
    telling.record_delivery(office, visit, "tr", notice.id, posted, paper)


def test_a_file_is_complete_once_all_is_dealt_with_received_and_published(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    first = phone("wang")
    sign(first, "notice", "陈经理")
    first.results()
    enter_problems(phone)
    with app.test_request_context("/"):
        scope_to(field.jurisdiction_id)
        none = [
            ("follow_up", "open"), ("telling", "none"), ("receipt", "none"),
            ("publication", "none"),
        ]  # fmt: skip
        assert missing(dossier_of(field)) == [*none, ("closed", "open")]
        for item in ("PAX-02", "PAX-03"):
            deal_with(field.actor("office"), item)
        record(field, 1)
        assert missing(dossier_of(field)) == [("closed", "open")]
        enter_mr(field)
        with unit_of_work() as work:
            expert = Expert(
                jurisdiction_id=field.jurisdiction_id,
                kind="expert",
                name="检测䶮",
                unit="检测所",
                number="ZJ-1",
            )
            work.add(expert)
            work.flush()
            work.add(
                Assistant(
                    jurisdiction_id=field.jurisdiction_id, inspection_id=field.inspection_id,
                    expert_id=expert.id, task="罐体检测", added_at=now(),
                )
            )  # fmt: skip
        close_inspection(field.actor("office"), field.inspection_id, "各部门均已办结")
        dossier = dossier_of(field)
        assert dossier.is_complete
        pieces = {one.anchor: one for one in list_pieces(dossier, "https://suicha.test")}
        for part, said in (
            (Part.FOLLOW_UP, "限期补办"), (Part.TELLING, "EM100000000CN"), (Part.RECEIPT, "SX-1"),
            (Part.PUBLICATION, "国家企业信用信息公示系统"),
        ):  # fmt: skip
            assert said in str(pieces[f"{part}-tr"].blocks), part
        assert "罐体检测" in str(pieces[Part.ASSISTANTS].blocks)
        assert "各部门均已办结" in str(pieces[Part.CLOSED].blocks)
        ordered = list(pieces)
        assert ordered.index(Part.ASSISTANTS) < ordered.index("record-tr")
        assert ordered[-2:] == [Part.CLOSED, "closing-note"]
        out = io.BytesIO()
        write_zip(field.actor("office"), dossier, io.BytesIO(b"%PDF-"), DAY, out)
        with zipfile.ZipFile(out) as file:
            manifest = json.loads(file.read(MANIFEST))
            papers = [one for one in manifest["files"] if one["kind"] == "document"]
            assert manifest["is_complete"] is True
            assert {file.read(one["name"]) for one in papers} == {
                PDF, make_jpeg(), make_jpeg(colour="teal"),
            }  # fmt: skip
        # Officers are told how follow-up stands; its papers are the office's.
        theirs = dossier_of(field, "wang")
        assert theirs.is_complete and not theirs.sheets[0].later.cases
        assert not theirs.sheets[0].later.told.notices
        db.session.remove()


def test_a_corrected_version_needs_its_own_receipt_and_publication(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    first = phone("wang")
    sign(first, "notice", "陈经理")
    first.results()
    wang = enter_problems(phone, {"PAX-01": 1, "PAX-02": 1, "PAX-03": 1})
    with app.app_context():
        scope_to(field.jurisdiction_id)
        record(field, 1)
        assert missing(dossier_of(field)) == [("closed", "open")]
        db.session.remove()
    assert decide(phone("head"), ask(wang, "PAX-02", {"note": "抽查六台"})).status_code == 200
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert missing(dossier_of(field)) == [
            ("telling", "open"), ("receipt", "open"), ("publication", "open"), ("closed", "open"),
        ]  # fmt: skip
        record(field, 2)
        assert missing(dossier_of(field)) == [("closed", "open")]
        db.session.remove()


def test_a_correction_of_two_entries_is_one_order_and_goes_with_its_paper(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    enter_problems(phone, {"PAX-01": 1, "PAX-02": 1, "PAX-03": 1})
    papers = [(io.BytesIO(make_jpeg(80, 60, "olive")), "原始台账.jpg")]
    address = address_of(field, "PAX-02", "PAX-03")
    with app.app_context():
        scope_to(field.jurisdiction_id)
        asked = send(sign_in(app, "wang"), address, **TWO, reason="抄录有误", evidence=papers)
        assert asked.status_code == 302
        scope_to(field.jurisdiction_id)
        dossier = dossier_of(field)
        (order,) = dossier.sheets[0].orders
        assert order.items[0].startswith("PAX-02") and len(order.items) == 2
        pieces = {one.anchor: one for one in list_pieces(dossier, "https://suicha.test")}
        said = str(pieces[f"{Part.CORRECTIONS}-tr"].blocks)
        assert "原始台账.jpg" in said and "申请更正" in said and "asked" not in said
        out = io.BytesIO()
        write_zip(field.actor("office"), dossier, io.BytesIO(b"%PDF-"), DAY, out)
        with zipfile.ZipFile(out) as file:
            listed = json.loads(file.read(MANIFEST))["files"]
        assert [one["title"] for one in listed if one["kind"] == "document"] == ["原始台账.jpg"]
        db.session.remove()
