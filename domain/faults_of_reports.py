"""Faults of reports. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

REPORT_FAULTS: Final[tuple[F, ...]] = (
    F(
        "report.day_of_other_year",
        422,
        "报送日期应在 {year} 年内。",
        "The day has to lie in {year}.",
    ),
    F(
        "report.day_refused",
        422,
        "日期不能晚于今天，请改填今天或以前的日期。",
        "The day cannot be later than today; give today or an earlier day.",
    ),
    F("report.entry_not_found", 404, "未找到该条填报内容。", "The entry was not found."),
    F(
        "report.no_list",
        404,
        "该数没有对应的清单。",
        "There is no list behind that number.",
    ),
    F("report.not_found", 404, "未找到该报表。", "The report was not found."),
    F(
        "report.not_our_task",
        422,
        "本局不参加该任务，不填写汇总表。",
        "The bureau takes no part in this task; it has no summary table of it.",
    ),
)
