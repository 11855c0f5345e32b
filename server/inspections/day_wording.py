"""Words of the lead's day."""

from __future__ import annotations

from domain.day import Hindrance, Stage
from domain.day_summary import Change
from server.i18n import translate as _


def stage_word(stage: Stage) -> str:
    """One word per stage, as the count line says it."""
    return {
        Stage.PLANNED: _("计划检查"),
        Stage.VISITED: _("已到场"),
        Stage.RECEIVED: _("已收齐"),
        Stage.SUBMITTED: _("待审核"),
        Stage.RETURNED: _("已退回"),
        Stage.ACCEPTED: _("审核通过"),
        Stage.ENTERED: _("已录入"),
    }[stage]


def hindrance_word(one: Hindrance) -> str:
    """Why a sheet is not accepted together with others."""
    return {
        Hindrance.STATE: _("不在待审核状态"),
        Hindrance.FINDING: _("有不合格项"),
        Hindrance.OUTCOME: _("无法正常检查"),
        Hindrance.CONFLICT: _("有不同的填写内容待选定"),
        Hindrance.UNSIGNED: _("退回修改后未再经当事人签字"),
        Hindrance.PHOTOS: _("有照片未收到"),
        Hindrance.RECORDS: _("有记录未收齐"),
        Hindrance.PHONE: _("检查人员手机上还有未发送的内容"),
        Hindrance.INCOMPLETE: _("录入条件尚不齐全"),
    }[one]


def change_word(one: Change) -> str:
    """What became of a sheet since the summary was signed."""
    return {
        Change.ADDED: _("签署后列入当日"),
        Change.GONE: _("签署后移出当日"),
        Change.STATE: _("状态有变化"),
        Change.CONTENT: _("填写内容有变化"),
        Change.FINDINGS: _("不合格项有变化"),
    }[one]
