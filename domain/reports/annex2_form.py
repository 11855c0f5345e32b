"""Annex 2 as it is printed (domain research 1.2), with 市 or 县 as the county is called in it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.reports.form_parts import contact_line, day_words, head_line
from domain.reports.grid import Cell, Grid, Look

CITY: Final = "市"
ARRANGED: Final = "一、“双随机、一公开”监管工作安排部署情况"
CARRIED_OUT: Final = "二、“双随机、一公开”监管工作开展情况"
_SCOPE: Final = "随机抽查抽查对象范围、数量、抽查比例"  # the second 抽查 is the form's own
_SYSTEM: Final = "开展的单位及抽查检查主体数量及抽查结果公示数量等情况"


def build_annex2(
    lines: Mapping[str, str],
    *,
    region: str,
    unit: str,
    day: date,
    contact: Mapping[str, str],
) -> Grid:
    """The form with these lines (`domain.reports.annex2.tell_month`)."""
    plan = f"本月按年度随机抽查工作计划{region}本级开展随机抽查情况"
    rows = (
        (_whole(ARRANGED),),
        (
            Cell("1", Look.HEAD),
            *_part(
                "本月召开会议部署随机抽查工作情况", "注明召开会议的名称及时间", "meetings", lines
            ),
        ),
        (
            Cell("2", Look.HEAD),
            *_part("本月印发双随机工作文件情况", "注明文件名称及文号", "documents", lines),
        ),
        (
            Cell("3", Look.HEAD),
            *_part(
                "本月组织随机抽查业务培训情况",
                "培训班名称、培训人员数量及内容",
                "trainings",
                lines,
            ),
        ),
        (_whole(CARRIED_OUT),),
        (Cell("4", Look.HEAD, rows=6), Cell(plan, columns=2)),
        _part("本月组织随机抽查的文件", "文件名称、文号", "draw_papers", lines),
        _part(_SCOPE, "对象范围、数量、抽查比例", "drawn", lines),
        _part("随机抽查的检查事项", "多少大项、多少小项", "items", lines),
        _part("发现问题户数", "发现问题的户数", "problems", lines),
        _part("随机抽查结果公示情况", "注明抽查结果公示的网站及公示数量", "published", lines),
        (Cell("5", Look.HEAD, rows=2), Cell(f"全{region}本系统开展随机抽查情况", columns=2)),
        (_filled(_SYSTEM, "system", lines, columns=2),),
    )
    return Grid(
        title=f"{region}有关部门“双随机、一公开”监管工作月报表",
        above=(head_line(unit), f"填表时间：{day_words(day)}"),
        widths=(6, 30, 64),
        rows=rows,
        below=contact_line(contact),
        head_rows=0,
    )


def _whole(text: str) -> Cell:
    return Cell(text, Look.HEAD, columns=3)


def _part(row: str, hint: str, key: str, lines: Mapping[str, str]) -> tuple[Cell, ...]:
    return Cell(row), _filled(hint, key, lines)


def _filled(hint: str, key: str, lines: Mapping[str, str], columns: int = 1) -> Cell:
    return Cell(lines[key], Look.TEXT, columns=columns, ref=key, hint=f"（{hint}）")
