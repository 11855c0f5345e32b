"""Trainings on record (R119), told before a draw (R120) and in annex 2."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.access import Role
from domain.errors import Fault
from domain.reports.entries import EntryKind
from domain.training import TrainingKind
from server.accounts.models import Jurisdiction, Person, PersonRole
from server.db import db, unit_of_work
from server.draws.service import pool_of
from server.planning.models import PlanTask
from server.reports import service as reports
from server.training import service
from server.training.service import Course
from tests.conftest import Clock
from tests.integration.builders import PASSWORD
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.reports.year import Year, build_year

HELD = date(2026, 2, 10)
FORM = {
    "kind": "officers", "held_on": "2026-02-10", "hours": "2.5", "name": "春季业务培训班",
    "content": "抽查规范", "place": "局三楼会议室", "held_by": "法制办",
}  # fmt: skip


@pytest.fixture
def year(app: Flask, clock: Clock) -> Iterator[Year]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = build_year()
        with unit_of_work() as work:
            qian = work.get_one(Person, made.people["qian"])
            qian.roles = [PersonRole(role=str(Role.OFFICE_STAFF))]
        yield made


def course(year: Year, *officers: str, people: tuple[str, ...] = (), **other: Any) -> Course:
    told = {
        "kind": TrainingKind.OFFICERS, "held_on": HELD, "hours": Decimal(2), "name": "业务培训班",
        "content": "工作规范", "place": "会议室", "held_by": "法制办",
        "officer_ids": frozenset(year.officers[one] for one in officers),
        "person_ids": frozenset(year.people[one] for one in people),
    }  # fmt: skip
    return Course(**{**told, **other})


def refusal(deed: Any, *words: Any) -> str:
    with pytest.raises(Fault) as told:
        deed(*words)
    db.session.rollback()
    return told.value.code


@pytest.mark.both
def test_a_training_stays_as_it_was_recorded_and_counts_until_it_is_taken_back(year: Year) -> None:
    office, partner = year.actor("office"), year.actor("qian")
    for refused, code in (
        (course(year, "wang", held_on=date(2030, 1, 1)), "training.day_refused"),
        (course(year), "training.nobody"),
    ):
        assert refusal(service.record_training, office, refused, None) == code
    theirs = course(year, "wang")
    assert refusal(service.record_training, partner, theirs, None) == "training.not_theirs"
    made = service.record_training(office, course(year, "wang", "li", people=("office",)), None)
    known = [year.officers[one] for one in ("wang", "li", "zhao")]
    told = service.read_readiness(office, known)
    assert (told.trained, told.latest, told.lacking) == (2, HELD, (year.officers["zhao"],))

    lines = reports.count_annex2_of(office, date(2026, 2, 1))["lines"]
    assert lines["trainings"] == "业务培训班（2026-02-10），3 人，内容：工作规范"
    entry = reports.Entry(EntryKind.TRAINING, HELD, "业务培训班", people=30, text="工作规范")
    reports.save_entry(office, entry)  # entered by hand as well: told once, as it was entered
    lines = reports.count_annex2_of(office, date(2026, 2, 1))["lines"]
    assert lines["trainings"] == "业务培训班（2026-02-10），30 人，内容：工作规范"

    assert refusal(service.take_back, partner, made.id, "不是我的") == "training.not_found"
    for statement in (
        "UPDATE trainings SET hours = 9",
        "DELETE FROM trainings",
        "UPDATE training_attendees SET person_id = NULL",
        "DELETE FROM training_attendees",
    ):
        with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
            work.execute(text(statement))
        db.session.rollback()
    service.take_back(office, made.id, "日期有误")
    assert refusal(service.take_back, office, made.id, "再撤") == "training.taken_back"
    assert service.read_readiness(office, known).trained == 0
    assert service.list_of_officer(year.officers["wang"]) == []
    with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
        work.execute(text("UPDATE trainings SET removed_at = NULL"))
    db.session.rollback()


def sign_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def test_pages_keep_what_was_ticked_and_the_draw_is_held_only_where_the_county_asks(
    app: Flask, year: Year
) -> None:
    office, task = sign_in(app, "office"), year.tasks["with_market"]
    wang = year.officers["wang"]
    refused = office.post(
        "/trainings/new", data={**FORM, "held_on": "", "attendee": f"officer-{wang}"}
    )
    assert refused.status_code == 422
    assert f'value="officer-{wang}" checked' in refused.text and "春季业务培训班" in refused.text
    unclear = office.post("/trainings/new", data={**FORM, "hours": "半天"})
    assert "请填写数字" in unclear.text and 'value="半天"' in unclear.text
    assert "请勾选参训人员" in office.post("/trainings/new", data=FORM).text
    sheet = (io.BytesIO(make_jpeg(colour="red")), "签到表.jpg")
    made = office.post(
        "/trainings/new", data={**FORM, "attendee": f"officer-{wang}", "document": sheet}
    )
    assert made.status_code == 302
    page = office.get(made.location).text
    assert "春季业务培训班" in page and "2.5" in page and "下载培训材料" in page
    kept = office.get(f"{made.location}/document")
    assert kept.mimetype == "image/jpeg"
    kept.close()
    body = office.get("/trainings/list.xlsx?year=2026").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert "春季业务培训班" in str(rows) and "2.5" in str(rows)
    assert "春季业务培训班" in office.get(f"/registry/officers/{wang}").text
    partner = sign_in(app, "qian")
    assert "春季业务培训班" not in partner.get("/trainings?year=2026").text
    assert partner.get(made.location).status_code == 404

    with unit_of_work() as work:
        told = work.get_one(PlanTask, task)
        told.category, told.times_per_year = "freight", 9  # to be drawn again
    page = office.get(f"/tasks/{task}").text
    assert "以来参加过业务培训的 1 人" in page and "要求抽取前培训" not in page
    with unit_of_work() as work:
        work.get_one(Jurisdiction, year.jurisdiction_id).settings = {"training.needed": True}
    assert "要求抽取前培训" in office.get(f"/tasks/{task}").text
    asked = [one.code for one in pool_of(year.actor("office"), task).obstacles]
    assert "draw.untrained" in asked  # whoever freezes it is told the same
