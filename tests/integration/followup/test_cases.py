"""后续处置无例外: every problem has its case, from the commit that entered it until it is done."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.access import Actor
from domain.archive import Step
from domain.errors import Fault
from domain.followup import Decision, Disposal
from server.archive.later import read_later
from server.db import db, unit_of_work
from server.followup import service
from server.followup.models import FollowUp
from server.inspections.service import get_inspection, get_sheet
from server.runtime import today
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems

Make = Callable[[str], Phone]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
CLOSE = (
    "INSERT INTO inspection_closings (jurisdiction_id, inspection_id, action, person_id, at, note) "
    "SELECT jurisdiction_id, inspection_id, 'close', 1, '2026-03-05', '' FROM follow_ups"
)
FORBIDDEN = {
    "DELETE FROM follow_ups": "follow_ups.kept",
    "UPDATE follow_ups SET item_code = 'PAX-99' WHERE item_code = 'PAX-02'": "follow_ups.kept",
    "UPDATE follow_ups SET inspection_id = inspection_id + 1": "follow_ups.kept",
    "UPDATE follow_ups SET state = 'done'": "ck_follow_ups_d",
    "DELETE FROM follow_up_steps": "follow_up_steps.append_only",
    "UPDATE follow_up_steps SET person_id = 1": "follow_up_steps.append_only",
    CLOSE: "inspection.not_closable",
}


def paper() -> service.Paper:
    return service.Paper(io.BytesIO(PDF), "证明.pdf")


def cases() -> dict[str, FollowUp]:
    db.session.expire_all()
    return {one.item_code: one for one in db.session.scalars(select(FollowUp))}


def order(days: int = 10) -> Decision:
    due = today() + timedelta(days=days)
    return Decision(Disposal.CORRECTION_ORDER, "交通运输局", "限期补办", due, "")


def deal_with(actor: Actor, item: str) -> None:
    """Decided and done."""
    case = cases()[item]
    service.decide(actor, case.id, order(), case.revision)
    service.finish(actor, case.id, "已补办", today(), cases()[item].revision, paper())


def step_of(field: Field, code: str) -> Step:
    """How far the file of the visit says its problems are."""
    actor = field.actor("auditor")
    inspection = get_inspection(actor, field.inspection_id)
    return read_later(actor, inspection, get_sheet(inspection, code)).follow_up


def enter_mr(field: Field) -> None:
    """The partner's sheet, which is not what these tests are about."""
    with unit_of_work() as work:
        work.execute(
            text("UPDATE sheets SET state = 'entered', result_code = 1 WHERE id = :id"),
            {"id": field.sheet_ids["mr"]},
        )


def test_each_problem_entered_has_its_case_at_once(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        found = cases()
        assert {code: (one.state, one.result_code) for code, one in found.items()} == {
            "PAX-02": ("open", 8),
            "PAX-03": ("open", 5),
        }
        assert found["PAX-02"].finding == "抽查5台"
        assert [step.action for step in found["PAX-02"].steps] == ["open"]
        assert found["PAX-02"].decide_by > today()


def test_no_problem_no_case(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone, {"PAX-01": 1, "PAX-02": 7, "PAX-03": 1})
    with app.app_context():
        assert cases() == {}


@pytest.mark.both
def test_entry_and_case_stand_or_fall_together(
    app: Flask, field: Field, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.followup import opening

    def fail(*_args: object) -> date:
        raise RuntimeError("the calendar is gone")

    monkeypatch.setattr(opening, "_decide_by", fail)
    with pytest.raises(AssertionError, match="held"):
        enter_problems(phone)
    with app.app_context():
        assert cases() == {}
        assert db.session.scalar(text("SELECT state FROM sheets WHERE code = 'tr'")) == "accepted"


def test_a_correction_voids_the_case_and_another_opens_it_again(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, head = enter_problems(phone), phone("head")
    proposal = ask(wang, "PAX-03", {"value": "台账齐全，复核无误", "result": 1})
    assert decide(head, proposal).status_code == 200
    with app.app_context():
        office = field.actor("office")
        case = cases()["PAX-03"]
        assert (case.state, [one.action for one in case.steps]) == ("void", ["open", "void"])
        with pytest.raises(Fault, match="state"):
            service.decide(office, case.id, order(), case.revision)
    wang.pull()
    proposal = ask(wang, "PAX-03", {"value": "台账缺页", "result": 8})
    assert decide(head, proposal).status_code == 200
    with app.app_context():
        case = cases()["PAX-03"]
        assert (case.state, case.result_code, case.steps[-1].action) == ("open", 8, "reopen")
        assert cases()["PAX-02"].revision == 1


def test_decision_paper_and_outcome_make_it_done(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        office = field.actor("office")
        case = cases()["PAX-02"]
        service.decide(office, case.id, order(), case.revision, paper())
        case = cases()["PAX-02"]
        assert (case.state, case.disposal, case.decided_by) == (
            "decided", "correction_order", office.person_id,
        )  # fmt: skip
        with pytest.raises(Fault) as refused:
            service.finish(office, case.id, "已补办", today(), case.revision)
        assert refused.value.code == "follow_up.needs_document"
        service.attach(office, case.id, "改正后的照片", case.revision, paper())
        with pytest.raises(Fault) as refused:
            service.finish(office, case.id, "已补办", today(), case.revision - 1)
        assert refused.value.code == "follow_up.changed_meanwhile"
        service.finish(office, case.id, "已补办", today(), cases()["PAX-02"].revision)
        case = cases()["PAX-02"]
        assert (case.state, case.outcome, case.done_on) == ("done", "已补办", today())
        service.publish(office, case.id, "已改正", case.revision)
        case = cases()["PAX-02"]
        assert case.is_published and case.public_text == "已改正"
        assert [one.action for one in case.steps] == [
            "open", "decide", "attach", "finish", "publish",
        ]  # fmt: skip


def test_of_two_who_decide_at_once_one_is_told(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        office, case = field.actor("office"), cases()["PAX-02"]
        case_id, revision = case.id, case.revision
        db.session.remove()

    def decide_once(days: int) -> str:
        with app.app_context():
            try:
                service.decide(office, case_id, order(days), revision)
            except Fault as refused:
                return refused.code
            finally:
                db.session.remove()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(decide_once, (5, 9)))
    assert told == ["decided", "follow_up.changed_meanwhile"]
    with app.app_context():
        assert [one.action for one in cases()["PAX-02"].steps] == ["open", "decide"]


def test_another_decision_asks_for_its_own_paper(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        office = field.actor("office")
        case = cases()["PAX-02"]
        service.decide(office, case.id, order(), case.revision)
        service.attach(office, case.id, "", cases()["PAX-02"].revision, paper())
        penalty = Decision(Disposal.PENALTY, "交通运输局", "逾期未改", None, "阳交罚〔2026〕1号")
        service.decide(office, case.id, penalty, cases()["PAX-02"].revision)
        with pytest.raises(Fault) as refused:
            service.finish(office, case.id, "罚款", today(), cases()["PAX-02"].revision)
        assert refused.value.code == "follow_up.needs_document"


def test_the_file_of_a_visit_knows_how_far_its_problems_are(
    app: Flask, field: Field, phone: Make
) -> None:
    enter_problems(phone)
    with app.app_context():
        office = field.actor("office")
        assert step_of(field, "tr") is Step.OPEN
        for item in ("PAX-02", "PAX-03"):
            deal_with(office, item)
        assert step_of(field, "tr") is Step.DONE
        assert step_of(field, "mr") is Step.NONE


def test_only_the_departments_own_office_decides(app: Flask, field: Field, phone: Make) -> None:
    enter_problems(phone)
    with app.app_context():
        case = cases()["PAX-02"]
        for who in ("lead", "head", "auditor"):
            assert service.get_case(field.actor(who), case.id).id == case.id
            with pytest.raises(Fault) as refused:
                service.decide(field.actor(who), case.id, order(), case.revision)
            assert refused.value.code == "access.denied"
        with pytest.raises(Fault) as refused:
            service.get_case(field.actor("zhao"), case.id)
        assert refused.value.code == "access.denied"


@pytest.mark.both
def test_a_visit_is_closed_only_when_every_problem_is_dealt_with(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = enter_problems(phone)
    with app.app_context():
        office = field.actor("office")
        with pytest.raises(Fault) as refused:
            service.close_inspection(office, field.inspection_id)
        assert refused.value.code == "inspection.not_closable"
        unmet = refused.value.details["unmet"]
        assert [one["code"] for one in unmet] == [  # type: ignore[attr-defined]
            "follow_up.sheets_not_entered", "follow_up.undecided",
        ]  # fmt: skip
        enter_mr(field)
        for item in ("PAX-02", "PAX-03"):
            with pytest.raises(Fault, match="closed yet"):
                service.close_inspection(office, field.inspection_id)
            deal_with(office, item)
        service.close_inspection(office, field.inspection_id)
        with pytest.raises(Fault) as refused:
            service.close_inspection(office, field.inspection_id)
        assert refused.value.code == "inspection.already_closed"
    wang.pull()
    assert decide(phone("head"), ask(wang, "PAX-01", {"value": "fail", "result": 8})).status_code
    with app.app_context():
        closings = service.list_closings(field.inspection_id)
        assert [one.action for one in closings] == ["reopen", "close"]
        assert not service.is_closed(closings)


def test_the_database_refuses_what_no_service_would_do(
    app: Flask, field: Field, phone: Make
) -> None:
    enter_problems(phone)
    with app.app_context():
        for statement, why in FORBIDDEN.items():
            with pytest.raises(DBAPIError, match=why), unit_of_work() as work:
                work.execute(text(statement))
        assert {one.state for one in cases().values()} == {"open"}
