"""A plan table kept as an Excel workbook, as rows of the texts a clerk sees (50% for 0.5).

The reader of values does not tell how a cell is shown, so the styles are read beside it; and it
sets up every cell of the used range, so a sheet whose range nobody fills is refused before it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.etree import ElementTree as Xml

from python_calamine import CalamineError, load_workbook

from domain.errors import Fault, fault
from server.exchange.file_guard import detect_kind

MAGIC = b"PK\x03\x04"
MAX_UNPACKED_BYTES = 16 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 2_000, 64
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_BUILT_IN = {9: "0%", 10: "0.00%"}
Percents = Mapping[tuple[int, int], int]


def is_workbook(content: bytes) -> bool:
    """Whether these bytes are a workbook of today's kind (.xlsx)."""
    return content.startswith(MAGIC)


def read_workbook_rows(content: bytes) -> list[list[str]]:
    """The first sheet that holds anything. Merged cells carry their text in each of their places.
    Raises ``plan.unreadable_workbook``, ``plan.empty``, and ``table.*`` for what is too large,
    encrypted or holds macros."""
    _look_through(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(one.file_size for one in package.infolist()) > MAX_UNPACKED_BYTES:
                raise fault("plan.unreadable_workbook")
            decimals = _percent_styles(package)
            sheets = [_percent_cells(package, name, decimals) for name in _sheet_files(package)]
        book = load_workbook(io.BytesIO(content))
        for number, percents in enumerate(sheets):
            rows = _texts(book.get_sheet_by_index(number), percents)
            if any(cell.strip() for row in rows for cell in row):
                return rows
    except (zipfile.BadZipFile, Xml.ParseError, CalamineError, KeyError, ValueError) as error:
        raise fault("plan.unreadable_workbook") from error
    raise fault("plan.empty")


def _look_through(content: bytes) -> None:
    try:
        detect_kind(content)
    except Fault as refused:
        if refused.code in ("table.unreadable", "table.too_many_cells"):
            raise fault("plan.unreadable_workbook") from None
        raise


def _texts(sheet: Any, percents: Percents) -> list[list[str]]:
    values = sheet.to_python(skip_empty_area=False)
    rows = [
        [_text(cell, percents.get((row, column))) for column, cell in enumerate(line)]
        for row, line in enumerate(values)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                # A title across the table is one cell; only what is merged downwards repeats.
                if column == left:
                    rows[row][column] = rows[top][left]
    return rows


def _text(cell: object, decimals: int | None) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, float)):
        number = Decimal(repr(cell))
        if decimals is not None:
            shown = (number * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
            return f"{shown:f}%"
        is_whole = number == number.to_integral_value()
        return f"{number.to_integral_value() if is_whole else number:f}"
    if isinstance(cell, (datetime, date)):
        return f"{cell.year}年{cell.month}月{cell.day}日"
    return str(cell)


def _xml(package: zipfile.ZipFile, name: str) -> Xml.Element:
    data = package.read(name)
    if b"<!DOCTYPE" in data:
        raise fault("plan.unreadable_workbook")
    return Xml.fromstring(data)  # noqa: S314


def _sheet_files(package: zipfile.ZipFile) -> list[str]:
    """In the order of the workbook."""
    targets = {
        one.get("Id"): one.get("Target", "") for one in _xml(package, "xl/_rels/workbook.xml.rels")
    }
    names = [
        targets[one.get(_RELATION)] for one in _xml(package, "xl/workbook.xml").iter(f"{_NS}sheet")
    ]
    return [
        name.lstrip("/") if name.startswith("/") else posixpath.join("xl", name) for name in names
    ]


def _percent_styles(package: zipfile.ZipFile) -> dict[int, int]:
    """Style → decimals, of the styles that show a number as a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    root = _xml(package, "xl/styles.xml")
    codes = dict(_BUILT_IN)
    for one in root.iter(f"{_NS}numFmt"):
        codes[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
    found = {}
    for style, one in enumerate(root.iterfind(f"{_NS}cellXfs/{_NS}xf")):
        code = _QUOTED.sub("", codes.get(int(one.get("numFmtId", "0")), "")).split(";")[0]
        if "%" in code:
            found[style] = len(code.partition(".")[2].rstrip("% "))
    return found


def _percent_cells(
    package: zipfile.ZipFile, name: str, decimals: Mapping[int, int]
) -> dict[tuple[int, int], int]:
    """(row, column) from 0 → decimals. Refuses a sheet that is larger than any plan."""
    found = {}
    for one in _xml(package, name).iter(f"{_NS}c"):
        match = _REFERENCE.fullmatch(one.get("r", ""))
        if match is None:
            raise fault("plan.unreadable_workbook")
        row, column = int(match[2]) - 1, _column(match[1])
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            raise fault("plan.unreadable_workbook")
        style = int(one.get("s", "0"))
        if style in decimals:
            found[row, column] = decimals[style]
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
