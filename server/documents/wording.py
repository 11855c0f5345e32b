"""Words of the official forms. They are Chinese whatever the reader's language: what is filed and
sealed is one text."""

from __future__ import annotations

import re
from datetime import date, datetime

from server.runtime import SITE_ZONE

TIERS = {"low": "低风险", "normal": "一般风险", "elevated": "较高风险", "high": "高风险"}
KINDS = {"key": "重点", "general": "一般"}
METHODS = {
    "on_site": "实地核查",
    "document": "书面检查",
    "online": "网络监测",
    "commissioned": "委托专业机构",
}
# The state of a draw that was set aside for another; its papers stay on file.
SUPERSEDED = "superseded"
EMPTY_DATE = "　　　　年　　月　　日"
COUNTED = "一二三四五六七八九十"
# What Windows and Android refuse in a file's name.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
# What XML cannot hold: a register may have brought it from anybody's spreadsheet.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tier_word(tier: str | None) -> str:
    """未分类 for a firm without a class."""
    return TIERS.get(tier or "", "未分类")


def day_words(day: date | None) -> str:
    """``2026年3月9日``; empty for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def instant_words(at: datetime | None) -> str:
    """``2026年3月9日 9时05分`` at the inspection site; empty for None."""
    if at is None:
        return ""
    local = at.astimezone(SITE_ZONE)
    return f"{day_words(local.date())} {local.hour}时{local.minute:02d}分"


def law_title(law: str) -> str:
    """In the marks a law's title has."""
    return law if law.startswith("《") else f"《{law}》"


def file_name(*parts: str) -> str:
    """``抽取记录单_联2026001``."""
    return "_".join(_NOT_IN_NAMES.sub("", part) for part in parts if part)


def printable(text: str) -> str:
    """Without the characters that would make a Word file unreadable."""
    return _NOT_IN_XML.sub("", text)
