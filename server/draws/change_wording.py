"""Words for what a change's pages show."""

from __future__ import annotations

from domain.draw_changes import ReplacementReason, WithdrawalReason
from server.i18n import translate as _


def kind_word(kind: str) -> str:
    """更换人员 or 撤出对象."""
    return {"replacement": _("更换执法检查人员"), "withdrawal": _("撤出检查对象")}.get(kind, kind)


def reason_word(reason: str) -> str:
    """Of both lists; the code itself for one that is not known."""
    words = {
        ReplacementReason.RECUSAL: _("回避"),
        ReplacementReason.SICK_LEAVE: _("病假"),
        ReplacementReason.LEFT_POST: _("离岗"),
        ReplacementReason.CERTIFICATE: _("执法证失效"),
        ReplacementReason.OTHER: _("其他"),
        WithdrawalReason.DEREGISTERED: _("已注销"),
        WithdrawalReason.MOVED_OUT: _("已迁出本县"),
        WithdrawalReason.DOUBLE_ENTRY: _("名录库重复登记"),
        WithdrawalReason.TASK_TAKEN_BACK: _("任务已收回"),
    }
    known: dict[str, str] = {one.value: word for one, word in words.items()}
    return known.get(reason, reason)


def bar_word(bar: str | None) -> str:
    """Why an officer is no candidate; empty for one who is."""
    words = {
        "team": _("已在（或曾在）本次检查组"),
        "certificate": _("执法证已过期"),
        "label": _("业务标签不符"),
        "area": _("片区不符"),
        "recused": _("对该企业回避"),
    }
    return words.get(bar or "", bar or "")


def none_word(why: str | None) -> str:
    """Why no firm took a withdrawn one's place; empty where one did."""
    words = {
        "not_wanted": _("未申请替补"),
        "official": _("本次由官方平台抽取，替补须在平台上抽取"),
        "none_left": _("同一风险等级已无未抽中的企业"),
        "too_few_officers": _("冻结的抽取池中可派人员不足，未替补"),
    }
    return words.get(why or "", why or "")


def replacement_reasons() -> list[tuple[str, str]]:
    """Asked for at each request: in the reader's language."""
    return [(one.value, reason_word(one)) for one in ReplacementReason]


def withdrawal_reasons() -> list[tuple[str, str]]:
    """The same for withdrawals."""
    return [(one.value, reason_word(one)) for one in WithdrawalReason]


CHANGE_WORDS = {"kind_word": kind_word, "reason_word": reason_word}
