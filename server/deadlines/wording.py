"""Words of the board: its filters, where a part is, what it is grouped by."""

from __future__ import annotations

from server.i18n import translate as _


def filter_words(chosen: str = "") -> list[tuple[str, str]]:
    """What a clerk may choose, in the order of urgency; what a link chose stands with them."""
    of_links = {
        "in_3": _("剩 1—3 天"),
        "in_5": _("剩 4—5 天"),
        "in_10": _("剩 6—10 天"),
        "later": _("10 天以上"),
        "due_soon": _("5 个工作日内到期，不含今日"),
    }
    return [
        *([(chosen, of_links[chosen])] if chosen in of_links else []),
        ("overdue", _("已超期")),
        ("due_today", _("今日到期")),
        ("within_3", _("3 个工作日内到期")),
        ("within_5", _("5 个工作日内到期")),
        ("within_10", _("10 个工作日内到期")),
        ("running", _("5 个工作日以后到期")),
        ("not_ended", _("检查未结束")),
        ("unmet", _("全部未录入")),
        ("done", _("已录入")),
        ("met", _("按期录入")),
        ("met_late", _("超期录入")),
    ]


def step_words() -> list[tuple[str, str]]:
    """Where a part is, in the order of the work."""
    return [
        ("visit", _("待检查")),
        ("record", _("检查人员填报、修改")),
        ("review", _("待组长审核")),
        ("entry", _("审核通过，待录入")),
        ("platform", _("待平台回执或公示")),
    ]


def by_word(by: str) -> str:
    """One of ``grouping.BY``, as a way to count."""
    words = {
        "officer": _("按检查人员"),
        "team": _("按队伍"),
        "department": _("按部门"),
        "task": _("按任务"),
    }
    return words[by]


def head_word(by: str) -> str:
    """One of ``grouping.BY``, above its names."""
    words = {
        "officer": _("检查人员"),
        "team": _("队伍"),
        "department": _("部门"),
        "task": _("任务"),
    }
    return words[by]
