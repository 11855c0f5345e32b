"""Excel files of the old kind (.xls), read in a process of its own: ``python -m
server.exchange.old_workbooks``. Over a damaged file their reader panics, or asks for a terabyte and
takes its process with it; ours serves the phones."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.errors import fault
from domain.tabular import cell_text
from server.exchange.file_guard import MAX_COLUMNS, MAX_ROWS

ROOT = Path(__file__).parents[2]
MAX_MEMORY_BYTES = 2 * 2**30
MAX_SECONDS = 30
ENCRYPTED = 3


@dataclass(frozen=True, slots=True)
class OldSheet:
    """``rows`` None where the sheet is larger than any table of ours."""

    name: str
    is_visible: bool
    rows: list[list[str]] | None


def read_old_workbook(data: bytes) -> list[OldSheet]:
    """Every sheet, each cell the text a person means. Raises ``table.unreadable``,
    ``table.encrypted``."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server.exchange.old_workbooks"],
            input=data,
            capture_output=True,
            cwd=ROOT,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise fault("table.unreadable") from None
    if done.returncode == ENCRYPTED:
        raise fault("table.encrypted")
    if done.returncode:
        raise fault("table.unreadable")
    return [OldSheet(*one) for one in json.loads(done.stdout)]


def main() -> int:
    """Once, for one file. Exit codes: 0 done, 3 encrypted, anything else unreadable."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        return ENCRYPTED
    told = []
    for about in book.sheets_metadata:
        sheet = book.get_sheet_by_name(about.name)
        is_ours = sheet.total_height <= MAX_ROWS and sheet.total_width <= MAX_COLUMNS
        rows = [[cell_text(cell) for cell in row] for row in sheet.iter_rows()] if is_ours else None
        told.append((about.name, about.visible == SheetVisibleEnum.Visible, rows))
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
