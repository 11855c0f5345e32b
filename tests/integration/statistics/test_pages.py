"""The pages of the statistics, and the files that say the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from server.statistics import overview
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.statistics.recorded import record


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


def sign_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def rows_of(client: FlaskClient, by: str) -> list[list[object]]:
    data = client.get(f"/statistics?by={by}&format=xlsx").data
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_a_table_and_its_file_say_the_same(sqlite_app: Flask, field: Field) -> None:
    firm = record(field, date(2026, 1, 10), ["PAX-01", "PAX-02"])
    record(field, date(2026, 2, 10), ["PAX-01"], firm=firm)
    office = sign_in(sqlite_app, "office")
    shown = office.get("/statistics").text
    assert "PAX-01 检查项 PAX-01" in shown and "100%" in shown
    assert rows_of(office, "item") == [
        ["检查项", "检查次数", "发现问题户次", "发现问题数", "问题发现率", "统计期间"],
        ["PAX-01 检查项 PAX-01", "2", "2", "2", "100%", "2026-01-01 至 2026-03-04"],
        ["PAX-02 检查项 PAX-02", "2", "1", "1", "50%", "2026-01-01 至 2026-03-04"],
    ]
    assert rows_of(office, "repeat")[1][1:4] == ["PAX-01", "检查项 PAX-01", "2"]
    for by in ("trade", "firm", "tier", "month", "season", "repeat", "nothing"):
        assert office.get(f"/statistics?by={by}").status_code == 200


def test_figures_of_single_officers_are_for_those_who_answer_for_them(
    sqlite_app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of names, whatever was found: the list ranks nobody. Of too many it says so."""
    for officers, found in ((("wang",), ["PAX-01"]), (("wang",), []), (("li",), [])):
        record(field, date(2026, 1, 10), found, officers=officers)
    for account in ("lead", "auditor", "head"):
        asked = sign_in(sqlite_app, account)
        names = [row[0] for row in rows_of(asked, "officer")[1:]]
        assert names == ["李检查", "王检查"]
        assert "按检查人员" in asked.get("/statistics").text
    office = sign_in(sqlite_app, "office")
    assert "按检查人员" not in office.get("/statistics").text
    for path in ("/statistics?by=officer", "/statistics?by=officer&format=xlsx"):
        assert office.get(path).status_code == 403
    for _visit in range(2):
        record(field, date(2026, 1, 11), [], officers=("li",))
    monkeypatch.setattr(overview, "LARGEST", 1)
    assert [row[0] for row in rows_of(asked, "officer")[1:]] == ["李检查"]
    assert "只列检查户次最多的 1 人" in asked.get("/statistics?by=officer").text


def test_a_day_that_cannot_be_read_is_told_and_kept(sqlite_app: Flask, field: Field) -> None:
    record(field, date(2026, 1, 10), ["PAX-01"])
    office = sign_in(sqlite_app, "office")
    told = office.get("/statistics?first=1.1.2026&last=2026-02-01").text
    assert "statistics.bad_period" in told and 'value="1.1.2026"' in told
    turned = office.get("/statistics?first=2026-03-01&last=2026-02-01").text
    assert "截止日期不能早于起始日期" in turned


def test_a_firms_history_tells_findings_of_ones_own_department_only(
    sqlite_app: Flask, field: Field
) -> None:
    firm = record(field, date(2026, 1, 10), ["PAX-01"])
    record(field, date(2026, 2, 10), ["MR-01"], firm=firm, code="mr", officers=("zhao", "qian"))
    shown = sign_in(sqlite_app, "office").get(f"/registry/firms/{firm}/past").text
    assert "发现问题：PAX-01 检查项 PAX-01" in shown and "车辆未年检" in shown
    assert "市场监督管理局 完成检查" in shown and "MR-01" not in shown
    assert ">2026-02-10</time>" in shown and "2026-02-10 12:00" not in shown, "no hour was told"
    chart = "/statistics/warning?kind=trade&code=passenger&month=2026-02"
    judged = sign_in(sqlite_app, "office").get(chart).text
    assert "此前数据不足</span></span>" in judged and "未超出" not in judged
    whole = sign_in(sqlite_app, "auditor").get(f"/registry/firms/{firm}/past").text
    assert "发现问题：MR-01" in whole
    assert sign_in(sqlite_app, "wang").get(f"/registry/firms/{firm}/past").status_code == 403
