"""The words of an evaluation's page; its printed form has its own."""

from __future__ import annotations

from domain.indicators import Measure
from domain.reports.evaluation import SECTIONS, parse_period
from server.i18n import translate as _
from server.statistics.wording import measure_word


def period_word(code: str) -> str:
    """A year, or its first half."""
    period = parse_period(code)
    if period is None:
        return code
    if period.is_half:
        return _("{year} 年上半年", year=period.year)
    return _("{year} 年", year=period.year)


def line_words() -> dict[str, str]:
    """Line → what it is; a share says of what."""
    return {
        "tasks": _("年度计划抽查任务"),
        "tasks_drawn": _("已开展随机抽取的任务"),
        "drawn_tasks": _("任务开展率"),
        "visits": _("抽查总户数"),
        "firms": _("涉及检查对象（同一对象只计一次）"),
        "done": _("完成检查户数"),
        "problems": _("发现问题户数"),
        "found": _("问题发现率"),
        "cases": _("发现问题项数"),
        "problem_firms": _("存在问题的对象（同一对象只计一次）"),
        "repeat_firms": _("同一检查项再次发现问题的对象"),
        "repeated": _("重复问题率"),
        "decided": _("已作出处置决定"),
        "closed": _("已办结"),
        "closed_share": _("问题办结率"),
        "days": _("办结平均用时（日）"),
        "late_cases": _("曾超期未作处置决定"),
        "ended": _("检查已结束的结果"),
        "entered": _("已录入"),
        "published": _("已公示"),
        "late_results": _("曾超期未录入"),
        "revisits": _("抽取回访"),
        "revisited": _("已回访"),
        "revisited_share": _("回访完成率"),
        "not_corrected": _("回访时仍未全部改正"),
        "clues": _("收到线索"),
        "clues_closed": _("线索已办结"),
        "clues_share": _("线索办结率"),
        "visits_joint": _("部门联合抽查户数"),
        "saved": _("联合检查减少的上门次数"),
        "again": _("抽到两次以上的对象"),
        "visits_each": _("户均检查次数"),
        **{one.value: measure_word(one) for one in Measure},
    }


def section_words() -> dict[str, str]:
    """Section → its head."""
    return {
        "coverage": _("计划与覆盖"),
        "findings": _("发现问题"),
        "follow_up": _("整改处置"),
        "results": _("录入公示"),
        "revisits": _("回访"),
        "clues": _("社会监督"),
        "burden": _("涉企检查"),
    }


def sections() -> list[tuple[str, list[str]]]:
    """Heads with the lines below each."""
    words = section_words()
    return [(words[one], list(keys)) for one, keys in SECTIONS.items()]


def text_words() -> dict[str, str]:
    """What the office writes itself."""
    return {
        "done": _("上次评估差距的整改落实"),
        "conclusion": _("评估结论"),
        "measures": _("改进措施"),
    }


def ref_word(first: str, second: str) -> str:
    """A number's place, or a text's, in words."""
    if first == "text":
        return text_words()[second]
    side = {"now": _("本期"), "before": _("上年同期"), "gap": _("差距")}[first]
    return f"{line_words()[second]} · {side}"
