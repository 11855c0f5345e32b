"""The bytes of an exported plan table as rows of cells."""

import csv
import io
from itertools import islice

from domain.errors import fault

# Bureaus' spreadsheets save CSV in the system's code page more often than in UTF-8.
ENCODINGS = ("utf-8-sig", "gb18030")
# What a spreadsheet calls "Unicode text": UTF-16, the cells parted by tabs.
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",\t;"
HEAD_CHARACTERS = 2_000


def read_csv_rows(content: bytes, most: int | None = None) -> list[list[str]]:
    """The rows of a CSV file, the first `most` of them; quoted cells and line breaks in them are
    understood, tabs or semicolons in place of commas, too. Raises `plan.encoding` for other
    encodings and for files that are no text, `plan.malformed` for broken quoting, `plan.empty` for
    nothing."""
    text = _decoded(content)
    head = text[:HEAD_CHARACTERS]
    separator = max(SEPARATORS, key=head.count)  # the comma where none is
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
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
    is_utf16 = content.startswith(UTF16_MARKS)
    for encoding in ("utf-16",) if is_utf16 else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # GB18030 accepts nearly anything; a NUL gives a spreadsheet or picture away.
        if "\0" not in text:
            return text
    raise fault("plan.encoding")
