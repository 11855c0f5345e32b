"""The bytes of a platform's spreadsheet as rows of text: XLSX, XLS or CSV."""

from __future__ import annotations

from domain.errors import Fault, fault
from domain.plan_files import read_csv_rows
from server.exchange.file_guard import FileKind
from server.exchange.reading import open_table

MAX_FILE_BYTES = 512 * 1024  # the preview carries the file to its confirmation in the page
MAX_ROWS = 6000


def read_rows(data: bytes) -> list[list[str]]:
    """The first sheet. Raises ``official.too_large``, ``official.too_long``,
    ``official.unreadable``, ``table.*`` for what is encrypted, holds macros or is no table, and
    what CSV raises (``plan.encoding`` …)."""
    if len(data) > MAX_FILE_BYTES:
        raise _too_large()
    try:
        table = open_table(data)
        if table.kind is FileKind.CSV:
            rows = read_csv_rows(data, MAX_ROWS + 1)
        else:
            rows = table.read_rows(table.list_sheets()[0], MAX_ROWS + 1)
    except Fault as refused:
        match refused.code:
            case "table.unreadable" | "table.empty" | "plan.empty":
                raise fault("official.unreadable") from None
            case "table.too_large":
                raise _too_large() from None
            case _:
                raise
    if len(rows) > MAX_ROWS:
        raise fault("official.too_long", rows=MAX_ROWS)
    return rows


def _too_large() -> Fault:
    return fault("official.too_large", kib=MAX_FILE_BYTES // 1024)
