"""Every reader of spreadsheets refuses what could hurt before it reads anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from domain.errors import Fault
from server.draws.official_files import read_rows
from server.planning.workbook import read_workbook_rows
from server.registry.items.province_file import read_province_file

Reader = Callable[[bytes], object]
READERS: tuple[Reader, ...] = (read_rows, read_workbook_rows, read_province_file)


def workbook(more: dict[str, bytes], sheet: bytes | None = None) -> bytes:
    """A small workbook with further parts, or another first sheet."""
    plain, memory = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["编码", "抽查事项"])
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_other = sheet is not None and name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet if is_other and sheet else old.read(name))
        for name, data in more.items():
            new.writestr(name, data)
    return memory.getvalue()


def code_of(read: Reader, data: bytes) -> str:
    with pytest.raises(Fault) as refused:
        read(data)
    return refused.value.code


@pytest.mark.parametrize("read", READERS)
def test_macros_are_refused_by_every_reader(read: Reader) -> None:
    assert code_of(read, workbook({"xl/vbaProject.bin": b"macro"})) == "table.macros"


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (read_rows, "table.too_many_cells"),
        (read_workbook_rows, "plan.unreadable_workbook"),
        (read_province_file, "table.too_many_cells"),
    ],
)
def test_two_cells_at_opposite_corners_ask_for_no_memory(read: Reader, code: str) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert code_of(read, workbook({}, sheet)) == code
