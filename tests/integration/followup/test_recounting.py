"""A notice on days off moves the days by which open cases are to be decided on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from domain.calendar_notices import read_notice_file
from server.db import db, scope_to
from server.deadlines.calendar import seed_calendar
from server.deadlines.notices import import_notice
from server.followup.models import FollowUp
from server.runtime import today
from tests.apps import Clock
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.followup.test_cases import cases, deal_with

NOTICE = (
    "date,kind,name\n2026-03-09,holiday,抗洪\n2026-03-10,holiday,抗洪\n2026-03-14,makeup,抗洪\n"
    "2026-10-01,holiday,国庆节\n"
)


def due_dates() -> dict[str, date]:
    return {code: case.decide_by for code, case in cases().items()}


@pytest.mark.both
def test_an_open_case_keeps_its_working_days_and_a_decided_one_its_day(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    with app.app_context():
        seed_calendar()
    enter_problems(phone)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert set(due_dates().values()) == {date(2026, 3, 18)}  # ten working days
        deal_with(field.actor("office"), "PAX-03")
        scope_to(None)
        import_notice(None, read_notice_file(NOTICE.encode()), "2026", NOTICE)
        # two days off and one made up: one working day later; done is done
        assert due_dates() == {"PAX-02": date(2026, 3, 19), "PAX-03": date(2026, 3, 18)}
        import_notice(None, read_notice_file(NOTICE.encode()), "2026", NOTICE)
        assert due_dates()["PAX-02"] == date(2026, 3, 19)


def test_the_start_page_names_the_firms_that_are_overdue(
    app: Flask, field: Field, phone: Callable[[str], Phone], clock: Clock
) -> None:
    enter_problems(phone)
    office = client_of(app, field.people["office"])
    assert "超期的后续处置" not in office.get("/").text
    clock.advance(days=30)
    office = client_of(app, field.people["office"])
    page = office.get("/").text
    at = page.index("超期的后续处置")
    assert "示例客运有限公司" in page[at : at + 600]
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert all(one.decide_by < today() for one in db.session.scalars(select(FollowUp)))
