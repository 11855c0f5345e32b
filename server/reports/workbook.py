"""A form as XLSX: the cells merged as they are printed, numbers as numbers."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from domain.reports.differences import Difference
from domain.reports.grid import Cell, Grid, Look, place

CHANGES_SHEET = "与上一次相比"
CHANGES_HEAD = ("项目", "上一次", "这一次", "增减")
PAGE_CHARACTERS = {False: 86, True: 128}  # that fit beside each other on A4, upright and across
LINE_POINTS = 16
BETWEEN = "　　"
FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
LOOKS: dict[Look, dict[str, Any]] = {
    Look.HEAD: {"bold": True, "align": "center"},
    Look.LABEL: {"align": "left"},
    Look.NUMBER: {"align": "center"},
    Look.TEXT: {"align": "left"},
    Look.STACKED: {"align": "center", "rotation": 270},  # the library's word for stacked
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What is other than in the report before; ``against`` names that one."""

    against: str
    lines: Sequence[tuple[str, Difference]]


def write_workbook(form: Grid, changes: Changes | None = None) -> bytes:
    """A sheet that prints on the width of one A4 page, and one with what is other than before where
    there is a report before. The same form gives the same cells."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(form.title[:31])
    formats = {look: book.add_format({**FONT, **told, "border": 1}) for look, told in LOOKS.items()}
    title = book.add_format({**FONT, "font_size": 16, "bold": True, "align": "center"})
    plain = book.add_format(FONT)
    across = PAGE_CHARACTERS[form.is_landscape]
    widths = [max(3, width * across // sum(form.widths)) for width in form.widths]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    told = [one for one in (form.title, form.subtitle) if one]
    _write(sheet, 0, 0, Cell("\n".join(told), columns=len(widths)), title)
    sheet.set_row(0, (1 + len(told)) * LINE_POINTS * 0.9)
    _write_line(sheet, 1, form.above, widths, plain)
    first = 2
    for row, column, cell in place(form.rows):
        _write(sheet, first + row, column, cell, formats[cell.look])
    for row, lines in enumerate(_heights(form.rows, widths)):
        sheet.set_row(first + row, (lines + 0.5) * LINE_POINTS)
    _write_line(sheet, first + len(form.rows), form.below, widths, plain)
    sheet.set_paper(9)  # A4
    sheet.set_landscape() if form.is_landscape else sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    if form.head_rows:
        sheet.repeat_rows(first, first + form.head_rows - 1)
    if changes is not None:
        _write_changes(book, changes)
    book.close()
    return memory.getvalue()


def _write_changes(book: Any, changes: Changes) -> None:
    sheet = book.add_worksheet(CHANGES_SHEET)
    ruled = book.add_format({**FONT, "border": 1})
    head = book.add_format({**FONT, **LOOKS[Look.HEAD], "border": 1})
    for column, width in enumerate((46, 28, 28, 10)):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 3, changes.against, book.add_format(FONT))
    for column, word in enumerate(CHANGES_HEAD):
        sheet.write_string(1, column, word, head)
    for at, (word, one) in enumerate(changes.lines, start=2):
        told = (word, one.old, one.new, None if one.change is None else f"{one.change:+d}")
        for column, text in enumerate(told):
            sheet.write_string(at, column, "—" if text is None else text, ruled)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, row: int, column: int, cell: Cell, look: Any) -> None:
    bottom, right = row + cell.rows - 1, column + cell.columns - 1
    if (bottom, right) != (row, column):
        sheet.merge_range(row, column, bottom, right, "", look)
    if cell.look is Look.NUMBER and cell.text.isascii() and cell.text.isdigit():
        sheet.write_number(row, column, int(cell.text), look)
    else:
        sheet.write_string(row, column, _text(cell), look)


def _write_line(
    sheet: Any, row: int, texts: Sequence[str], widths: Sequence[int], look: Any
) -> None:
    """Spread over the table: each part begins where its share of the columns does; where the
    columns are fewer or too narrow (annex 2 begins with that of the numbers), one after another."""
    places = [len(widths) * number // len(texts) for number in range(len(texts) + 1)]
    parts = list(zip(texts, places, places[1:], strict=False))
    if any(_wide(text) > sum(widths[begin:end]) for text, begin, end in parts):
        parts = [(BETWEEN.join(texts), 0, len(widths))]
    for text, begin, end in parts:
        _write(sheet, row, begin, Cell(text, columns=end - begin), look)
    sheet.set_row(row, 1.5 * LINE_POINTS)


def _heights(rows: Sequence[Sequence[Cell]], widths: Sequence[int]) -> list[float]:
    """Lines of text each row has to hold: a spreadsheet does not widen rows for merged cells."""
    lines = [1.0] * len(rows)
    for row, column, cell in place(rows):
        room = sum(widths[column : column + cell.columns])
        if cell.look is Look.STACKED:
            needed = len(cell.text) / cell.rows
        else:
            texts = _text(cell).splitlines()
            needed = sum(-(-_wide(one) // max(1, room - 1)) for one in texts) / cell.rows
        for at in range(row, row + cell.rows):
            lines[at] = max(lines[at], needed)
    return lines


def _text(cell: Cell) -> str:
    return f"{cell.hint}\n{cell.text}" if cell.hint else cell.text


def _wide(text: str) -> int:
    """Characters of a Chinese text take the room of two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
