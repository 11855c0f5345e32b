"""A month beyond its limit is told with its numbers, can be set aside, and begins an adjustment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.access import Role
from domain.errors import Fault
from server.db import db, unit_of_work
from server.notifications.reminder_models import ReminderPost
from server.notifications.service import list_inbox
from server.planning.models import Plan
from server.statistics import warnings
from server.statistics.telling import tell_warnings
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.statistics.recorded import record

MARCH = date(2026, 3, 1)
CHART = "/statistics/warning?kind=item&code=PAX-01&month=2026-03"


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield build_field()


def year_with_a_bad_march(field: Field) -> None:
    """24 visits in twelve months with 2 findings of PAX-01; in March 4 of 6, and 2 of PAX-02.

    p̄ = 2/24; of 6 checks 0.5 are expected, so B(6, 1/12): P(X > 2) = 0.9 %, P(X > 3) = 0.06 %.
    """
    for month in range(12):
        day = date(2025 + (month + 2) // 12, (month + 2) % 12 + 1, 10)
        record(field, day, ["PAX-01"] if month in (3, 8) else [])
        record(field, day)
    for number in range(6):
        found = (["PAX-01"] if number < 4 else []) + (["PAX-02"] if number < 2 else [])
        record(field, date(2026, 3, 2), found)


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(Fault) as told:
        deed()
    return told.value.code


@pytest.mark.both
def test_what_stands_out_is_told_until_it_is_set_aside_and_again_with_one_more(
    field: Field,
) -> None:
    year_with_a_bad_march(field)
    office = field.actor("office")
    found = warnings.list_warnings(office, MARCH)
    assert [(one.kind, one.code) for one in found] == [("item", "PAX-01"), ("trade", "passenger")]
    reading = found[0].reading
    assert (reading.month.found, reading.month.checked, reading.base.checked) == (4, 6, 24)
    assert reading.upper == 0.5 and reading.centre == pytest.approx(2 / 24)
    assert warnings.list_warnings(office, date(2026, 2, 1)) == []
    assert (
        refused(lambda: warnings.set_aside(office, "item", "PAX-01", MARCH, "  "))
        == "request.missing_field"
    )
    assert (
        refused(lambda: warnings.set_aside(office, "item", "PAX-02", MARCH, "没有预警"))
        == "warning.none"
    )
    assert (
        refused(lambda: warnings.view_chart(office, "item", "PAX-99", MARCH)) == "warning.not_found"
    )
    warnings.set_aside(office, "item", "PAX-01", MARCH, "集中检查新增企业")
    assert warnings.count_standing(office, MARCH) == 1
    last = warnings.list_warnings(office, MARCH)[-1]
    assert last.aside is not None and last.aside.reason == "集中检查新增企业"
    record(field, date(2026, 3, 3), ["PAX-01"])
    assert warnings.count_standing(office, MARCH) == 2
    assert (
        refused(lambda: warnings.set_aside(field.actor("auditor"), "item", "PAX-01", MARCH, "无权"))
        == "access.denied"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_warning_is_told_the_departments_lead_once_and_not_when_set_aside(
    app: Flask, field: Field
) -> None:
    year_with_a_bad_march(field)  # of transport; the market's lead hears nothing
    lead = field.actor("lead")
    warnings.set_aside(
        dataclasses.replace(lead, roles=frozenset({Role.TEAM_LEAD, Role.OFFICE_STAFF}),
                            is_home=False),
        "trade", "passenger", MARCH, "春运集中检查",
    )  # fmt: skip
    assert (tell_warnings(), tell_warnings()) == (1, 0)
    (told,) = list_inbox(lead).items
    assert told.text == "问题发现率超出往常，请看原因和涉及的企业"
    assert told.about.startswith("2026-03 PAX-01 检查项 PAX-01：当月 4/6（66.7%）")
    assert told.href == CHART
    assert db.session.scalar(select(func.count()).select_from(ReminderPost)) == 0
    record(field, date(2026, 3, 3), ["PAX-01"])
    warnings.set_aside(
        dataclasses.replace(lead, roles=frozenset({Role.TEAM_LEAD, Role.OFFICE_STAFF}),
                            is_home=False),
        "trade", "passenger", MARCH, "春运集中检查",
    )  # fmt: skip
    assert (tell_warnings(), tell_warnings()) == (1, 0), "another count is another warning"
    assert [one.about.partition("当月 ")[2][:3] for one in list_inbox(lead).items] == ["5/7", "4/6"]
    client = app.test_client()
    client.post("/sign-in", data={"account": "lead", "password": PASSWORD})
    assert "PAX-01" in client.get("/inbox").text and client.get(told.href).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_warning_leads_to_the_draft_of_a_directed_adjustment(app: Flask, field: Field) -> None:
    year_with_a_bad_march(field)
    with unit_of_work() as work:
        work.query(Plan).update({"state": "published"})
    client = app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    listed = client.get("/statistics/warnings").text
    assert "当月 4/6（66.7%），此前 12 个月平均 8.3%，上限 50%" in listed
    shown = client.get(CHART).text
    assert "预计发现不足 5 项" in shown and "示例30号有限公司" not in shown
    link = shown.split('href="/plans/1/adjust/add?')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(f"/plans/1/adjust/add?{link}").text
    assert "示例26号有限公司、" in form and "道路客运“检查项 PAX-01”定向抽查" in form
    assert "等 6 户发现过同类问题的企业" in form
    assert "2026-03 检查项 PAX-01：当月 4/6" in form and "4月-12月" in form
    without = client.post(CHART, data={"reason": ""})
    assert without.status_code == 422 and "搁置" in without.text
    kept = client.post(CHART, data={"reason": "逐户责令改正"})
    assert kept.status_code == 302
    assert "逐户责令改正" in client.get("/statistics/warnings?month=2026-03").text
    for nowhere in (CHART[:-1], CHART.replace("PAX-01", "none"), CHART.replace("item", "other")):
        assert client.get(nowhere).status_code == 404
