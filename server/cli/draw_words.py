"""A difference between a draw's record and its recomputation, in words."""

from __future__ import annotations

import re

from domain.draw import Difference, What
from domain.errors import FAULTS
from server.cli.words import _, cli_locale

_ENTRY = re.compile(r"(?:firms|assignments)\[(\d+)\]")


def difference_in_words(one: Difference) -> str:
    """One sentence, and the place as a program names it."""
    return _("{where}：{what}（{path}）", where=_where(one), what=_what(one), path=one.path)


def _where(one: Difference) -> str:
    if one.path == "pool_sha256":
        return _("抽取池的摘要")
    if one.path.startswith("pool"):
        return _("抽取池")
    if one.path.startswith("quotas"):
        return _("各风险等级的户数")
    entry = _ENTRY.match(one.path)
    number = int(entry[1]) + 1 if entry else 0
    if one.path.startswith("firms"):
        return _("抽中的第 {n} 户", n=number) if entry else _("抽中的检查对象")
    if one.path.startswith("assignments"):
        return _("第 {n} 组执法检查人员", n=number) if entry else _("匹配的执法检查人员")
    return _("记录")


def _what(one: Difference) -> str:
    match one.what:
        case What.MISSING:
            return _("缺少这一项")
        case What.UNKNOWN_FIELD:
            return _("多出这一项")
        case What.UNKNOWN_ALGORITHM:
            return _("算法 {name} 未知，只认识 {known}", name=one.recorded, known=one.recomputed)
        case What.UNREADABLE:
            return _("{value} 的格式不对", value=one.recorded)
        case What.REFUSED:
            return _("这样的抽取不成立：{why}", why=_refusal(one))
        case What.COUNT:
            return _(
                "记录有 {recorded} 项，重新计算得 {recomputed} 项",
                recorded=one.recorded,
                recomputed=one.recomputed,
            )
        case What.VALUE:
            return _(
                "记录为 {recorded}，重新计算得 {recomputed}",
                recorded=one.recorded,
                recomputed=one.recomputed,
            )


def _refusal(one: Difference) -> str:
    """The code's sentence without its details: those are in English only."""
    return one.recomputed if cli_locale() == "en" else f"{one.recorded} {_plain(one.recorded)}"


def _plain(code: str) -> str:
    return re.sub(r"“?\{\w+\}”?", "…", FAULTS[code].zh)
