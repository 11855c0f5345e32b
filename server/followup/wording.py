"""Words of follow-up in the reader's language."""

from __future__ import annotations

from server.i18n import translate as _


def disposal_word(disposal: str) -> str:
    """责令改正 …"""
    words = {
        "correction_order": _("责令改正"),
        "penalty": _("行政处罚"),
        "transfer_agency": _("移送其他行政机关"),
        "transfer_judicial": _("移送司法机关"),
        "reassign": _("转办"),
        "notify": _("抄告"),
        "none": _("无须后续处置"),
    }
    return words.get(disposal, disposal)


def state_word(state: str) -> str:
    """待处置 …"""
    words = {
        "open": _("待处置决定"),
        "decided": _("办理中"),
        "overdue": _("已超期"),
        "unfinished": _("未办结"),
        "done": _("已办结"),
        "void": _("已更正，无须处置"),
    }
    return words.get(state, state)


def step_word(action: str) -> str:
    """What was done."""
    words = {
        "open": _("结果录入，列入后续处置"),
        "restate": _("结果更正，问题代码有变化"),
        "reopen": _("结果更正，须重新处置"),
        "void": _("结果更正后不再是问题"),
        "decide": _("作出处置决定"),
        "attach": _("补充材料"),
        "finish": _("已办结"),
        "publish": _("公示处置结果"),
    }
    return words.get(action, action)


def due_word(disposal: str) -> str:
    """What the due date of a decision is called."""
    return _("改正期限") if disposal == "correction_order" else _("办理期限")


def revisit_word(outcome: str) -> str:
    """What a revisit found of the earlier problems."""
    words = {
        "": _("待回访"),
        "corrected": _("已改正"),
        "partly": _("部分改正"),
        "not_corrected": _("未改正"),
    }
    return words.get(outcome, outcome)
