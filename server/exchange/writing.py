"""Files that leave: exports, templates, and the rows of somebody's own file that were refused.

XLSX is written row by row, so that a long register needs no memory; every cell is text, so that no
nought is lost and nothing is computed.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import IO, Any

import xlsxwriter
from sqlalchemy import select

from domain.access import Actor
from domain.tabular import guard_formula
from domain.tabular_rows import RowKind
from server.db import db
from server.exchange.models import Import, ImportRow
from server.exchange.spec import Register
from server.exchange.words import problem_text
from server.registry import service as registry

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
GUIDE = "填写说明"
TEMPLATE_ROWS = 2_000  # with formats and drop-down lists; further rows can be typed all the same
LONGEST_LIST = 255  # characters of a drop-down list that stands in the cell's own rule
FONT = {"font_name": "宋体", "font_size": 11}


def build_export(actor: Actor, register: Register, wanted: Mapping[str, str], form: str) -> bytes:
    """The register under these filters, ``xlsx`` or ``csv``; loaded again it changes nothing."""
    rows = _entries(actor, register, wanted)
    headers = [column.header for column in register.columns]
    widths = [column.width for column in register.columns]
    return build_table(register.title, headers, widths, rows, form)


def build_table(
    title: str, headers: list[str], widths: list[int], rows: Iterable[list[str]], form: str
) -> bytes:
    """A table that leaves, ``xlsx`` or ``csv``; every cell a text."""
    with tempfile.TemporaryFile() as out:
        write_table(out, title, headers, widths, rows, form)
        out.seek(0)
        return out.read()


def write_table(
    out: IO[bytes],
    title: str,
    headers: list[str],
    widths: list[int],
    rows: Iterable[list[str]],
    form: str,
) -> None:
    """The same into a file, row by row: as long as it is, it takes no memory."""
    if form == "csv":
        _write_csv(out, chain([headers], rows))
    else:
        _write_xlsx(out, title, headers, widths, rows)


def _entries(actor: Actor, register: Register, wanted: Mapping[str, str]) -> Iterator[list[str]]:
    lookup = register.build_lookup(actor)
    entries = registry.list_entries(actor, register.model, register.fields)
    ids = register.list_filtered(actor, wanted)
    if ids is not None:
        by_id = {entry["id"]: entry for entry in entries}
        entries = [by_id[one] for one in ids]
    for entry in entries:
        yield [
            column.show(entry, lookup) if column.show else column.dump(entry[column.field], lookup)
            for column in register.columns
        ]


def _write_csv(out: IO[bytes], rows: Iterable[list[str]]) -> None:
    """With the mark by which spreadsheets know UTF-8."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([guard_formula(cell) for cell in row])
    text.detach()  # flushes, and leaves the file open for whoever gave it


def _write_xlsx(
    out: IO[bytes], title: str, headers: list[str], widths: list[int], rows: Iterable[list[str]]
) -> None:
    with tempfile.TemporaryDirectory(prefix="suicha-export-") as folder:
        book = xlsxwriter.Workbook(
            out, {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False}
        )
        plain = book.add_format({**FONT, "num_format": "@"})
        quoted = book.add_format({**FONT, "num_format": "@", "quote_prefix": True})
        sheet = _sheet(book, title, headers, widths)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if cell:
                    is_risky = guard_formula(cell) != cell
                    sheet.write_string(number, place, cell, quoted if is_risky else plain)
        book.close()


def _sheet(book: Any, title: str, headers: list[str], widths: list[int]) -> Any:
    head = book.add_format(
        {**FONT, "bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True}
    )
    text = book.add_format({**FONT, "num_format": "@"})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for place, (header, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.set_column(place, place, width, text)
        sheet.write_string(0, place, header, head)
    return sheet


def build_template(actor: Actor, register: Register) -> bytes:
    """An empty table with text columns and drop-down lists, and a sheet that explains it."""
    lookup = register.build_lookup(actor)
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    columns = register.columns
    sheet = _sheet(book, register.title, [c.header for c in columns], [c.width for c in columns])
    must = book.add_format(
        {**FONT, "bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True}
    )
    lists = None
    for place, column in enumerate(columns):
        if column.is_required:
            sheet.write_string(0, place, column.header, must)
        words = list(column.words(lookup)) if column.words else []
        if not words:
            continue
        source: Any = words
        if len(",".join(words)) > LONGEST_LIST or any("," in word for word in words):
            lists = lists or book.add_worksheet("可选值")
            lists.write_column(0, place, words)
            name = xlsxwriter.utility.xl_col_to_name(place)
            source = f"=可选值!${name}$1:${name}${len(words)}"
        sheet.data_validation(
            1,
            place,
            TEMPLATE_ROWS,
            place,
            {
                "validate": "list",
                "source": source,
                "error_title": column.header,
                "error_message": "请从下拉列表中选择",
            },
        )
    _write_guide(book, register, lookup)
    if lists is not None:
        lists.hide()
    book.close()
    return memory.getvalue()


def _write_guide(book: Any, register: Register, lookup: Any) -> None:
    bold = book.add_format({**FONT, "bold": True})
    plain = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
    guide = book.add_worksheet(GUIDE)
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 10)
    guide.set_column(2, 2, 80)
    key = "”加“".join(register.header_of(name) for name in register.key_fields)
    notes = (
        f"按“{key}”认定：只更新名录库中已有的检查对象；早于现有等级日期的只记入历史。"
        if register.history
        else f"按“{key}”认定：名录库中已有的更新，没有的新增；表中没有列出的保持不变。",
        "空白单元格不改动原值；要清空原值，请填“清空”二字。填多个的，以所填的为全部。",
        "各列次序不限，可以删去不用的列；表头上方可以有标题行。",
        "导入时先预览，逐行核对后再确认；确认后仍可整批撤销。",
    )
    for number, note in enumerate(notes):
        guide.write_string(number, 0, f"{number + 1}. {note}", book.add_format(FONT))
    row = len(notes) + 1
    for place, header in enumerate(("列", "必填", "说明")):
        guide.write_string(row, place, header, bold)
    for column in register.columns:
        row += 1
        words = "、".join(column.words(lookup)) if column.words else ""
        hint = "；".join(part for part in (column.hint, words and f"可填：{words}") if part)
        guide.write_string(row, 0, column.header, plain)
        must = "是" if column.is_required else "只供查看" if column.show else ""
        guide.write_string(row, 1, must, plain)
        guide.write_string(row, 2, hint, plain)


def build_error_file(one: Import, register: Register) -> bytes:
    """The rows in error as they came, the cells marked, with where and why at the end: to be mended
    and loaded again as it is."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    headers = [*one.headers, "错误列", "原因"]
    widths = [*(_width(register, name) for name in one.mapping), 16, 60]
    sheet = _sheet(book, register.title, headers, widths)
    plain = book.add_format({**FONT, "num_format": "@"})
    marked = book.add_format({**FONT, "num_format": "@", "bg_color": "#FFC7CE", "border": 1})
    wrapped = book.add_format({**FONT, "text_wrap": True})
    query = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.kind == RowKind.ERROR)
    rows = db.session.scalars(query.order_by(ImportRow.row_no))
    for number, row in enumerate(rows, start=1):
        wrong = {problem["field"] for problem in row.problems}
        for place, name in enumerate(one.mapping):
            cell = row.cells[place] if place < len(row.cells) else ""
            is_wrong = bool(name) and name in wrong
            if cell or is_wrong:
                sheet.write_string(number, place, cell, marked if is_wrong else plain)
        columns = "、".join(dict.fromkeys(p["column"] for p in row.problems if p["column"]))
        reasons = [
            f"{problem['column']}：{problem_text(problem)}"
            if problem["column"]
            else problem_text(problem)
            for problem in row.problems
        ]
        sheet.write_string(number, len(one.mapping), columns, wrapped)
        sheet.write_string(number, len(one.mapping) + 1, "；".join(reasons), wrapped)
    book.close()
    return memory.getvalue()


def _width(register: Register, name: str) -> int:
    return register.column(name).width if name else 14
