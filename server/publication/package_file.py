"""The entry package as a workbook: every cell is a text, so that no nought is lost and nothing is
computed. The first sheet has the platform's field names as its head, to be loaded or copied."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from domain.entry_corrections import RESULT_FIELDS
from domain.entry_package import HEAD_FIELDS, ROW_FIELDS, table_rows
from domain.results import LocalResult
from domain.tabular import guard_formula
from server.publication.packages import EntryPackage

FONT = {"font_name": "宋体", "font_size": 11}
# Field → (its name on the form, width of its column).
FIELDS = {
    "raninsPlanId": ("计划编号", 20),
    "raninsPlaneName": ("计划名称", 34),
    "raninsTaskId": ("任务编号", 20),
    "raninsTaskName": ("任务名称", 30),
    "raninsTypeName": ("抽查类型", 12),
    "insAuth": ("抽查机关", 22),
    "insDate": ("抽查完成日期", 14),
    "uniscId": ("统一社会信用代码", 22),
    "entName": ("检查对象名称", 30),
    "seqno": ("序号", 8),
    "raninsItemName": ("抽查事项", 34),
    "raninsCheckRes": ("抽查结果代码", 14),
    "raninsCheckResName": ("抽查结果", 30),
}
# What the bureau knows more exactly than the code under which it leaves; always the official words.
LOCAL = {
    LocalResult.CLOSED: "已关闭停业或正在清算",
    LocalResult.DEREGISTERED: "已注销",
    LocalResult.LICENCE_REVOKED: "被吊销",
    LocalResult.REGISTRATION_CANCELLED: "被撤销登记",
    LocalResult.MOVED_OUT: "已迁出",
}
CHECKS = (("检查编号", 16), ("检查对象名称", 30), ("检查项", 12), ("检查内容", 60),
          ("抽查结果代码", 14), ("抽查结果", 30), ("本地情况", 22), ("照片数", 10))  # fmt: skip
CORRECTS = (("检查编号", 16), ("检查对象名称", 30), ("抽查事项", 34), ("原结果代码", 12),
            ("原结果", 30), ("更正后代码", 12), ("更正后结果", 30), ("更正理由", 60))  # fmt: skip
PHOTOS = (("检查编号", 16), ("检查对象名称", 30), ("照片 SHA-256", 70), ("证明的检查项", 24))


def write_package(entry: EntryPackage) -> bytes:
    """XLSX: 录入表, 检查项明细, 照片清单, 字段说明; 更正对照 where a result was corrected."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    names = (*HEAD_FIELDS, *ROW_FIELDS)
    rows = [row for one in entry.packages for row in table_rows(one)]
    _write(book, "录入表", [(name, FIELDS[name][1]) for name in names], rows)
    _write(book, "检查项明细", CHECKS, (row for one in entry.packages for row in _checks(one)))
    if corrected := [one for one in entry.packages if one["corrects"]]:
        _write(book, "更正对照", CORRECTS, (row for one in corrected for row in _corrects(one)))
    _write(book, "照片清单", PHOTOS, (row for one in entry.packages for row in _photos(one)))
    told = [[name, FIELDS[name][0]] for name in names]
    _write(book, "字段说明", (("字段", 24), ("含义", 30)), told)
    book.close()
    return memory.getvalue()


def _checks(package: dict[str, Any]) -> Iterable[list[str]]:
    for one in package["checks"]:
        yield [
            package["number"], package["entName"], one["code"], one["text"],
            one["raninsCheckRes"], one["raninsCheckResName"], LOCAL.get(one["local"], ""),
            str(len(one["photos"])),
        ]  # fmt: skip


def _corrects(package: dict[str, Any]) -> Iterable[list[str]]:
    """What has to be changed on the platform; a line all the same where no result changes."""
    told, whole = package["corrects"], (package["number"], package["entName"])
    for one in told["rows"]:
        old, new = ([one[side][name] for name in RESULT_FIELDS] for side in ("old", "new"))
        yield [*whole, one["raninsItemName"] or "（总结果）", *old, *new, told["reason"]]
    if not told["rows"]:
        yield [*whole, "（各事项结果不变）", "", "", "", "", told["reason"]]


def _photos(package: dict[str, Any]) -> Iterable[list[str]]:
    for one in package["photos"]:
        yield [package["number"], package["entName"], one["sha256"], "、".join(one["items"])]


def _write(
    book: Any, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]
) -> None:
    head = book.add_format({**FONT, "bold": True, "bg_color": "#DCE6F1", "border": 1})
    plain = book.add_format({**FONT, "num_format": "@"})
    quoted = book.add_format({**FONT, "num_format": "@", "quote_prefix": True})
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    for place, (header, width) in enumerate(columns):
        sheet.set_column(place, place, width, plain)
        sheet.write_string(0, place, header, head)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            is_risky = guard_formula(cell) != cell
            sheet.write_string(number, place, cell, quoted if is_risky else plain)
