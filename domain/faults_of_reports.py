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
    F(
        "summary.changed",
        409,
        "打开页面后数字有变化，请核对现在的数字再报送。",
        "The numbers changed since the page was opened; look at them again, then hand over.",
    ),
    F(
        "summary.not_found",
        404,
        "未找到该份汇总表。",
        "This part of a summary table was not found.",
    ),
    F(
        "summary.not_missing",
        409,
        "该部门已报送，或不需要报送，请刷新页面。",
        "That department has handed over its part, or has none to hand over; reload the page.",
    ),
    F(
        "summary.not_newest",
        409,
        "该部门已重新报送，请打开最新的一版。",
        "That department handed over a newer version; open that one.",
    ),
    F(
        "summary.nothing_to_hand_over",
        409,
        "本部门没有可报送的汇总表：检查尚未结束，或本部门是牵头单位。",
        "There is nothing to hand over: no visit has ended, or the department leads the task.",
    ),
    F(
        "summary.nothing_to_join",
        409,
        "还没有部门报送，暂不能汇总。",
        "No department has handed over its part; there is nothing to join.",
    ),
    F("summary.returned", 409, "该份汇总表已经退回。", "This part was returned already."),
    F(
        "summary.unchanged",
        409,
        "与已报送的一版相同，无需重新报送。",
        "It says the same as the version handed over; there is no need for another.",
    ),
)
