"""Twelve months counted by hand (`long_year`): both annexes and the summary table, in their
workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from domain.reports.task_summary import SummaryType
from server.reports import service
from server.reports.workbook import write_workbook
from tests.integration.reports.long_year import LONG_YEAR
from tests.integration.reports.year import Year, build_year, publish

ITEMS = (
    ("河北双随机执法监管平台", "本地区开展随机抽查情况", "总计"),
    ("", "", "部门内部"),
    ("", "", "部门联合"),
    ("", "本地区涉及企业的随机抽查情况", "总计"),
    ("", "本地区利用企业信用风险分级分类开展随机抽查的情况", "总计"),
    ("", "本地区市场监管系统开展随机抽查情况（即市场监管局牵头和参与部门联合包括的抽查）", "总计"),
    ("", "", "部门内部"),
    ("", "", "部门联合"),
    ("其他平台", "本地区开展抽查情况", ""),
    ("", "本地区涉及企业的随机抽查情况", ""),
    ("", "本地区利用企业信用风险分级分类开展随机抽查情况", ""),
)
NOTHING = (0, 0, 0, 0)
# internal: 12 draws of 5 less the one taken back; one of December visited in January; E1 of March
# corrected to clean, E2 of May to a problem. joint: 6 draws of 2 and 2 of 1; one part of December
# open; two departments' problems in one firm in October are one.
DECEMBER = (
    (20, 73, 71, 7), (12, 59, 58, 4), (8, 14, 13, 3),
    (20, 61, 59, 7),  # without P1, twelve times
    (18, 59, 57, 6),  # the market office's own task asks for no classes
    (8, 14, 13, 3), NOTHING, (8, 14, 13, 3),
    NOTHING, NOTHING, NOTHING,
)  # fmt: skip
# as it stood then: E1 of March was a problem still
MARCH = (
    (4, 16, 16, 1), (3, 14, 14, 1), (1, 2, 2, 0), (4, 13, 13, 1), (4, 13, 13, 1),
    (1, 2, 2, 0), NOTHING, (1, 2, 2, 0), NOTHING, NOTHING, NOTHING,
)  # fmt: skip
# month → 抽查户数 of all its tasks, 发现问题户数, 公示条数; the province's task is in annex 2
MONTHS = {
    1: (5, 0, 0), 2: (6, 0, 0), 3: (6, 1, 0), 4: (8, 0, 0), 5: (5, 1, 0), 6: (7, 2, 3),
    7: (5, 0, 1), 8: (7, 0, 0), 9: (6, 2, 0), 10: (7, 1, 0), 11: (5, 0, 0), 12: (7, 1, 0),
}  # fmt: skip
# 库内 抽查 完成 各结果1–8 发现问题 责令改正 立案 移送行政 移送司法 录入 公示
WITH_MARKET = [
    ["交通运输局", "—", 12, 12, 10, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 12, 2],
    ["市场监督管理局", "—", 12, 11, 10, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 11, 0],
    ["合计", "—", 12, 11, 10, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 11, 0],
]
FOR_MARKET = [["交通运输局", "—", 2, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0]]


@pytest.fixture
def year(sqlite_app: Flask) -> Iterator[Year]:
    with sqlite_app.app_context():
        made = build_year(LONG_YEAR)
        service.mark_province_tasks(made.actor("office"), 2025, {made.tasks["province"]})
        for sheet in ("i6/E1/tr", "j6/E1/tr", "j6/E5/tr"):
            publish(made, sheet, "2025-06-27", "公示系统")
        publish(made, "i6/E2/tr", "2025-07-01", "公示系统")
        yield made


def rows_of(made: service.Report) -> list[list[object]]:
    body = write_workbook(service.build_form(service.json_of(made)))
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def test_annex_1_of_a_year_is_what_was_counted_by_hand(year: Year) -> None:
    for day, expected in ((date(2025, 12, 31), DECEMBER), (date(2025, 3, 31), MARCH)):
        rows = rows_of(service.make_annex1(year.actor("office"), day))
        told = [[*words, *numbers] for words, numbers in zip(ITEMS, expected, strict=True)]
        assert rows[4:15] == told


def test_annex_2_of_twelve_months_is_what_was_counted_by_hand(year: Year) -> None:
    told = {}
    for month in MONTHS:
        made = service.json_of(service.make_annex2(year.actor("office"), date(2025, month, 1)))
        count = {one["ref"]: len(one["ids"]) for one in made["lists"]}
        told[month] = (count["system/drawn"], count["problems"], count["system/published"])
        assert made["lines"]["problems"] == f"{count['problems']} 户"
    assert told == MONTHS
    assert sum(drawn for drawn, _problems, _published in told.values()) == DECEMBER[0][1] + 1


def test_summary_tables_of_a_year_are_what_was_counted_by_hand(year: Year) -> None:
    office = year.actor("office")
    made = service.make_summary(office, year.tasks["with_market"], SummaryType.INITIATING)
    assert rows_of(made)[5:8] == WITH_MARKET
    own = service.make_summary(office, year.tasks["for_market"], SummaryType.COOPERATING)
    assert rows_of(own)[5:6] == FOR_MARKET
