"""A file's sheets as rows of text; formulas are read as the values they last had."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from domain.errors import Fault, fault
from domain.plan_files import read_csv_rows
from domain.tabular import cell_text, tidy
from server.exchange.file_guard import MAX_COLUMNS, MAX_ROWS, FileKind, detect_kind


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file whose bytes were looked through by ``detect_kind`` once."""

    kind: FileKind
    data: bytes

    def list_sheets(self) -> list[str]:
        """Names of the visible sheets, in order; none for a CSV file."""
        if self.kind is FileKind.CSV:
            return []
        with self._open() as book:
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
        with self._open() as book:
            if sheet not in book.sheet_names:
                raise fault("table.no_sheet", sheet=sheet)
            try:
                found = book.get_sheet_by_name(sheet)
                if found.total_height > MAX_ROWS or found.total_width > MAX_COLUMNS:
                    raise _too_many()
                rows = islice(found.iter_rows(), most)
                return [_trimmed([cell_text(cell) for cell in row]) for row in rows]
            except CalamineError:
                raise fault("table.unreadable") from None

    def _open(self) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self.data))
        except PasswordError:
            raise fault("table.encrypted") from None
        except (CalamineError, ValueError, OSError):
            raise fault("table.unreadable") from None


def open_table(data: bytes) -> TableFile:
    """Raises ``table.*`` for what is no table of ours."""
    return TableFile(detect_kind(data), data)


def _too_many() -> Fault:
    return fault("table.too_many_cells", rows=MAX_ROWS, columns=MAX_COLUMNS)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
