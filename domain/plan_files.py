"""The bytes of an exported plan table as rows of cells."""

import csv
import io
from itertools import islice

from domain.errors import fault

# Bureaus' spreadsheets save CSV in the system's code page more often than in UTF-8.
ENCODINGS = ("utf-8-sig", "gb18030")


def read_csv_rows(content: bytes, most: int | None = None) -> list[list[str]]:
    """The rows of a CSV file, quoted cells and line breaks inside them understood, the first
    `most` of them. Raises `plan.encoding` for other encodings and for files that are no text,
    `plan.malformed` for broken quoting, `plan.empty` for nothing."""
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, most))
    except csv.Error:
        raise fault(
            "plan.malformed", row=len(rows) + 1, column="-", reason="plan.unreadable"
        ) from None
    if not rows:
        raise fault("plan.empty")
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # GB18030 accepts nearly anything; a NUL gives a spreadsheet or picture away.
        if "\0" not in text:
            return text
    raise fault("plan.encoding")
