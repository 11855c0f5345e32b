"""What a page in English leaves in Chinese beside the county's own words."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import text

from server.db import db
from tests.conftest import ROOT
from tools.busy_county import County

PLAN = ROOT / "data" / "plans" / "pingluo-2018-items.csv"
CJK = re.compile(r"[\u3400-\u9fff]")
TASK_NO = re.compile(r"[内联]20\d{5}(-\d+-[告更][\d-]+)?")  # papers are numbered after the visit
# Written in English pages too: the heads of the files a person imports, the words of a pass rule,
# and a previewed title.
HEADS = [
    "县",  # the word a report puts before 有关部门
    "检查日期",
    "规范要求",
    "统一社会信用代码",
    "纬度",
    "经度",
    "名称",
    "类别",
    "姓名",
    "单位",
    "执法证号",
    "事项编码",
    "抽查事项",
    "事项类型",
    "抽查类别",
    "检查对象",
    "检查依据",
    "检查主体",
    "检查内容",
    "检查方式",
    "抽查比例",
    "适用",
    "检查对象",
    "执法检查人员",
    "编号",
    "分组",
    "来源",
    "2018 年跨部门联合随机抽查",
    "政府信息公开条例",
    "道路运输条例",
    "未随车携带道路运输证",  # of a finding whose plate is masked
]


class OwnWords:
    """Every Chinese text that is the county's own: names, plans, checklists, whatever people wrote.
    The longest first, so that none hides in another."""

    def __init__(self, county: County) -> None:
        self._words = data_texts(county)
        self._left: dict[str, str] = {}  # most texts stand on every page

    def chinese_beside(self, page: str) -> list[str]:
        """What of the page is Chinese and none of these."""
        reader = Reader()
        reader.feed(page)
        return sorted({left for one in reader.texts if CJK.search(left := self._without(one))})

    def _without(self, shown: str) -> str:
        if shown not in self._left:
            self._left[shown] = without(shown, self._words) if CJK.search(shown) else ""
        return self._left[shown]


class Reader(HTMLParser):
    """Texts a reader meets: what is shown, and what is said by titles and labels. What is marked as
    Chinese may be: the language switch names the other language in that language."""

    SAID = ("title", "aria-label", "placeholder", "alt", "data-label")
    EMPTY = ("meta", "link", "input", "img", "br", "hr", "path", "use", "source", "wbr", "col")

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._silent: list[str] = []  # the open elements from the one that is not read on

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_foreign = tag != "html" and given.get("lang") == "zh-CN"
        if self._silent or is_foreign or tag in ("template", "script", "style"):
            if tag not in self.EMPTY:
                self._silent.append(tag)
            return
        self.texts.update(text.strip() for name in self.SAID if (text := given.get(name)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.add(data.strip())


def data_texts(county: County) -> list[str]:
    found: set[str] = set(HEADS)
    with PLAN.open(encoding="utf-8-sig", newline="") as file:  # previewed, not stored
        collect([cell for row in csv.reader(file) for cell in row], found)
    with county.desk():
        from server.registry.service import list_checklists, task_references

        for one in list_checklists(county.actor("bangong")):
            found.update(task_references(one))
        connection = db.session.connection()
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for (table,) in tables.all():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    collect(value, found)
    return sorted((one for one in found if CJK.search(one)), key=len, reverse=True)


def collect(value: Any, found: set[str]) -> None:
    """Strings of a column, also those inside JSON."""
    if isinstance(value, str):
        if value[:1] in ("{", "["):
            try:
                value = json.loads(value)
            except ValueError:
                found.add(value.strip())
            else:
                collect(value, found)
            return
        found.update((value.strip(), *(line.strip() for line in value.splitlines())))
    elif isinstance(value, dict):
        for key, inner in value.items():
            collect(key, found)
            collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            collect(inner, found)


def without(shown: str, data: list[str]) -> str:
    """The text without the county's own words."""
    shown = TASK_NO.sub("", shown)
    for one in data:
        if one in shown:
            shown = shown.replace(one, "")
            if not CJK.search(shown):
                break
    return shown.strip()
