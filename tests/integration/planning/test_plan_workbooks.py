"""Plan tables as Excel workbooks: read as a clerk sees them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import xlsxwriter
from flask import Flask

from domain.errors import Fault
from server.planning.service import import_plan
from server.planning.workbook import read_workbook_rows
from tests.conftest import Beginning
from tests.integration.planning.office import COUNTY, INTERNAL, JOINT
from tests.integration.registry.county import DATA, LISTED, enter_listed

PINGLUO, QINGHE = "pingluo-2018-items.csv", "qinghe-transport-2024.csv"


@pytest.fixture
def beginning() -> Beginning:
    """All lists imported."""
    return LISTED


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield enter_listed(sqlite_app)


def rows_of(name: str) -> list[list[str]]:
    with (DATA / "plans" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def workbook(rows: list[list[str]], title: str = "", *, as_numbers: bool = False) -> bytes:
    """As Excel keeps it: with a title across the top, percentages and numbers as numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0%"})
    top = 0
    if title:
        sheet.merge_range(0, 0, 0, len(rows[0]) - 1, title)
        top = 2
    for row, cells in enumerate(rows, start=top):
        for column, cell in enumerate(cells):
            if as_numbers and cell.endswith("%") and cell[:-1].isdigit():
                sheet.write_number(row, column, int(cell[:-1]) / 100, percent)
            elif as_numbers and cell.isdigit():
                sheet.write_number(row, column, int(cell))
            else:
                sheet.write_string(row, column, cell)
    sheet.set_column(0, 40, 20)
    book.close()
    return content.getvalue()


@pytest.mark.parametrize("name", [COUNTY, INTERNAL, JOINT, QINGHE, PINGLUO])
def test_each_source_table_reads_the_same_from_a_workbook(county: int, name: str) -> None:
    rows = rows_of(name)
    plain = import_plan(None, name, (DATA / "plans" / name).read_bytes(), dry_run=True)
    data = workbook(rows, "年度抽查工作计划表", as_numbers=True)
    same = import_plan(None, name, data, dry_run=True)
    assert same.rows == plain.rows
    assert same.kind == plain.kind


def test_cells_read_as_they_are_shown() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, (value, shown) in enumerate(
        ((0.5, "0%"), (0.125, "0.0%"), (1, "0.00%"), (0.5, "General"), (2024033, "0"))
    ):
        sheet.write_number(0, column, value, book.add_format({"num_format": shown}))
    sheet.merge_range(1, 0, 2, 0, "联2024033")
    sheet.write_string(1, 1, "甲")
    sheet.write_string(2, 1, "乙")
    book.close()
    rows = read_workbook_rows(content.getvalue())
    assert rows[0] == ["50%", "12.5%", "100.00%", "0.5", "2024033"]
    assert [row[:2] for row in rows[1:]] == [["联2024033", "甲"], ["联2024033", "乙"]]


def test_a_bare_fraction_is_no_ratio_and_its_row_is_named(county: int) -> None:
    rows = rows_of(INTERNAL)
    rows[2][5] = "0.5"
    with pytest.raises(Fault) as refused:
        import_plan(None, "plan.xlsx", workbook(rows, "年度计划"))
    details = refused.value.details
    assert (details["reason"], details["row"], details["text"]) == ("plan.bad_ratio", 5, "0.5")


def test_the_header_of_a_second_page_is_no_task(county: int) -> None:
    rows = rows_of(COUNTY)
    doubled = [*rows[:30], [*rows[0]], *rows[30:]]
    assert len(import_plan(None, "plan.xlsx", workbook(doubled), dry_run=True).rows) == 63


def far_cell() -> bytes:
    """A small file whose used range would fill the memory."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.add_worksheet().write_string(1_048_575, 16_383, "far")
    book.close()
    return content.getvalue()


def bomb() -> bytes:
    content = io.BytesIO(workbook([["序号"]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zero.bin", bytes(20 * 1024 * 1024))
    return content.getvalue()


@pytest.mark.parametrize("make", [far_cell, bomb, lambda: b"PK\x03\x04 no workbook"])
def test_what_no_plan_needs_is_refused_before_it_is_unpacked(make: Any) -> None:
    with pytest.raises(Fault) as refused:
        read_workbook_rows(make())
    assert refused.value.code == "plan.unreadable_workbook"
