"""A file's sheets as rows of text; formulas are read as the values they last had."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from domain.errors import Fault, fault
from domain.plan_files import read_csv_rows
from domain.tabular import cell_text, tidy
from server.exchange.file_guard import MAX_COLUMNS, MAX_ROWS, FileKind, detect_kind
from server.exchange.old_workbooks import OldSheet, read_old_workbook


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file whose bytes were looked through by ``detect_kind`` once."""

    kind: FileKind
    data: bytes
    _old: list[OldSheet] = field(default_factory=list, repr=False, compare=False)

    def list_sheets(self) -> list[str]:
        """Names of the visible sheets, in order; none for a CSV file."""
        if self.kind is FileKind.CSV:
            return []
        if self.kind is FileKind.XLS:
            old = self._read_old()
            return [one.name for one in old if one.is_visible] or [one.name for one in old]
        with _refusing_damage(), self._open() as book:
            shown = SheetVisibleEnum.Visible
            found = [one.name for one in book.sheets_metadata if one.visible == shown]
            return found or list(book.sheet_names)

    def read_rows(self, sheet: str = "", most: int = MAX_ROWS) -> list[list[str]]:
        """The first ``most`` rows of the sheet from its first line, each cell the text a person
        means, without empty cells at the end. Raises ``table.*``, ``plan.encoding``,
        ``plan.malformed``, ``plan.empty``."""
        if self.kind is FileKind.CSV:
            lines = read_csv_rows(self.data, MAX_ROWS + 1)
            if len(lines) > MAX_ROWS or any(len(line) > MAX_COLUMNS for line in lines):
                raise _too_many()
            return [_trimmed([tidy(cell) for cell in line]) for line in lines[:most]]
        if self.kind is FileKind.XLS:
            return [_trimmed(list(row)) for row in self._old_rows(sheet)[:most]]
        with _refusing_damage(), self._open() as book:
            if sheet not in book.sheet_names:
                raise fault("table.no_sheet", sheet=sheet)
            found = book.get_sheet_by_name(sheet)
            if found.total_height > MAX_ROWS or found.total_width > MAX_COLUMNS:
                raise _too_many()
            rows = islice(found.iter_rows(), most)
            return [_trimmed([cell_text(cell) for cell in row]) for row in rows]

    def _open(self) -> CalamineWorkbook:
        return CalamineWorkbook.from_filelike(io.BytesIO(self.data))

    def _read_old(self) -> list[OldSheet]:
        if not self._old:
            self._old.extend(read_old_workbook(self.data))
        return self._old

    def _old_rows(self, sheet: str) -> list[list[str]]:
        for one in self._read_old():
            if one.name == sheet:
                if one.rows is None:
                    raise _too_many()
                return one.rows
        raise fault("table.no_sheet", sheet=sheet)


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise fault("table.encrypted") from None
    except (CalamineError, ValueError, OSError):
        raise fault("table.unreadable") from None
    except BaseException as error:  # the reader's own panic is no Exception
        if type(error).__name__ == "PanicException":
            raise fault("table.unreadable") from None
        raise


def open_table(data: bytes, file_name: str = "") -> TableFile:
    """Raises ``table.*`` for what is no table of ours, or none of its name's kind."""
    kind = detect_kind(data)
    # Text under the name .xls is what many systems write; nobody writes it as .xlsx.
    if kind is FileKind.CSV and file_name.lower().endswith((".xlsx", ".xlsm")):
        raise fault("table.unreadable")
    return TableFile(kind, data)


def _too_many() -> Fault:
    return fault("table.too_many_cells", rows=MAX_ROWS, columns=MAX_COLUMNS)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
