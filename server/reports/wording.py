"""The words of report pages, asked for at the request; the printed forms have their own."""

from __future__ import annotations

import re

from domain.indicators import Measure
from domain.reports.annex1 import COLUMNS
from domain.reports.annual import SECTIONS
from domain.reports.listed import Listed, ListOf
from domain.reports.report_calendar import DueState
from domain.result_codes import RESULTS
from server.i18n import translate as _
from server.inspections.wording import result_word
from server.reports import evaluation_wording
from server.reports.models import Report
from server.reports.part_standing import PartState
from server.reports.snapshots import MadeReport
from server.statistics.wording import measure_word


def kind_word(kind: str) -> str:
    """附件1, 附件2, 汇总表."""
    return {
        "annex1": _("月报表（附件1，本年度累计）"),
        "annex2": _("月报表（附件2，本月情况）"),
        "summary": _("抽查结果汇总表"),
        "annual": _("年度数据"),
        "progress": _("工作开展情况数据"),
        "evaluation": _("工作效果评估"),
    }[kind]


def period_word(report: Report) -> str:
    """What it is about, for a list."""
    if report.kind == "annex1":
        return _("{year} 年至 {day}", year=report.period, day=report.day.isoformat())
    if report.kind == "annex2":
        year, month = report.period.split("-")
        return _("{year} 年 {month} 月", year=year, month=int(month))
    if report.kind == "annual":
        return _("{year} 年至 {day}", year=report.period, day=report.day.isoformat())
    if report.kind == "progress":
        year, number = report.period.split("-")
        return _("{year} 年第 {n} 次，至 {day}", year=year, n=number, day=report.day.isoformat())
    if report.kind == "evaluation":
        return evaluation_wording.period_word(report.period)
    task, _dash, kind = report.period.partition("-")
    return _("{kind}任务 {name}", kind=type_words()[kind], name=report.subject or task)


def row_words() -> dict[str, tuple[str, str, str]]:
    """Row of annex 1 → platform, item, line."""
    ours, other = _("监管平台"), _("其他平台")
    drawn, market = _("本地区开展随机抽查情况"), _("市场监管系统开展随机抽查情况")
    total, internal, joint = _("总计"), _("部门内部"), _("部门联合")
    enterprises, classes = _("涉及企业的随机抽查"), _("运用企业信用风险分类的随机抽查")
    return {
        "all": (ours, drawn, total),
        "internal": (ours, drawn, internal),
        "joint": (ours, drawn, joint),
        "enterprises": (ours, enterprises, total),
        "classes": (ours, classes, total),
        "market_office": (ours, market, total),
        "market_office_internal": (ours, market, internal),
        "market_office_joint": (ours, market, joint),
        "other": (other, drawn, total),
        "other_enterprises": (other, enterprises, total),
        "other_classes": (other, classes, total),
    }


def column_words() -> dict[str, str]:
    """Column of annex 1 → its head."""
    words = (_("次数"), _("抽查总户数"), _("完成检查户数"), _("发现问题户数"))
    return dict(zip(COLUMNS, words, strict=True))


def line_words() -> dict[str, str]:
    """Line of annex 2 → what it is about."""
    return {
        "meetings": _("召开会议部署"),
        "documents": _("印发双随机工作文件"),
        "trainings": _("组织业务培训"),
        "draw_papers": _("组织随机抽查的文件"),
        "drawn": _("抽查对象范围、数量、比例"),
        "items": _("检查事项"),
        "problems": _("发现问题户数"),
        "published": _("抽查结果公示情况"),
        "system": _("本系统开展情况"),
    }


def field_words() -> dict[str, str]:
    """Field of a summary table → its head."""
    return {
        "drawn": _("抽查户数"),
        "done": _("完成户数"),
        **{f"result_{code}": result_word(code) for code in RESULTS},
        "problems": _("发现问题户数"),
        "corrected": _("责令改正"),
        "penalty": _("立案处罚"),
        "transfer_agency": _("移送行政机关"),
        "transfer_judicial": _("移送司法机关"),
        "entered": _("录入户数"),
        "published": _("公示户数"),
    }


def ref_word(kind: str, ref: str) -> str:
    """A number's place in words."""
    first, _slash, second = ref.partition("/")
    if kind == "annex1":
        _platform, item, line = row_words()[first]
        return f"{item} · {line} · {column_words()[second]}"
    if kind == "annex2":
        return line_words()[first]
    if kind in ("annual", "progress"):
        return f"{annual_words()[second]} · {side_words()[first]}"
    if kind == "evaluation":
        return evaluation_wording.ref_word(first, second)
    return field_words()[second]


def annual_words() -> dict[str, str]:
    """Number or indicator of the year's data → what it is."""
    return {
        "tasks": _("年度计划抽查任务"),
        "tasks_joint": _("部门联合任务"),
        "tasks_drawn": _("已开展随机抽取的任务"),
        "draws": _("随机抽查次数"),
        "draws_joint": _("部门联合抽查次数"),
        "draws_market": _("抽查企业的次数"),
        "draws_classes": _("抽查企业并运用企业信用风险分类的次数"),
        "visits": _("抽查总户数"),
        "visits_joint": _("部门联合抽查户数"),
        "firms": _("涉及检查对象（同一对象只计一次）"),
        "done": _("完成检查户数"),
        "problems": _("发现问题户数"),
        "cases": _("发现问题项数"),
        "decided": _("已作出处置决定"),
        "corrected": _("责令改正"),
        "penalty": _("立案处罚"),
        "transfer_agency": _("移送行政机关"),
        "transfer_judicial": _("移送司法机关"),
        "closed": _("已办结"),
        "ended": _("检查已结束的结果"),
        "entered": _("已录入"),
        "published": _("已公示"),
        **{one.value: measure_word(one) for one in Measure},
    }


def annual_sections() -> list[tuple[str, list[str]]]:
    """Heads of the year's data with the numbers below each."""
    words = {
        "plan": _("计划"),
        "draws": _("抽查检查"),
        "findings": _("发现问题"),
        "follow_up": _("后续处置"),
        "results": _("本部门录入公示"),
    }
    return [(words[section], list(keys)) for section, keys in SECTIONS.items()]


def which_word(number: int) -> str:
    """Of the year's reports: the year's own, or one of progress by its number."""
    return due_word(f"progress-{number}" if number else "annual")


def side_words() -> dict[str, str]:
    """本年, 上年同期, 差距."""
    return {"now": _("本年"), "before": _("上年同期"), "gap": _("差距")}


def list_word(made: MadeReport, listed: Listed) -> str:
    """What a number counts, in words; a task's or a site's name is what it is."""
    word = ref_word(made.row.kind, listed.ref)
    return f"{word} · {listed.label}" if listed.label else word


def list_heads(of: ListOf) -> tuple[str, str, str, str]:
    """Heads of a list's columns; the last is empty where the rows have no day."""
    visit, ended = _("检查编号"), _("检查结束")
    return {
        ListOf.TASKS: (_("任务"), _("任务编号"), _("抽查对象"), ""),
        ListOf.DRAWS: (_("任务"), _("抽取编号"), _("任务编号"), _("抽取时间")),
        ListOf.VISITS: (_("检查对象"), visit, _("任务"), ended),
        ListOf.FIRMS: (_("检查对象"), _("统一社会信用代码"), _("住所"), ""),
        ListOf.RESULTS: (_("检查对象"), visit, _("部门"), ended),
        ListOf.CASES: (_("问题"), _("检查项编号"), _("检查对象"), _("录入日期")),
        ListOf.ITEMS: (_("抽查事项"), _("事项编号"), _("抽查对象"), ""),
        ListOf.ENTRIES: (_("检查内容"), _("检查项编号"), _("抽查事项"), ""),
        ListOf.CLUES: (_("线索编号"), _("类别"), _("状态"), _("收到日期")),
    }[of]


def unit_word(listed: Listed, count: int) -> str:
    """A number with its measure word, as a link says it."""
    return {
        "户": _("{n} 户", n=count),
        "条": _("{n} 条公示", n=count),
        "大项": _("{n} 大项", n=count),
        "小项": _("{n} 小项", n=count),
    }.get(listed.unit, str(count))


def entry_words() -> dict[str, str]:
    """Kind of an entry → its name."""
    return {
        "meeting": _("会议"),
        "document": _("双随机工作文件"),
        "training": _("业务培训"),
        "draw_paper": _("组织随机抽查的文件"),
    }


def type_words() -> dict[str, str]:
    """发起, 配合."""
    return {"initiating": _("发起"), "cooperating": _("配合")}


def part_badge(state: PartState) -> tuple[str, str, str]:
    """Word, tone and icon of a department's part of a summary table."""
    return {
        PartState.EARLY: (_("检查未结束"), "plain", "ring"),
        PartState.MISSING: (_("未报送"), "warn", "hourglass"),
        PartState.CAME: (_("已报送"), "ok", "check"),
        PartState.RETURNED: (_("已退回，待重新报送"), "error", "returned"),
    }[state]


def due_word(key: str) -> str:
    """A date of the year's table by its key."""
    kind, _dash, number = key.partition("-")
    if kind == "monthly":
        return _("{n} 月月报表", n=int(number))
    if kind == "progress":
        return _("第 {n} 次工作开展情况", n=int(number))
    return _("全年工作情况和抽查数据")


def gap_word(told: str) -> str:
    """What a frozen report says is missing (``domain.reports.annual.tell_gap``), on a page."""
    found = re.fullmatch(r"差 (\d+) (次|户|份)", told)
    if found is None:
        return _("达到") if told == "达到" else told
    number = int(found[1])
    match found[2]:
        case "次":
            return _("差 {n} 次", n=number)
        case "户":
            return _("差 {n} 户", n=number)
        case _other:
            return _("差 {n} 份", n=number)


def state_badge(state: DueState) -> tuple[str, str, str]:
    """Word, tone and icon."""
    return {
        DueState.LATER: (_("未到期"), "plain", "ring"),
        DueState.DUE: (_("临近报送"), "warn", "clock"),
        DueState.OVERDUE: (_("逾期未报"), "error", "stop"),
        DueState.DONE: (_("已报送"), "ok", "check"),
        DueState.BEFORE: (_("启用前"), "plain", "ring"),
    }[state]
