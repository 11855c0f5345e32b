"""年度数据 and 工作开展情况数据 as they are printed: our own layout, in the annexes' words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.reports.annual import BEFORE, NOW, SECTIONS
from domain.reports.form_parts import contact_line, day_words, head_line
from domain.reports.grid import Cell, Grid, Look

HEADS: Final = ("类别", "项目", "单位", "本年", "上年同期", "增减／差距")
SECTION_WORDS: Final = {
    "plan": "计划",
    "draws": "抽查检查",
    "findings": "发现问题",
    "follow_up": "后续处置",
    "results": "本部门录入公示",
}
WORDS: Final = {
    "tasks": ("年度计划抽查任务", "项"),
    "tasks_joint": ("其中：部门联合", "项"),
    "tasks_drawn": ("已开展随机抽取的任务", "项"),
    "draws": ("随机抽查次数", "次"),
    "draws_joint": ("其中：部门联合", "次"),
    "draws_market": ("其中：抽查企业", "次"),
    "draws_classes": ("其中：抽查企业并运用企业信用风险分类", "次"),
    "visits": ("抽查总户数", "户"),
    "visits_joint": ("其中：部门联合", "户"),
    "firms": ("涉及检查对象（同一对象只计一次）", "户"),
    "done": ("完成检查户数", "户"),
    "problems": ("发现问题户数", "户"),
    "cases": ("发现问题", "项"),
    "decided": ("已作出处置决定", "项"),
    "corrected": ("其中：责令改正", "项"),
    "penalty": ("其中：立案处罚", "项"),
    "transfer_agency": ("其中：移送行政机关", "项"),
    "transfer_judicial": ("其中：移送司法机关", "项"),
    "closed": ("已办结", "项"),
    "ended": ("检查已结束的结果", "份"),
    "entered": ("已录入", "份"),
    "published": ("已公示", "份"),
}
INDICATORS: Final = "考核指标"
INDICATOR_WORDS: Final = {
    "joint_count": ("部门联合抽查次数占比", "次"),
    "joint_firms": ("部门联合抽查户数占比", "户"),
    "classes": ("运用企业信用风险分类占比", "次"),
    "drawn": ("随机抽查占比", "户"),
    "entry": ("录入率", "份"),
    "publication": ("公示率", "份"),
}


def build_annual(
    numbers: Mapping[str, int],
    indicators: Sequence[Mapping[str, Any]],
    *,
    number: int,
    unit: str,
    day: date,
    contact: Mapping[str, str],
) -> Grid:
    """`numbers` by ref (`now/draws`); `number` of the progress report, 0 for the year's."""
    rows: list[tuple[Cell, ...]] = [tuple(Cell(word, Look.HEAD) for word in HEADS)]
    for section, keys in SECTIONS.items():
        first = [Cell(SECTION_WORDS[section], Look.HEAD, rows=len(keys))]
        for key in keys:
            word, measure = WORDS[key]
            now, before = numbers[f"{NOW}/{key}"], numbers[f"{BEFORE}/{key}"]
            rows.append(
                (
                    *first,
                    Cell(word),
                    Cell(measure, Look.NUMBER),
                    Cell(str(now), Look.NUMBER, ref=f"{NOW}/{key}"),
                    Cell(str(before), Look.NUMBER, ref=f"{BEFORE}/{key}"),
                    Cell(f"{now - before:+d}" if now != before else "0", Look.NUMBER),
                )
            )
            first = []
    first = [Cell(INDICATORS, Look.HEAD, rows=len(indicators))]
    for one in indicators:
        word, _unit = INDICATOR_WORDS[one["measure"]]
        rows.append(
            (
                *first,
                Cell(f"{word}（不低于 {one['minimum']}%）"),
                Cell("%", Look.NUMBER),
                Cell(one["now"], Look.NUMBER, ref=f"{NOW}/{one['measure']}"),
                Cell(one["before"], Look.NUMBER, ref=f"{BEFORE}/{one['measure']}"),
                Cell(one["gap"], Look.NUMBER, ref=f"gap/{one['measure']}"),
            )
        )
        first = []
    what = f"工作开展情况数据（第 {number} 次）" if number else "年度数据"
    return Grid(
        title=f"{day.year} 年“双随机、一公开”监管{what}",
        subtitle=f"（1 月 1 日至 {day.month} 月 {day.day} 日，与上年同期对照）",
        above=(head_line(unit), f"填表时间：{day_words(day)}"),
        widths=(14, 36, 8, 14, 14, 14),
        rows=tuple(rows),
        below=contact_line(contact),
    )
