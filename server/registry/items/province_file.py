"""The provincial item list as a spreadsheet: its rows as fields of items (R012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import Fault, fault
from domain.item_list import WIDTHS, parse_kind, parse_methods, parse_ratio
from server.exchange.reading import open_table

# What each column may be called; provinces name them in more than one way.
COLUMNS = {
    "code": ("事项编码", "编码", "编号", "事项编号", "序号"),
    "name": ("抽查事项", "抽查事项名称", "事项名称", "检查事项", "名称"),
    "kind": ("事项类型", "重点或一般", "事项分类", "重点/一般"),
    "category": ("抽查类别", "检查类别", "类别"),
    "objects": ("检查对象", "抽查对象"),
    "basis": ("检查依据", "抽查依据", "依据"),
    "bodies": ("检查主体", "抽查主体", "主体"),
    "content": ("检查内容", "抽查内容", "内容"),
    "methods": ("检查方式", "抽查方式", "方式"),
    "ratio_percent": ("抽查比例", "比例"),
}
REQUIRED = ("code", "name")
HEADER_WITHIN_ROWS = 5  # a title and a note may stand above it
MOST_ROWS = 2000
_NAMES = {heading: field for field, headings in COLUMNS.items() for heading in headings}


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """One item of the file; ``fields`` as of ``domain.item_list.FIELDS``."""

    code: str
    fields: dict[str, Any]


def read_province_file(data: bytes, file_name: str = "") -> list[ProvinceRow]:
    """In file order. Raises ``plan.malformed`` (row, column, reason), ``plan.missing_column``,
    ``plan.encoding``, ``plan.empty``, ``province.too_long``, ``table.*``; columns of
    other names are passed over."""
    table = _cells(data, file_name)
    if len(table) > MOST_ROWS:
        raise fault("province.too_long", max=MOST_ROWS)
    top, header = _find_header(table)
    rows: list[ProvinceRow] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(table[top + 1 :], start=top + 2):
        if not any(cell.strip() for cell in cells):
            continue
        values = {
            field: cells[place].strip() for field, place in header.items() if place < len(cells)
        }
        row = _read_row(number, values)
        if row.code in seen:
            raise _malformed(number, "code", "plan.duplicate", other=seen[row.code])
        seen[row.code] = number
        rows.append(row)
    if not rows:
        raise fault("plan.empty")
    return rows


def _cells(data: bytes, file_name: str) -> list[list[str]]:
    table = open_table(data, file_name)
    sheets = table.list_sheets() or [""]
    return table.read_rows(sheets[0], MOST_ROWS + 1)


def _find_header(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for top, cells in enumerate(table[:HEADER_WITHIN_ROWS]):
        header: dict[str, int] = {}
        for place, cell in enumerate(cells):
            field = _NAMES.get("".join(cell.split()))
            if field is not None:
                header.setdefault(field, place)
        if "name" in header:
            for field in REQUIRED:
                if field not in header:
                    raise _malformed(top + 1, field, "plan.missing_column")
            return top, header
    raise _malformed(1, "name", "plan.missing_column")


def _read_row(number: int, values: dict[str, str]) -> ProvinceRow:
    for field in REQUIRED:
        if not values.get(field):
            raise _malformed(number, field, "plan.blank")
    for field, width in (*WIDTHS.items(), ("code", 40)):
        if len(values.get(field, "")) > width or "\0" in values.get(field, ""):
            raise _malformed(number, field, "checklist.unknown_value")
    kind = parse_kind(values.get("kind", ""))
    if kind is None:
        raise _malformed(number, "kind", "checklist.unknown_value")
    methods = parse_methods(values.get("methods", ""))
    if methods is None:
        raise _malformed(number, "methods", "checklist.unknown_value")
    try:
        ratio = parse_ratio(values.get("ratio_percent", ""))
    except Fault as refused:
        raise _malformed(number, "ratio_percent", refused.code) from None
    texts = {f: values.get(f, "") for f in ("category", "objects", "basis", "bodies", "content")}
    return ProvinceRow(
        values["code"],
        {
            "name": values["name"],
            "kind": kind,
            **texts,
            "methods": list(methods),
            "ratio_percent": ratio,
        },
    )


def _malformed(row: int, field: str, reason: str, **details: object) -> Fault:
    return fault("plan.malformed", row=row, column=COLUMNS[field][0], reason=reason, **details)
