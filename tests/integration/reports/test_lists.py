"""Each number of each report leads to a list that is as long as the number says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from domain.reports.task_summary import SummaryType
from server.reports import service
from server.reports.service import MadeReport
from tests.integration.builders import PASSWORD
from tests.integration.reports.year import Year, build_year, publish

CHANNEL = "公示系统"
NUMBER = re.compile(r"(\d+) (户|条|大项|小项)")


@pytest.fixture
def year(sqlite_app: Flask) -> Iterator[Year]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_year()
        for sheet in ("d2/E1/tr", "d2/E1/mr", "d1/E1/tr"):
            publish(made, sheet, "02-12", CHANNEL)
        yield made


def all_reports(year: Year) -> list[MadeReport]:
    office = year.actor("office")
    made = [
        service.make_annex1(office, date(2026, 3, 4)),
        service.make_annex2(office, date(2026, 2, 1)),
        service.make_summary(office, year.tasks["with_market"], SummaryType.INITIATING),
        service.make_summary(office, year.tasks["for_market"], SummaryType.COOPERATING),
    ]
    return [service.get_report(office, one.id) for one in made]


def shown(made: MadeReport) -> list[str]:
    """The numbers of a form that are counted, in its order; what was typed by hand is none."""
    if made.row.kind != "annex2":
        return list(made.texts.values())
    lines = (re.sub("（.*?）", "", one) for one in made.texts.values())
    return [number for one in lines for number, _unit in NUMBER.findall(one)]


def test_every_number_of_every_report_has_its_list_of_that_length(year: Year) -> None:
    office = year.actor("office")
    for made in all_reports(year):
        lists = [
            service.list_behind(office, made.row.id, ref, 1)
            for ref in service.list_refs(made.content)
        ]
        assert [str(one.page.total) for one in lists] == shown(made), made.row.kind
        for one in lists:
            ids = one.listed.ids
            assert len(set(ids)) == len(ids) == len(one.page.rows), (made.row.kind, one.listed)


def test_every_link_of_a_reports_page_opens_its_list(sqlite_app: Flask, year: Year) -> None:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    for made in all_reports(year):
        page = client.get(f"/reports/{made.row.id}").text
        links = re.findall(r'href="(/reports/\d+/behind\?of=[^"]+)"', page)
        assert len(links) == len([one for one in shown(made) if one != "0"]), made.row.kind
        for link in links[:: max(1, len(links) // 4)]:
            assert client.get(link).status_code == 200, link


def test_the_workbook_says_what_is_other_than_before(sqlite_app: Flask, year: Year) -> None:
    office = year.actor("office")
    service.make_annex1(office, date(2026, 2, 10))
    made = service.make_annex1(office, date(2026, 3, 4))
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    client.get("/language/en")
    body = client.get(f"/reports/{made.id}/form.xlsx").data
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("与上一次相比")
    rows = sheet.to_python()
    assert str(rows[0][0]).startswith("与上一次相比：2026 年至 2026-02-10　第 1 次")
    assert rows[1] == ["项目", "上一次", "这一次", "增减"]
    assert ["本地区开展随机抽查情况 · 总计 · 抽查总户数", "8", "11", "+3"] in rows
