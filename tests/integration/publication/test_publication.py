"""Receipts of the platform and publications: by whom, append-only, and what they do."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from domain.access import Actor
from domain.errors import Fault
from domain.publication_rates import Step
from server.accounts.models import Department, Jurisdiction
from server.archive.later import read_later
from server.audit.service import list_events
from server.db import db, scope_to, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.deadlines.service import list_board
from server.fieldsync.service import check_live_ledger
from server.inspections import service as inspections
from server.inspections.models import Sheet
from server.publication import service
from server.publication.models import PlatformReceipt, Publication
from server.publication.overview import count_own
from server.publication.rates import Filter, view_rates
from server.publication.service import Proof, Told
from tests.conftest import Clock
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone

DAY = date(2026, 3, 4)  # the clock's, and the day the visit ended
TOLD = Told(version=1, day=DAY)
CUT = make_jpeg()[:-40]
CHANNEL, ADDRESS = "国家企业信用信息公示系统", "https://www.gsxt.example/1"
TABLES = ("platform_receipts", "publications")


def receipt(
    field: Field, told: Told = TOLD, number: str = "SX-0001", who: Actor | None = None
) -> PlatformReceipt:
    return service.record_receipt(
        who or field.actor("office"), field.inspection_id, "tr", told, number
    )


def publish(field: Field, told: Told = TOLD, who: Actor | None = None) -> Publication:
    return service.record_publication(
        who or field.actor("office"), field.inspection_id, "tr", told, CHANNEL, ADDRESS
    )


def step(field: Field) -> Step:
    """Of the bureau's result; the start page counts it there, and nowhere else."""
    db.session.expire_all()
    office = field.actor("office")
    found = service.view_publication(office, field.inspection_id, "tr").step
    told = {one: int(one is found) for one in (Step.RECEIPT, Step.PUBLICATION)}
    assert count_own(office) == told
    return found


def correct(phone: Callable[[str], Phone], wang: Phone, field: Field) -> None:
    """Version 2, approved by the unit's head."""
    proposal = ask(wang, "PAX-03", {"value": "台账缺两页"})
    assert decide(phone("head"), proposal).status_code == 200
    scope_to(field.jurisdiction_id)


def test_receipt_and_publication_lead_to_published_on_record_and_on_phones(
    app: Flask, field: Field, wang: Phone
) -> None:
    assert step(field) is Step.RECEIPT
    proof = Proof(io.BytesIO(make_jpeg()), "回执.jpg")
    kept = receipt(field, replace(TOLD, proof=proof), "00012345")
    assert (kept.number, kept.document_name) == ("00012345", "回执.jpg")
    mime, path = service.get_proof(
        field.actor("wang"), field.inspection_id, "tr", service.RECEIPT, kept.id
    )
    assert (mime, path.read_bytes()) == ("image/jpeg", make_jpeg())
    assert step(field) is Step.PUBLICATION
    publish(field)
    assert step(field) is Step.DONE
    assert db.session.get_one(Sheet, field.sheet_ids["tr"]).state == "published"
    wang.pull()
    assert wang.rows[f"{field.space} sheet:tr"]["fields"]["state"] == "published"
    late = wang.result(wang.set("PAX-01", {"value": "fail", "note": "补记"}))
    assert late["status"] == "rejected_locked", "what is published is locked like what is entered"
    deeds = {one.action for one in list_events(f"{field.space}/tr")}
    assert {"receipt.recorded", "publication.recorded"} <= deeds
    assert check_live_ledger().problems == []


def test_only_the_office_records_and_only_of_its_own_department(field: Field, wang: Phone) -> None:
    partner = db.session.query(Department).filter_by(code="mr").one()
    other = replace(field.actor("office"), department_id=partner.id, is_home=False)
    people = [field.actor(who) for who in ("wang", "lead", "head", "auditor", "zhao")]
    for actor in [*people, other]:
        for deed in (receipt, publish):
            with pytest.raises(Fault) as refused:
                deed(field, who=actor)
            assert refused.value.code == "access.denied"
    assert step(field) is Step.RECEIPT


def test_a_second_entry_needs_a_reason_the_newest_counts_and_the_first_stays(
    field: Field, wang: Phone
) -> None:
    for deed in (receipt, publish):
        deed(field)
        with pytest.raises(Fault) as refused:
            deed(field)
        assert refused.value.code == "publication.needs_reason"
    receipt(field, replace(TOLD, reason="号码抄错一位"), "SX-0002")
    view = service.view_publication(field.actor("office"), field.inspection_id, "tr")
    assert view.receipt is not None and view.receipt.number == "SX-0002"
    assert [one.number for one in view.receipts] == ["SX-0002", "SX-0001"]


def test_an_entry_about_another_firm_is_declared_void_with_a_reason(
    field: Field, wang: Phone
) -> None:
    void = replace(TOLD, is_void=True, reason="登记到了别的企业")
    with pytest.raises(Fault) as nothing:
        receipt(field, void)
    assert nothing.value.code == "publication.nothing_to_void"
    receipt(field)
    receipt(field, void)
    assert step(field) is Step.RECEIPT
    receipt(field, replace(TOLD, reason="补登正确的回执"), "SX-0003")
    publish(field)
    publish(field, void)
    assert step(field) is Step.PUBLICATION


def test_a_sheet_whose_publication_is_void_is_entered_again_wherever_its_state_is_shown(
    field: Field, wang: Phone
) -> None:
    def shown() -> tuple[str, str, int, int]:
        db.session.expire_all()
        sheet = db.session.get_one(Sheet, field.sheet_ids["tr"])
        progress = inspections.progress_of_draw(sheet.inspection.draw_id)
        total = view_rates(field.actor("office"), Filter()).total
        wang.pull()
        row = wang.rows[f"{field.space} sheet:tr"]["fields"]["state"]
        assert check_live_ledger().problems == []
        scope_to(field.jurisdiction_id)
        return sheet.state, row, total.published, progress.published

    def is_open_again() -> bool:
        """By hand past the application, in a transaction that is taken back."""
        statement = "UPDATE sheets SET state = 'entered', published_at = NULL WHERE code = 'tr'"
        engine = create_engine(db.engine.url)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
            return True
        except DBAPIError as refused:
            assert "sheet.locked" in str(refused)
            return False
        finally:
            engine.dispose()

    receipt(field)
    publish(field)
    assert shown()[:3] == ("published", "published", 1)
    assert not is_open_again()
    publish(field, replace(TOLD, is_void=True, reason="公示到了别的企业"))
    assert shown() == ("entered", "entered", 0, 0)
    late = wang.result(wang.set("PAX-01", {"value": "fail", "note": "补记"}))
    assert late["status"] == "rejected_locked", "nothing that was entered is open again"
    publish(field, replace(TOLD, reason="在本企业名下重新公示"))
    assert shown()[:3] == ("published", "published", 1)
    assert not is_open_again()


def test_an_earlier_version_that_is_public_keeps_the_sheet_published(
    field: Field, phone: Callable[[str], Phone], wang: Phone
) -> None:
    receipt(field)
    publish(field)
    correct(phone, wang, field)
    second = replace(TOLD, version=2)
    publish(field, second)
    publish(field, replace(second, is_void=True, reason="公示的不是这一版"))
    assert step(field) is Step.RECEIPT
    assert db.session.get_one(Sheet, field.sheet_ids["tr"]).state == "published"


def test_what_cannot_be_right_is_refused_and_nothing_is_stored(field: Field, wang: Phone) -> None:
    for told, code in (
        (replace(TOLD, day=DAY + timedelta(days=1)), "publication.in_future"),
        (replace(TOLD, day=DAY - timedelta(days=1)), "publication.before_visit"),
        (replace(TOLD, version=2), "publication.version_changed"),
        (replace(TOLD, reason="字" * 501), "reason.too_long"),
        (replace(TOLD, proof=Proof(io.BytesIO(b"MZ run"), "a.jpg")), "document.unknown_type"),
        (replace(TOLD, proof=Proof(io.BytesIO(CUT), "a.jpg")), "document.unknown_type"),
    ):
        for deed in (receipt, publish):
            with pytest.raises(Fault) as refused:
                deed(field, told)
            assert refused.value.code == code
    assert step(field) is Step.RECEIPT
    assert db.session.get_one(Sheet, field.sheet_ids["tr"]).state == "entered"


def test_nothing_is_recorded_of_a_result_that_is_not_entered(app: Flask, field: Field) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for deed in (receipt, publish):
            with pytest.raises(Fault) as refused:
                deed(field)
            assert refused.value.code == "publication.not_entered"


def test_entries_are_never_altered_whoever_writes(app: Flask, field: Field, wang: Phone) -> None:
    receipt(field)
    publish(field)
    engine = create_engine(db.engine.url)
    statements = ["UPDATE {0} SET reason = 'x'", "DELETE FROM {0}"]
    if engine.dialect.name == "sqlite":
        statements.append("INSERT OR REPLACE INTO {0} SELECT * FROM {0}")
    db.session.rollback()
    for statement in [one.format(table) for table in TABLES for one in statements]:
        with engine.connect() as console, pytest.raises(DBAPIError, match="append_only"):
            console.execute(text(statement))
    engine.dispose()
    scope_to(field.jurisdiction_id)
    assert step(field) is Step.DONE


def test_a_corrected_result_waits_for_a_receipt_and_a_publication_of_its_own(
    field: Field, wang: Phone, phone: Callable[[str], Phone]
) -> None:
    """In the rates, and in the file of the visit."""

    def filed() -> tuple[str, str]:
        sheet = db.session.get_one(Sheet, field.sheet_ids["tr"])
        later = read_later(field.actor("office"), sheet.inspection, sheet)
        return str(later.receipt), str(later.publication)

    assert filed() == ("none", "none")
    receipt(field)
    publish(field)
    assert filed() == ("done", "done")
    correct(phone, wang, field)
    assert step(field) is Step.RECEIPT
    assert filed() == ("open", "open")
    sheet_id = field.sheet_ids["tr"]
    assert service.list_shown_versions([sheet_id]) == {sheet_id: 1}
    with pytest.raises(Fault) as stale:
        receipt(field)
    assert stale.value.details["version"] == 2
    receipt(field, replace(TOLD, version=2), "SX-0009")
    assert step(field) is Step.PUBLICATION
    publish(field, replace(TOLD, version=2))
    assert step(field) is Step.DONE
    view = service.view_publication(field.actor("office"), field.inspection_id, "tr")
    assert [one.version for one in view.publications] == [2, 1]
    assert service.list_shown_versions([sheet_id]) == {sheet_id: 2}
    assert check_live_ledger().problems == []


def test_where_the_platform_counts_the_deadline_is_met_by_the_receipt(
    field: Field, wang: Phone, clock: Clock
) -> None:
    seed_calendar()

    def states() -> tuple[str, str, tuple[str, ...]]:
        db.session.expire_all()
        actor = field.actor("office")
        [row] = [one for one in list_board(actor) if one.sheet.department_code == "tr"]
        due = inspections.due_of_sheets([inspections.get_inspection(actor, field.inspection_id)])
        return str(row.state), due[field.sheet_ids["tr"]].state, row.holders

    assert states() == ("met", "met", ("王检查",))
    with unit_of_work():
        db.session.get_one(Jurisdiction, field.jurisdiction_id).settings = {
            "entry.met_by": "receipt"
        }
    assert states() == ("running", "running", ("办公室",))
    receipt(field)
    clock.at += timedelta(days=60)
    assert states() == ("met", "met", ("王检查",))
    receipt(field, replace(TOLD, is_void=True, reason="登记错了"))
    assert states() == ("overdue", "overdue", ("办公室",))
    late = (clock.at + timedelta(hours=8)).date()
    receipt(field, Told(1, late, reason="平台当日才受理"))
    assert states() == ("met_late", "met_late", ("王检查",))


@pytest.mark.both
def test_rates_count_parts_and_name_what_is_missing_and_whose_it_is(
    field: Field, wang: Phone
) -> None:
    office = field.actor("office")
    view = view_rates(office, Filter())
    assert (view.total.drawn, view.total.entered, view.total.published) == (2, 1, 0)
    [missing] = view.missing(Step.PUBLICATION)
    assert (missing.part.next_step, missing.holders) == (Step.RECEIPT, ("办公室",))
    assert view.missing(Step.VISIT) == [], "the visit is over for both departments"
    [waiting] = view.missing(Step.ENTRY)
    assert waiting.holders == ("赵检查", "钱检查")
    receipt(field)
    publish(field)
    view = view_rates(office, Filter())
    assert view.missing(Step.PUBLICATION) == []
    by_officer = {line.name: line.rates.published for line in view.lines("officer")}
    assert by_officer == {"王检查": 1, "李检查": 1, "赵检查": 0, "钱检查": 0}
    only = view_rates(office, Filter(officer=field.officers["zhao"]))
    assert (only.total.drawn, only.total.entered) == (1, 0)
    assert view_rates(office, Filter(year=2025)).total.drawn == 0
    lead = view_rates(field.actor("lead"), Filter())
    assert [line.name for line in lead.lines("department")] == ["交通运输局"]


def test_of_two_who_record_at_once_one_is_recorded_and_the_other_asked_for_a_reason(
    app: Flask, field: Field, wang: Phone
) -> None:
    office, start = field.actor("office"), Barrier(2)
    db.session.rollback()

    def record(number: str) -> str:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            start.wait(timeout=60)
            try:
                receipt(field, number=number, who=office)
            except Fault as refused:
                return refused.code
            return "recorded"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(record, ["SX-1", "SX-2"]))
    assert sorted(told) == ["publication.needs_reason", "recorded"]
    scope_to(field.jurisdiction_id)
    assert db.session.query(PlatformReceipt).count() == 1
