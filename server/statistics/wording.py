"""Statistics in people's words."""

from __future__ import annotations

from datetime import date

from domain.control_chart import Method, Reading, Verdict
from domain.indicators import Measure
from server.i18n import translate as _
from server.registry.service import CATEGORIES, TIERS
from server.statistics.counts import Line

BY = ("item", "trade", "firm", "tier", "month", "season", "officer", "repeat")


def by_word(by: str) -> str:
    """A tab of the statistics."""
    return {
        "item": _("按检查项"),
        "trade": _("按行业"),
        "firm": _("按企业"),
        "tier": _("按风险等级"),
        "month": _("按月份"),
        "season": _("按季度"),
        "officer": _("按检查人员"),
        "repeat": _("重复问题"),
    }.get(by, by)


def head_word(by: str) -> str:
    """The head of the first column."""
    return {
        "item": _("检查项"),
        "trade": _("行业"),
        "firm": _("企业"),
        "tier": _("信用风险等级"),
        "month": _("月份"),
        "season": _("季度"),
        "officer": _("检查人员"),
    }.get(by, by)


def line_name(by: str, line: Line) -> str:
    """What a line is about."""
    if by == "item":
        return f"{line.key} {line.name}"
    if by == "trade":
        return trade_word(line.key)
    if by == "tier":
        return _(TIERS[line.key]) if line.key in TIERS else _("未分类")
    if by == "season":
        year, quarter = line.key.split("-")
        return _("{year} 年第 {n} 季度", year=year, n=quarter)
    return line.name


def trade_word(code: str) -> str:
    """A trade, or that the task names none."""
    return _(CATEGORIES[code]) if code in CATEGORIES else _("未指定行业")


def month_word(month: date) -> str:
    """2026-11."""
    return f"{month.year}-{month.month:02}"


def percent(share: float) -> str:
    """8 %, 8.3 %: one place, none where it is a nought."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def reason_text(reading: Reading, months: int) -> str:
    """Why there is a warning, or why there is none, in one sentence."""
    one = reading.month
    if reading.verdict is Verdict.NO_BASE or reading.centre is None or reading.upper is None:
        return _(
            "当月 {found}/{checked}；此前 {months} 个月只检查 {base} 次，不足以判断",
            found=one.found, checked=one.checked, months=months, base=reading.base.checked,
        )  # fmt: skip
    text = _(
        "当月 {found}/{checked}（{share}），此前 {months} 个月平均 {mean}，上限 {upper}",
        found=one.found, checked=one.checked, share=percent(one.share), months=months,
        mean=percent(reading.centre), upper=percent(reading.upper),
    )  # fmt: skip
    if reading.verdict is Verdict.TOO_FEW:
        return text + _("；当月数量太少，不作判断")
    return text


def method_text(reading: Reading) -> str:
    """How the limit was found."""
    if reading.method is Method.NORMAL:
        return _("上限 = 平均 + 3 × √(平均 × (1 − 平均) ÷ 当月检查次数)")
    if reading.method is Method.BINOMIAL:
        return _("预计发现不足 5 项，上限按二项分布取：超过它的可能性不到 0.135%")
    return ""


def measure_word(measure: Measure) -> str:
    """An indicator's name."""
    return {
        Measure.JOINT_COUNT: _("联合抽查次数占比"),
        Measure.JOINT_FIRMS: _("联合抽查户数占比"),
        Measure.CLASSES: _("运用信用风险分类占比"),
        Measure.DRAWN: _("随机抽查占比"),
        Measure.ENTRY: _("录入率"),
        Measure.PUBLICATION: _("公示率"),
    }[measure]


def formula_text(measure: Measure) -> str:
    """How it is computed, as the monthly report does."""
    return {
        Measure.JOINT_COUNT: _("部门联合次数 ÷ 随机抽查总次数"),
        Measure.JOINT_FIRMS: _("部门联合抽查户数 ÷ 抽查总户数，同一户每抽到一次计一户"),
        Measure.CLASSES: _("运用信用风险分类的次数 ÷ 抽查市场主体的次数"),
        Measure.DRAWN: _("本年抽到的不同对象 ÷ 名录库户数，一户只计一次"),
        Measure.ENTRY: _("已录入 ÷ 检查已结束，按部门各自的结果单计"),
        Measure.PUBLICATION: _("已公示 ÷ 已录入，按部门各自的结果单计"),
    }[measure]


def unit_word(measure: Measure) -> str:
    """What is counted."""
    if measure in (Measure.JOINT_COUNT, Measure.CLASSES):
        return _("次")
    return _("户") if measure in (Measure.JOINT_FIRMS, Measure.DRAWN) else _("份")
