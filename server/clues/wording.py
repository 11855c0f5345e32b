"""Words of clues in the reader's language."""

from __future__ import annotations

from server.i18n import translate as _


def kind_word(kind: str) -> str:
    """无证经营 …"""
    words = {
        "unlicensed": _("未经许可从事运输经营"),
        "vehicle": _("车辆或驾驶员证照、检验不合规"),
        "hazmat": _("危险货物运输"),
        "overload": _("超限超载"),
        "service": _("拒载、甩客、绕道、乱收费等服务问题"),
        "repair_training": _("维修、检验检测、驾驶培训"),
        "safety": _("其他安全隐患"),
        "inspectors": _("检查人员：身份不符、冒名上门、违规检查"),
        "other": _("其他"),
    }
    return words.get(kind, kind)


def state_word(state: str) -> str:
    """待受理 …"""
    words = {
        "received": _("待受理"),
        "accepted": _("已受理，待转办"),
        "assigned": _("承办中"),
        "transferred": _("已移送"),
        "rejected": _("不予受理"),
        "merged": _("已并案"),
        "closed": _("已办结"),
        "overdue": _("已超期"),
        "unfinished": _("未办结"),
    }
    return words.get(state, state)


def step_word(action: str) -> str:
    """What was done."""
    words = {
        "report": _("收到举报"),
        "accept": _("受理"),
        "reject": _("不予受理"),
        "merge": _("并案"),
        "assign": _("转办"),
        "give_back": _("退回转办"),
        "transfer": _("移送"),
        "finish": _("办结"),
        "reopen": _("重新受理"),
        "link": _("认定检查对象"),
        "note": _("补充情况"),
    }
    return words.get(action, action)


def public_state(state: str) -> tuple[str, str]:
    """What the reporter is told: the state, and what it means."""
    words = {
        "received": (_("已收到"), _("办公室尚未决定是否受理。")),
        "accepted": (_("已受理"), _("正在安排办理。")),
        "assigned": (_("正在办理"), _("已交承办部门核查。")),
        "transferred": (_("已移送"), _("该问题由其他机关管辖，已移送该机关处理。")),
        "rejected": (_("不予受理"), _("理由见下。")),
        "closed": (_("已办结"), _("答复见下。")),
    }
    return words.get(state, (state, ""))
