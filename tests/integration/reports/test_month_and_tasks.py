"""Annex 2 and the summary tables of the small year, written out by hand."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from domain.reports.entries import EntryKind
from domain.reports.task_summary import SummaryType
from server.accounts.models import Jurisdiction
from server.db import unit_of_work
from server.followup.models import FollowUp
from server.reports import service
from server.reports.service import Entry
from server.reports.workbook import write_workbook
from server.runtime import now
from tests.integration.builders import PASSWORD
from tests.integration.reports.year import Year, build_year, publish

CHANNEL = "公示系统"
FEBRUARY = date(2026, 2, 1)
ENTRIES = (
    Entry(EntryKind.MEETING, date(2026, 2, 6), "部署会"),
    Entry(EntryKind.MEETING, date(2026, 3, 2), "三月的会"),
    Entry(EntryKind.DOCUMENT, date(2026, 2, 28), "实施方案", "办〔2026〕1号"),
    Entry(EntryKind.TRAINING, date(2026, 2, 10), "业务培训班", people=32, text="工作规范"),
)
LINES = {
    "meetings": "部署会（2026-02-06）",
    "documents": "《实施方案》（办〔2026〕1号）",
    "trainings": "业务培训班（2026-02-10），32 人，内容：工作规范",
    "draw_papers": "无",
    "drawn": "任务5：对象范围为对象5，抽查 1 户，抽查比例 不低于5%；"
    "任务2：对象范围为对象2，抽查 2 户，抽查比例 不低于2%；"
    "任务3：对象范围为对象3，抽查 2 户，抽查比例 不低于3%；"
    "任务4：对象范围为对象4，抽查 2 户，抽查比例 不低于4%",
    "items": "2 大项、4 小项",
    "problems": "3 户",
    "published": "公示系统 2 条",
    "system": "开展单位：交通运输局；抽查检查主体 7 户；公示抽查结果 2 条",
}
PRINTED = [
    ["一、“双随机、一公开”监管工作安排部署情况", "", ""],
    [
        "1", "本月召开会议部署随机抽查工作情况",
        f"（注明召开会议的名称及时间）\n{LINES['meetings']}",
    ],
    ["2", "本月印发双随机工作文件情况", f"（注明文件名称及文号）\n{LINES['documents']}"],
    [
        "3", "本月组织随机抽查业务培训情况",
        f"（培训班名称、培训人员数量及内容）\n{LINES['trainings']}",
    ],
    ["二、“双随机、一公开”监管工作开展情况", "", ""],
    ["4", "本月按年度随机抽查工作计划市本级开展随机抽查情况", ""],
    ["", "本月组织随机抽查的文件", f"（文件名称、文号）\n{LINES['draw_papers']}"],
    ["", "随机抽查抽查对象范围、数量、抽查比例", f"（对象范围、数量、抽查比例）\n{LINES['drawn']}"],
    ["", "随机抽查的检查事项", f"（多少大项、多少小项）\n{LINES['items']}"],
    ["", "发现问题户数", f"（发现问题的户数）\n{LINES['problems']}"],
    [
        "", "随机抽查结果公示情况",
        f"（注明抽查结果公示的网站及公示数量）\n{LINES['published']}",
    ],
    ["5", "全市本系统开展随机抽查情况", ""],
    [
        "", f"（开展的单位及抽查检查主体数量及抽查结果公示数量等情况）\n{LINES['system']}", "",
    ],
]  # fmt: skip
# 抽查 完成 各结果1–8 发现问题 责令改正 立案 移送行政 移送司法 录入 公示
INITIATING = [
    ["交通运输局", "—", 2, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 2, 1],
    ["市场监督管理局", "—", 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    ["合计", "—", 2, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1],
]
COOPERATING = [["交通运输局", "—", 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]]


@pytest.fixture
def year(sqlite_app: Flask) -> Iterator[Year]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_year()
        for sheet in ("d2/E1/tr", "d2/E1/mr"):
            publish(made, sheet, "02-12", CHANNEL)
        publish(made, "d1/E1/tr", "01-25", CHANNEL)
        publish(made, "d3/P1/tr", "02-27", "另一处")
        publish(made, "d3/P1/tr", "02-27", "另一处", is_void=True)
        for one in ENTRIES:
            service.save_entry(made.actor("office"), one)
        yield made


def rows_of(made: service.Report) -> list[list[object]]:
    body = write_workbook(service.build_form(service.json_of(made)))
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def test_the_months_lines_are_what_was_counted_by_hand(year: Year) -> None:
    made = service.make_annex2(year.actor("office"), FEBRUARY)
    told = service.json_of(made)
    assert told["lines"] == LINES
    lists = {one["ref"]: one["ids"] for one in told["lists"]}
    assert lists["problems"] == sorted(year.visits[one] for one in ("d2/E3", "d3/P1", "d5/E1"))
    assert lists["published/1"] == [year.sheets["d2/E1/tr"], year.sheets["d2/E1/mr"]]
    rows = rows_of(made)
    assert rows[0][0] == "市有关部门“双随机、一公开”监管工作月报表"
    assert rows[2:15] == PRINTED
    assert rows[1][0] == "单位名称（盖章）：交通运输局　　填表时间：2026 年 3 月 4 日"
    assert rows[15][0] == "联系人：　　联系电话：　　手机："


def test_the_months_page_leads_to_the_lists(sqlite_app: Flask, year: Year) -> None:
    made = service.make_annex2(year.actor("office"), FEBRUARY)
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    page = client.get(f"/reports/{made.id}")
    assert page.status_code == 200 and LINES["items"] in page.text
    listed = client.get(f"/reports/{made.id}/behind?of=problems").text
    assert "d2-E3" in listed and "d1-E2" not in listed


def test_a_county_may_be_called_a_county_on_the_form(year: Year) -> None:
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, year.jurisdiction_id)
        county.settings = {"report.region": "county"}
    rows = rows_of(service.make_annex2(year.actor("office"), FEBRUARY))
    assert rows[0][0] == "县有关部门“双随机、一公开”监管工作月报表"
    assert rows[13][:2] == ["5", "全县本系统开展随机抽查情况"]


def test_the_first_of_a_month_is_compared_with_the_month_before(year: Year) -> None:
    office = year.actor("office")
    january = service.make_annex2(office, date(2026, 1, 1))
    february = service.get_report(office, service.make_annex2(office, FEBRUARY).id)
    assert february.previous is not None and february.previous.id == january.id
    again = service.get_report(office, service.make_annex2(office, FEBRUARY).id)
    assert again.previous is not None and again.previous.id == february.row.id
    assert again.differences == [] and again.row.number == 2


def test_who_initiates_sums_up_every_department(year: Year) -> None:
    with unit_of_work() as work:
        visit, sheet = year.visits["d2/E3"], year.sheets["d2/E3/tr"]
        home = year.actor("office").department_id
        work.add(
            FollowUp(
                jurisdiction_id=year.jurisdiction_id, inspection_id=visit, sheet_id=sheet,
                department_id=home, item_code="PAX-01", item_text="", severity="minor",
                result_code=5, state="decided", opened_at=now(), decide_by=date(2026, 3, 1),
                disposal="correction_order", decided_by=year.people["office"], decided_at=now(),
            )
        )  # fmt: skip
    task = year.tasks["with_market"]
    made = service.make_summary(year.actor("office"), task, SummaryType.INITIATING, "备注一句")
    rows = rows_of(made)
    assert rows[2][0] == "任务编号：T2　任务名称：任务2　类型：发起"
    assert rows[5:8] == INITIATING
    assert rows[8][:2] == ["备注", "备注一句"]
    lists = {one["ref"]: one["ids"] for one in service.json_of(made)["lists"]}
    assert lists["sum/problems"] == [visit]


def test_who_cooperates_fills_in_the_own_part_alone(year: Year) -> None:
    task = year.tasks["for_market"]
    made = service.make_summary(year.actor("office"), task, SummaryType.COOPERATING)
    assert rows_of(made)[5:6] == COOPERATING


def test_an_entry_says_what_it_lacks_and_keeps_what_was_typed(
    sqlite_app: Flask, year: Year
) -> None:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    typed = {"kind": "training", "day": "2026-02-11", "name": "新进人员培训", "text": "规范"}
    refused = client.post("/reports/entries", data=typed)
    assert refused.status_code == 422 and "请填写培训人数" in refused.text
    assert "新进人员培训" in refused.text
    paper = client.post("/reports/entries", data={**typed, "kind": "document"})
    assert paper.status_code == 422 and "请填写文号" in paper.text
    saved = client.post("/reports/entries", data={**typed, "people": "12"}, follow_redirects=True)
    assert saved.status_code == 200 and "12 人" in saved.text


def test_dates_are_set_for_a_year_and_handed_in(sqlite_app: Flask, year: Year) -> None:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    wrong = client.post("/reports/dates/2026", data={"day-annual": "2027-11-20"})
    assert wrong.status_code == 422 and "2027-11-20" in wrong.text
    assert client.post("/reports/dates/2026", data={"day-annual": "2026-11-22"}).status_code == 302
    found = {one.when.key: one for one in service.list_dates(2026)}
    assert found["annual"].when.due == date(2026, 11, 20)  # the 22nd is a Sunday
    assert not found["annual"].is_usual and found["progress-1"].is_usual
    page = client.get("/reports/dates/2026").text
    assert "规定 2026-11-22 前，含当日；遇休息日提前 2 天" in page
    marks = re.findall(r'2026-\d\d-\d\d<sup class="due-mark">(\d)</sup>', page)
    assert sorted(set(marks)) == [str(n) for n in range(1, page.count(" 规定日期，含当日") + 1)]
    assert len(marks) == 17
    # January's was past before anything was followed here, February's is late since the 14th
    assert (page.count("启用前"), page.count("逾期未报")) == (1, 1)
    assert "规定日期，含当日；遇休息日提前 2 天：11-21 至 11-22 周末；暂定" in page  # on paper
    assert "遇休息日，提前 2 天：" in page and "11-21 至 11-22 周末" in page
    assert "规定 2026-02-20 前，含当日" in client.get("/reports").text  # late since February
    assert "月报表，2026-02-20 前，含当日<" in client.get("/").text
    client.post("/reports/dates/2026", data={"day-monthly-02": "2026-02-22"})
    told = "2026-02-20 前，含当日（规定 2026-02-22，遇休息日提前）"
    assert f"月报表，{told}" in client.get("/").text
    late = [one.when.key for one in service.list_due()]
    assert "monthly-02" in late and "monthly-03" not in late  # today is 4 March
    done = {"day": "2026-02-13"}
    assert client.post("/reports/dates/2026/monthly-02/handed-in", data=done).status_code == 302
    assert "monthly-02" not in [one.when.key for one in service.list_due()]
