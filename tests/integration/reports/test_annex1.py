"""Annex 1 of a small year, its table written out by hand."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.reports import service
from server.reports.models import Report
from tests.integration.builders import PASSWORD
from tests.integration.reports.year import Year, build_year

DAY = date(2026, 3, 4)
# As printed: 次数, 抽查总户数, 完成检查户数, 发现问题户数.
WHOLE_YEAR = {
    "all": [4, 10, 6, 3],
    "internal": [1, 4, 3, 1],
    "joint": [3, 6, 3, 2],
    "enterprises": [3, 7, 4, 2],
    "classes": [2, 5, 3, 2],
    "market_office": [2, 4, 2, 1],
    "market_office_internal": [0, 0, 0, 0],
    "market_office_joint": [2, 4, 2, 1],
    "other": [0, 0, 0, 0],
    "other_enterprises": [0, 0, 0, 0],
    "other_classes": [0, 0, 0, 0],
}
PRINTED = [
    ["河北双随机执法监管平台", "本地区开展随机抽查情况", "总计", 4, 10, 6, 3],
    ["", "", "部门内部", 1, 4, 3, 1],
    ["", "", "部门联合", 3, 6, 3, 2],
    ["", "本地区涉及企业的随机抽查情况", "总计", 3, 7, 4, 2],
    ["", "本地区利用企业信用风险分级分类开展随机抽查的情况", "总计", 2, 5, 3, 2],
    [
        "",
        "本地区市场监管系统开展随机抽查情况（即市场监管局牵头和参与部门联合包括的抽查）",
        "总计", 2, 4, 2, 1,
    ],
    ["", "", "部门内部", 0, 0, 0, 0],
    ["", "", "部门联合", 2, 4, 2, 1],
    ["其他平台", "本地区开展抽查情况", "", 0, 0, 0, 0],
    ["", "本地区涉及企业的随机抽查情况", "", 0, 0, 0, 0],
    ["", "本地区利用企业信用风险分级分类开展随机抽查情况", "", 0, 0, 0, 0],
]  # fmt: skip


@pytest.fixture
def year(sqlite_app: Flask) -> Iterator[Year]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_year()
        office = made.actor("office")
        service.mark_province_tasks(office, 2026, {made.tasks["province"]})
        yield made


@pytest.fixture
def office(sqlite_app: Flask, year: Year) -> FlaskClient:
    return sign_in(sqlite_app, "office")


def sign_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def numbers(made: Report) -> dict[str, list[int]]:
    return dict(service.json_of(made)["numbers"])


def test_the_years_table_is_what_was_counted_by_hand(year: Year) -> None:
    made = service.make_annex1(year.actor("office"), DAY)
    assert numbers(made) == WHOLE_YEAR


def test_a_day_in_the_past_is_told_as_it_stood_then(year: Year) -> None:
    told = numbers(service.make_annex1(year.actor("office"), date(2026, 2, 10)))
    # d1 with the visit taken back on the 11th, two ended, its problem entered on the 15th only
    assert told["internal"] == [1, 5, 2, 0]
    assert told["joint"] == [1, 2, 1, 1]
    assert told["all"] == [2, 7, 3, 1]


def test_draws_made_here_stand_under_other_platforms_where_the_county_says_so(year: Year) -> None:
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, year.jurisdiction_id)
        county.settings = {"report.own_draws": "other"}
    told = numbers(service.make_annex1(year.actor("office"), DAY))
    assert told["all"] == [2, 4, 2, 1] and told["internal"] == [0, 0, 0, 0]
    assert told["other"] == [2, 6, 4, 2]
    assert told["other_enterprises"] == told["other_classes"] == [1, 3, 2, 1]


def test_workbook_has_the_printed_forms_cells(year: Year, office: FlaskClient) -> None:
    service.save_head(year.actor("office"), service.Head("示例县交通运输局", "甲", "8000", "1380"))
    made = service.make_annex1(year.actor("office"), DAY)
    body = office.get(f"/reports/{made.id}/form.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "县（市、区）“双随机、一公开”监管月报表\n（本年度累计数据）"
    assert (
        "单位名称（盖章）：示例县交通运输局" in rows[1] and "填表时间：2026 年 3 月 4 日" in rows[1]
    )
    assert rows[2][:2] == ["平台", "统计项目"] and rows[2][3] == "截止目前数据（不含省级分派任务）"
    assert rows[3][3:] == ["次数", "抽查总户数", "完成检查户数", "发现问题户数"]
    assert rows[4:15] == PRINTED
    assert [one for one in rows[15] if one] == ["联系人：甲", "联系电话：8000", "手机：1380"]
    assert len(rows) == 16


def test_pdf_says_what_the_workbook_says(year: Year, office: FlaskClient) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    made = service.make_annex1(year.actor("office"), DAY)
    answer = office.get(f"/reports/{made.id}/form.pdf")
    assert answer.status_code == 200, answer.text
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=answer.data, capture_output=True, check=True
    ).stdout.decode()
    flat = "".join(told.split())
    assert "截止目前数据（不含省级分派任务）" in flat and "完成检查户数" in flat
    assert "总计41063" in flat and "部门联合3632" in flat and made.digest[:12] in flat
    assert told.count("\f") == 1  # one page


def test_each_number_leads_to_the_list_it_was_counted_from(year: Year, office: FlaskClient) -> None:
    made = service.make_annex1(year.actor("office"), DAY)
    page = office.get(f"/reports/{made.id}").text
    assert f"/reports/{made.id}/behind?of=joint/problems" in page.replace("%2F", "/")
    listed = office.get(f"/reports/{made.id}/behind?of=joint/problems").text
    assert "d2-E3" in listed and "d3-P1" in listed and "d1-E2" not in listed
    draws = office.get(f"/reports/{made.id}/behind?of=market_office/times").text
    assert "draw-d2" in draws and "draw-d4" in draws and "draw-d3" not in draws
    for nothing in ("joint/none", "none/drawn", "", "joint"):
        assert office.get(f"/reports/{made.id}/behind?of={nothing}").status_code == 404


def test_a_new_report_shows_what_changed_and_the_old_one_stays(
    year: Year, office: FlaskClient
) -> None:
    first = service.make_annex1(year.actor("office"), date(2026, 2, 10))
    second = service.make_annex1(year.actor("office"), DAY)
    found = service.get_report(year.actor("office"), second.id)
    assert found.previous is not None and found.previous.id == first.id
    told = {one.ref: (one.old, one.new, one.change) for one in found.differences}
    assert told["all/drawn"] == ("7", "10", 3) and "market_office_internal/times" not in told
    page = office.get(f"/reports/{second.id}").text
    assert "+3" in page and "与上一次相比" in page
    assert numbers(db.session.get_one(Report, first.id))["all"] == [2, 7, 3, 1]


def test_a_day_to_come_is_refused_and_what_was_typed_stays(office: FlaskClient) -> None:
    refused = office.post("/reports/annex1", data={"day": "2026-03-05"})
    assert refused.status_code == 422 and "report.day_refused" in refused.text
    assert 'value="2026-03-05"' in refused.text
    assert office.post("/reports/annex1", data={"day": "4 March"}).status_code == 422
    made = office.post("/reports/annex1", data={"day": "2026-03-04"}, follow_redirects=True)
    assert made.status_code == 200 and "已生成并存档" in made.text


def test_only_the_home_office_makes_reports_and_inspectors_see_none(
    sqlite_app: Flask, office: FlaskClient
) -> None:
    for account, reads, makes in (("auditor", 200, 403), ("head", 200, 403), ("wang", 403, 403)):
        client = sign_in(sqlite_app, account)
        assert client.get("/reports").status_code == reads
        assert client.post("/reports/annex1", data={"day": "2026-03-04"}).status_code == makes


def test_no_statement_changes_a_made_report(app: Flask) -> None:
    with app.app_context():
        year = build_year()
        assert numbers(service.make_annex1(year.actor("office"), DAY))["joint"] == [3, 6, 3, 2]
        statements = ["UPDATE reports SET content = '{}'", "DELETE FROM reports"]
        if db.engine.dialect.name == "sqlite":
            statements.append("INSERT OR REPLACE INTO reports SELECT * FROM reports")
        else:
            statements.append("TRUNCATE reports CASCADE")
        for statement in statements:
            with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
                work.execute(text(statement))
        assert len(db.session.query(Report).all()) == 1
