"""年度数据 of the long year beside the year before, counted by hand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from server.db import unit_of_work
from server.followup.models import FollowUp
from server.reports import service
from server.reports.workbook import write_workbook
from server.runtime import now
from tests.integration.builders import PASSWORD
from tests.integration.reports.long_year import LONG_YEAR
from tests.integration.reports.year import Year, build_year, publish

# 类别, 项目, 单位, 本年 to the end of 2025, 上年同期, 增减. 74 visits with the province's; every
# own part but the one of January 2026 has ended and was entered.
YEAR = [
    ["计划", "年度计划抽查任务", "项", 5, 0, "+5"],
    ["", "其中：部门联合", "项", 3, 0, "+3"],
    ["", "已开展随机抽取的任务", "项", 4, 0, "+4"],
    ["抽查检查", "随机抽查次数", "次", 21, 0, "+21"],
    ["", "其中：部门联合", "次", 8, 0, "+8"],
    ["", "其中：抽查企业", "次", 21, 0, "+21"],
    ["", "其中：抽查企业并运用企业信用风险分类", "次", 18, 0, "+18"],
    ["", "抽查总户数", "户", 74, 0, "+74"],
    ["", "其中：部门联合", "户", 14, 0, "+14"],
    ["", "涉及检查对象（同一对象只计一次）", "户", 7, 0, "+7"],
    ["", "完成检查户数", "户", 72, 0, "+72"],
    ["发现问题", "发现问题户数", "户", 8, 0, "+8"],
    ["", "发现问题", "项", 2, 0, "+2"],
    ["后续处置", "已作出处置决定", "项", 1, 0, "+1"],
    ["", "其中：责令改正", "项", 1, 0, "+1"],
    ["", "其中：立案处罚", "项", 0, 0, 0],
    ["", "其中：移送行政机关", "项", 0, 0, 0],
    ["", "其中：移送司法机关", "项", 0, 0, 0],
    ["", "已办结", "项", 1, 0, "+1"],
    ["本部门录入公示", "检查已结束的结果", "份", 73, 0, "+73"],
    ["", "已录入", "份", 73, 0, "+73"],
    ["", "已公示", "份", 2, 0, "+2"],
    ["考核指标", "部门联合抽查次数占比（不低于 60%）", "%", "38.09%", "—", "差 5 次"],
    ["", "部门联合抽查户数占比（不低于 50%）", "%", "18.91%", "—", "差 23 户"],
    ["", "运用企业信用风险分类占比（不低于 100%）", "%", "85.71%", "—", "差 3 次"],
    ["", "随机抽查占比（不低于 3%）", "%", "77.77%", "—", "达到"],
    ["", "录入率（不低于 100%）", "%", "100.00%", "—", "达到"],
    ["", "公示率（不低于 100%）", "%", "2.73%", "—", "差 71 份"],
]


@pytest.fixture
def year(sqlite_app: Flask) -> Iterator[Year]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_year(LONG_YEAR)
        publish(made, "i6/E1/tr", "2025-06-27", "公示系统")
        publish(made, "j6/E5/tr", "2025-07-01", "公示系统")
        publish(made, "i12/E1/tr", "2026-01-04", "公示系统")  # not in the year
        publish(made, "i5/E2/tr", "2025-06-01", "公示系统")  # corrected after that
        _follow_up(made, "j6/E5", date(2025, 6, 30))
        _follow_up(made, "i9/E1", None)
        yield made


def _follow_up(made: Year, visit: str, done: date | None) -> None:
    opened = now().replace(year=2025, month=6, day=23)
    with unit_of_work() as work:
        work.add(
            FollowUp(
                jurisdiction_id=made.jurisdiction_id, inspection_id=made.visits[visit],
                sheet_id=made.sheets[f"{visit}/tr"], item_code="PAX-01", item_text="一项",
                department_id=made.actor("office").department_id, severity="minor",
                result_code=5, state="done" if done else "open", opened_at=opened,
                decide_by=date(2025, 7, 9), disposal="correction_order" if done else "",
                decided_by=made.people["office"] if done else None,
                decided_at=opened if done else None, done_on=done,
            )
        )  # fmt: skip


def test_the_years_numbers_are_what_was_counted_by_hand(year: Year) -> None:
    made = service.make_annual(year.actor("office"), date(2025, 12, 31))
    body = write_workbook(service.build_form(service.json_of(made)))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert rows[0][0].startswith("2025 年“双随机、一公开”监管年度数据\n（1 月 1 日至 12 月 31 日，")
    assert rows[3:31] == YEAR


def test_the_year_before_ends_on_the_same_day(year: Year) -> None:
    told = service.json_of(service.make_annual(year.actor("office"), date(2026, 3, 4), 1))
    # two internal draws of 5 less the one taken back, one joint draw of 2
    assert [told["numbers"][f"before/{key}"] for key in ("draws", "visits", "done")] == [3, 11, 11]
    assert [told["numbers"][f"now/{key}"] for key in ("draws", "visits", "done")] == [0, 0, 0]
    assert told["numbers"]["before/cases"] == 0  # opened in June


def test_every_number_of_the_year_has_its_list_and_its_page(sqlite_app: Flask, year: Year) -> None:
    office = year.actor("office")
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    answer = client.post("/reports/annual", data={"which": "2", "day": "2025-12-31"})
    made = service.get_report(office, int(answer.location.rsplit("/", 1)[1]))
    assert (made.row.kind, made.row.period) == ("progress", "2025-2")
    page = client.get(answer.location)
    assert page.status_code == 200 and "差 23 户" in page.text
    for ref in service.list_refs(made.content):
        found = service.list_behind(office, made.row.id, ref, 1)
        assert found.page.total == len(found.page.rows) == int(made.texts[ref]), ref
    for key in ("tasks", "draws", "visits", "firms", "cases", "published"):
        listed = client.get(f"/reports/{made.row.id}/behind?of=now/{key}")
        assert listed.status_code == 200, key
    refused = client.post("/reports/annual", data={"which": "9", "day": "2025-12-31"})
    assert refused.status_code == 422
