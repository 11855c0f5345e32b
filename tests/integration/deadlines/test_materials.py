"""Materials and lessons to the department that leads a joint task (R102): handed over, recorded,
and a term with events like the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.access import Role
from domain.errors import Fault
from server.accounts.models import Department, Person, PersonRole
from server.db import db, unit_of_work
from server.deadlines import materials, service
from server.deadlines.calendar import seed_calendar
from server.deadlines.material_models import MaterialHandover
from server.deadlines.models import TermEventRow
from server.inspections.models import Inspection
from server.runtime import SITE_ZONE
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.deadlines.test_term_events import sign_in
from tests.integration.fieldsync.test_at_once import at_once

NINTH = datetime(2026, 3, 9, 9, 30, tzinfo=SITE_ZONE)
WORDS = {"what": "检查记录表 1 份", "lessons": "无", "handed_on": "2026-03-09"}


@pytest.fixture
def field(app: Flask, clock: Clock) -> Iterator[Field]:
    """A joint visit that ended on 4 March; mr has an office and takes part, tr leads."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        seed_calendar()
        made = build_field()
        clock.at = NINTH
        with unit_of_work() as work:
            work.get_one(Inspection, made.inspection_id).ended_on = date(2026, 3, 4)
            wang = work.get_one(Person, made.people["wang"])
            office = Person(
                jurisdiction_id=made.jurisdiction_id, account="mr-office", name="市监办公室",
                department_id=made.actor("zhao").department_id, password_hash=wang.password_hash,
                roles=[PersonRole(role=str(Role.OFFICE_STAFF))],
            )  # fmt: skip
            work.add(office)
            work.flush()
            made.people["mr-office"] = office.id
        yield made


def task_of(field: Field) -> int:
    return db.session.get_one(Inspection, field.inspection_id).task_id


def events(term: str) -> list[tuple[str, str]]:
    query = select(TermEventRow).where(TermEventRow.term == term).order_by(TermEventRow.id)
    return [
        (f"{one.kind}{one.step or ''}", one.at.astimezone(SITE_ZONE).strftime("%m-%d %H:%M"))
        for one in db.session.scalars(query)
    ]


@pytest.mark.both
def test_handing_over_meets_the_term_of_the_part_that_does_not_lead(
    app: Flask, field: Field, clock: Clock
) -> None:
    service.advance()
    begun = [("set", "03-05 00:00"), ("warned10", "03-06 00:00")]
    assert events("materials") == begun  # the tenth day is a Saturday: due on Monday the 16th
    task, actor = task_of(field), field.actor("mr-office")
    found = materials.read_materials(actor, task)
    assert found.lead and found.lead.code == "tr"
    assert found.mine and (found.mine.left, found.mine.due) == (1, date(2026, 3, 16))
    assert materials.read_materials(field.actor("office"), task).mine is None

    for refused, day in (("materials.day_refused", 10), ("materials.day_refused", 3)):
        with pytest.raises(Fault) as told:
            materials.hand_over(actor, task, "记录表", "无", date(2026, 3, day))
        assert told.value.code == refused
    db.session.remove()

    def hand_over() -> int:
        with app.app_context():
            try:
                materials.hand_over(field.actor("mr-office"), task, "记录表", "无", NINTH.date())
            except Fault as told:
                assert told.code == "materials.nothing_left"
                return 0
            return 1

    assert sum(at_once(hand_over, hand_over)) == 1
    with app.app_context():
        assert events("materials") == [*begun, ("met", "03-09 09:30")]
        clock.at = datetime(2026, 4, 20, 9, tzinfo=SITE_ZONE)
        service.advance()
        assert events("materials")[-1][0] == "met"
        found = materials.read_materials(field.actor("office"), task)
        assert [(one.ended, one.handed, one.due) for one in found.shares] == [(1, 1, None)]
        only = found.handovers[0].id
        materials.take_back(field.actor("mr-office"), task, only, "登错了任务")
        # the old due day holds, and what of it time has brought since is told at once
        assert [kind for kind, _at in events("materials")][-2:] == ["reopened", "overdue"]
        for who, code in (("office", "access.denied"), ("mr-office", "materials.taken_back")):
            with pytest.raises(Fault) as told:
                materials.take_back(field.actor(who), task, only, "再撤一次")
            assert told.value.code == code
        materials.hand_over(field.actor("mr-office"), task, "检查记录表", "无", date(2026, 4, 20))
        assert events("materials")[-1][0] == "met"
        found = materials.read_materials(field.actor("office"), task)
        assert [one.taken_back is None for one in found.handovers] == [False, True]
        with pytest.raises(DBAPIError), unit_of_work() as work:  # covered once by what stands
            rows = "SELECT sheet_id, max(handover_id), jurisdiction_id FROM material_sheets"
            work.execute(
                text(f"INSERT INTO material_sheets {rows} GROUP BY sheet_id, jurisdiction_id")
            )
        db.session.rollback()
        for statement in (
            "UPDATE material_withdrawals SET reason = ''",
            "DELETE FROM material_withdrawals",
            "UPDATE material_handovers SET what = ''",
            "DELETE FROM material_handovers",
            "DELETE FROM material_sheets",
        ):
            with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
                work.execute(text(statement))
            db.session.rollback()


def test_the_first_initiator_that_takes_part_leads_and_silence_is_overdue(
    field: Field, clock: Clock
) -> None:
    with unit_of_work() as work:
        mr = work.scalars(select(Department).where(Department.code == "mr")).one()
        mr.alias_names = ["市场监管局"]
        work.get_one(Inspection, field.inspection_id).task.initiators = ["县局", "市场监管局"]
    clock.at = datetime(2026, 3, 17, 0, 0, tzinfo=SITE_ZONE)
    service.advance()
    rows = db.session.scalars(select(TermEventRow).where(TermEventRow.term == "materials")).all()
    assert {one.subject_id for one in rows} == {field.sheet_ids["tr"]}
    assert events("materials")[-1] == ("overdue", "03-17 00:00")
    found = materials.read_materials(field.actor("office"), task_of(field))
    assert found.mine and found.mine.is_overdue
    with pytest.raises(Fault) as told:
        materials.hand_over(field.actor("mr-office"), task_of(field), "表", "无", date(2026, 3, 9))
    assert told.value.code == "materials.nothing_left"  # to oneself nothing is handed


def test_a_part_that_has_come_to_lead_has_nothing_to_hand_over_any_more(field: Field) -> None:
    """The plan was corrected after the visit: what was begun for the other ends on record too."""
    service.advance()
    with unit_of_work() as work:
        mr = work.scalars(select(Department).where(Department.code == "mr")).one()
        work.get_one(Inspection, field.inspection_id).task.initiators = [mr.name]
    service.advance()
    query = select(TermEventRow.subject_id, TermEventRow.kind).where(
        TermEventRow.term == "materials", TermEventRow.kind.in_(("set", "dropped"))
    )
    mine, others = field.sheet_ids["mr"], field.sheet_ids["tr"]
    told = [tuple(row) for row in db.session.execute(query.order_by(TermEventRow.id))]
    assert sorted(told) == sorted([(mine, "set"), (mine, "dropped"), (others, "set")])
    assert service.advance() == 0


def test_task_page_leads_to_one_button_and_keeps_what_was_typed(app: Flask, field: Field) -> None:
    task = task_of(field)
    office = sign_in(app, "mr-office")
    page = office.get(f"/tasks/{task}").text
    assert "1 户待报送" in page and page.count("报送资料</span>") == 1
    assert "检查结束 2026-03-04，次日起算；第 1 日 2026-03-05" in page
    assert "末日逢休息日，顺延 2 天：" in page and "第 10 日，2026-03-16 24 时截止" in page
    refused = office.post(f"/tasks/{task}/materials", data={**WORDS, "handed_on": "2026-03-10"})
    assert refused.status_code == 422 and "检查记录表 1 份" in refused.text
    assert "至今天之间" in refused.text
    assert office.post(f"/tasks/{task}/materials", data=WORDS).status_code == 302
    assert "检查记录表 1 份" in office.get(f"/tasks/{task}/materials").text
    assert db.session.scalars(select(MaterialHandover)).one().handed_on == date(2026, 3, 9)
    made = db.session.scalars(select(MaterialHandover)).one().id
    back = f"/tasks/{task}/materials/{made}/take-back"
    refused = office.post(back, data={"reason": " "})
    assert refused.status_code == 422 and "撤回原因" in refused.text
    assert office.post(back, data={"reason": "户数有误"}).status_code == 302
    page = office.get(f"/tasks/{task}/materials").text
    assert "户数有误" in page and "已撤回" in page and "登记报送" in page
    assert office.post(back, data={"reason": "又撤"}).status_code == 409
    assert office.post(f"/tasks/{task}/materials", data=WORDS).status_code == 302
    lead = sign_in(app, "office")
    page = lead.get(f"/tasks/{task}").text
    assert "已报送" in page and "报送资料</span>" not in page
    assert "按期报送" in lead.get(f"/inspections/{field.inspection_id}/terms").text
