"""Words of telling the firm in the reader's language."""

from __future__ import annotations

from server.i18n import translate as _


def way_word(way: str) -> str:
    """直接送达 …"""
    words = {
        "direct": _("直接送达"),
        "left": _("留置送达"),
        "post": _("邮寄送达"),
        "electronic": _("电子送达"),
        "announced": _("公告送达"),
    }
    return words.get(way, way)


def telling_word(state: str) -> str:
    """未告知 …"""
    words = {
        "not_told": _("未告知"),
        "told": _("已告知"),
        "view_stated": _("有陈述申辩待答复"),
        "overdue": _("超期未告知"),
        "proof": _("有改正证明待核收"),
        "from_firm": _("企业提交的内容待办理"),
    }
    return words.get(state, state)


def act_word(kind: str) -> str:
    """What the firm did."""
    words = {
        "open": _("企业打开链接"),
        "read": _("企业确认收到告知书"),
        "view": _("企业陈述申辩"),
        "proof": _("企业提交改正证明"),
    }
    return words.get(kind, kind)
