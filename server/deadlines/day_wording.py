"""Words for days: festivals, kinds of days, weekdays."""

from __future__ import annotations

from domain.calendar import DayKind
from server.deadlines.calendar import LIBRARY
from server.i18n import translate as _


def festival_word(name: str) -> str:
    """A festival's name in the page's language; one nobody foresaw stays as the notice has it."""
    words = {
        "元旦": _("元旦"),
        "春节": _("春节"),
        "清明节": _("清明节"),
        "清明": _("清明节"),
        "劳动节": _("劳动节"),
        "端午节": _("端午节"),
        "中秋节": _("中秋节"),
        "国庆节": _("国庆节"),
    }
    if name in words:
        return words[name]
    parts = name.replace("和", "、").split("、")
    return _("、").join(words.get(part, part) for part in parts)


def kind_word(kind: DayKind | None, *, is_weekend: bool) -> str:
    """What a day is; None follows the week."""
    if kind is DayKind.HOLIDAY:
        return _("放假")
    if kind is DayKind.MAKEUP:
        return _("补班")
    return _("周末") if is_weekend else _("工作日")


def source_word(year: int, source: str) -> str:
    """Where the days of a year come from that nobody imported; empty for an imported notice, which
    is its own word."""
    if not source.startswith(LIBRARY):
        return ""
    return _(
        "国务院办公厅 {year} 年放假通知（软件自带节假日数据，版本 {version}）",
        year=year,
        version=source.removeprefix(LIBRARY),
    )


def weekday_words() -> list[str]:
    """Monday first, as short as a column of a month needs."""
    return [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")]
