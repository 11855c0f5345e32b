"""The bytes of a platform's spreadsheet as rows of text: XLSX, XLS or CSV. Never trusted: a
workbook is a zip whose size is looked at before it is opened, and formulas count by their values.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as Time
from typing import Any

from python_calamine import CalamineWorkbook

from domain.errors import fault
from domain.plan_files import read_csv_rows

MAX_FILE_BYTES = 512 * 1024  # the preview carries the file to its confirmation in the page
MAX_UNPACKED_BYTES = 24 * 1024 * 1024
MAX_ROWS = 6000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_rows(data: bytes) -> list[list[str]]:
    """The first sheet. Raises ``official.too_large``, ``official.unreadable``, and what CSV raises
    (``plan.encoding`` …)."""
    if len(data) > MAX_FILE_BYTES:
        raise fault("official.too_large", kib=MAX_FILE_BYTES // 1024)
    if data.startswith(_ZIP):
        _refuse_bomb(data)
    if data.startswith((_ZIP, _OLE)):
        rows = _read_workbook(data)
    else:
        rows = read_csv_rows(data)
    if len(rows) > MAX_ROWS:
        raise fault("official.too_long", rows=MAX_ROWS)
    return rows


def _refuse_bomb(data: bytes) -> None:
    """What is unpacked is counted, not what the directory says."""
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist():
                if entry.file_size > left:
                    raise fault("official.too_large", kib=MAX_FILE_BYTES // 1024)
                with packed.open(entry) as part:
                    while block := part.read(1 << 16):
                        left -= len(block)
                        if left < 0:
                            raise fault("official.too_large", kib=MAX_FILE_BYTES // 1024)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise fault("official.unreadable") from None


def _read_workbook(data: bytes) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.total_height > MAX_ROWS or sheet.total_width > 200:
                raise fault("official.too_long", rows=MAX_ROWS)
            cells = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    except Exception as error:
        if hasattr(error, "status"):
            raise
        raise fault("official.unreadable") from None
    except BaseException as error:  # the reader's own panic is no Exception
        if type(error).__name__ == "PanicException":
            raise fault("official.unreadable") from None
        raise
    return [[_text(cell) for cell in row] for row in cells]


def _text(cell: Any) -> str:
    """As it is shown: a number that Excel made of a code without its ``.0``."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case Time() | timedelta():
            return str(cell)
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).strip()
