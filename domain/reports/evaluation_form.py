"""工作效果评估 as it is printed: our own layout, in the annexes' words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.reports.annual import BEFORE, NOW
from domain.reports.annual_form import INDICATOR_WORDS
from domain.reports.annual_form import WORDS as YEAR_WORDS
from domain.reports.evaluation import DAYS, EACH, RATES, SECTIONS, parse_period
from domain.reports.form_parts import contact_line, day_words, head_line
from domain.reports.grid import Cell, Grid, Look

HEADS: Final = ("类别", "项目", "单位", "本期", "上年同期", "增减／差距")
SECTION_WORDS: Final = {
    "coverage": "计划与覆盖",
    "findings": "发现问题",
    "follow_up": "整改处置",
    "results": "录入公示",
    "revisits": "回访",
    "clues": "社会监督",
    "burden": "涉企检查",
}
WORDS: Final = {
    **YEAR_WORDS,
    "drawn_tasks": ("任务开展率（已抽取 ÷ 计划任务）", "%"),
    "found": ("问题发现率（发现问题户数 ÷ 完成检查户数）", "%"),
    "problem_firms": ("存在问题的对象（同一对象只计一次）", "户"),
    "repeat_firms": ("其中：同一检查项再次发现问题", "户"),
    "repeated": ("重复问题率（再次发现 ÷ 存在问题的对象）", "%"),
    "closed_share": ("问题办结率（已办结 ÷ 发现问题）", "%"),
    DAYS: ("办结平均用时（自录入之日）", "日"),
    "late_cases": ("曾超期未作处置决定", "项"),
    "late_results": ("曾超期未录入", "份"),
    "revisits": ("抽取回访", "户次"),
    "revisited": ("已回访", "户次"),
    "revisited_share": ("回访完成率（已回访 ÷ 抽取回访）", "%"),
    "not_corrected": ("回访时仍未全部改正", "户次"),
    "clues": ("收到线索", "件"),
    "clues_closed": ("已办结", "件"),
    "clues_share": ("线索办结率（已办结 ÷ 收到线索）", "%"),
    "visits_joint": ("部门联合抽查户数", "户"),
    "saved": ("联合检查减少的上门次数", "次"),
    "again": ("抽到两次以上的对象", "户"),
    EACH: ("户均检查次数（抽查总户数 ÷ 涉及检查对象）", "次"),
}
INDICATORS: Final = "考核指标"
TEXT_WORDS: Final = {
    "done": "上次评估差距的整改落实",
    "conclusion": "评估结论",
    "measures": "改进措施",
}


def build_evaluation(content: Mapping[str, Any]) -> Grid:
    """Of a frozen evaluation."""
    numbers, rates, day = content["numbers"], content["rates"], date.fromisoformat(content["day"])
    rows: list[tuple[Cell, ...]] = [tuple(Cell(word, Look.HEAD) for word in HEADS)]
    first = [Cell(INDICATORS, Look.HEAD, rows=len(content["indicators"]))]
    for one in content["indicators"]:
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
    for section, keys in SECTIONS.items():
        first = [Cell(SECTION_WORDS[section], Look.HEAD, rows=len(keys))]
        for key in keys:
            rows.append((*first, *_line(key, numbers, rates)))
            first = []
    rows += _texts(content)
    period = parse_period(content["period"])
    what = "上半年" if period and period.is_half else ""
    return Grid(
        title=f"{day.year} 年{what}“双随机、一公开”监管工作效果评估",
        subtitle=f"（1 月 1 日至 {day.month} 月 {day.day} 日，与上年同期对照）",
        above=(head_line(content["unit"]), f"填表时间：{day_words(day)}"),
        widths=(14, 40, 8, 13, 13, 12),
        rows=tuple(rows),
        below=contact_line(content["contact"]),
    )


def _line(key: str, numbers: Mapping[str, int], rates: Mapping[str, str]) -> list[Cell]:
    word, unit = WORDS[key]
    sides = f"{NOW}/{key}", f"{BEFORE}/{key}"
    if key in RATES or key in (DAYS, EACH):
        told, change = [rates[one] for one in sides], ""
    else:
        now, before = (numbers[one] for one in sides)
        told, change = [str(now), str(before)], f"{now - before:+d}" if now != before else "0"
    return [
        Cell(word),
        Cell(unit, Look.NUMBER),
        *(Cell(text, Look.NUMBER, ref=ref) for text, ref in zip(told, sides, strict=True)),
        Cell(change, Look.NUMBER),
    ]


def _texts(content: Mapping[str, Any]) -> Sequence[tuple[Cell, ...]]:
    last = content["last"]
    missed = last["gaps"] if last else ()
    gaps = "；".join(f"{INDICATOR_WORDS[one['measure']][0]}{one['gap']}" for one in missed)
    told = f"上次（{last['title']}）：{gaps or '各项指标均已达到'}" if last else "首次评估"
    hints = {"done": told}
    return [
        (
            Cell(word, Look.HEAD),
            Cell(
                content["texts"][key], Look.TEXT, columns=5, ref=f"text/{key}",
                hint=hints.get(key, ""),
            ),
        )
        for key, word in TEXT_WORDS.items()
    ]  # fmt: skip
