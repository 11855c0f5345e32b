"""What an uploaded file is, before anything reads it: uploads are never trusted.

An XLSX is a ZIP that may unpack without end, and its reader makes room for every cell up to the
last one that is named: two cells at opposite corners of a sheet ask for 400 GB.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import StrEnum
from xml.parsers import expat

from domain.errors import fault

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ROWS = 60_000
MAX_COLUMNS = 200
_STEP = 256 * 1024
# PDF, PNG, JPEG, GIF, TIFF; WEBP and HEIC say so behind four bytes of length.
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# As UTF-16 in the directory of an old file: its macros, its encrypted body.
_OLE_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class FileKind(StrEnum):
    """What the bytes are; the name of the file says nothing."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


def detect_kind(data: bytes) -> FileKind:
    """Raises ``table.*`` for what is no table, too large, encrypted, or holds macros."""
    if len(data) > MAX_FILE_BYTES:
        raise fault("table.too_large", megabytes=MAX_FILE_BYTES // 1024 // 1024)
    if data.startswith(b"PK\x03\x04"):
        _check_xlsx(data)
        return FileKind.XLSX
    if data.startswith(_OLE):
        if _OLE_ENCRYPTED in data:
            raise fault("table.encrypted")
        if any(name in data for name in _OLE_MACROS):
            raise fault("table.macros")
        return FileKind.XLS
    if _is_picture(data):
        raise fault("table.picture")
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise fault("table.html")
    return FileKind.CSV


def _is_picture(data: bytes) -> bool:
    if data.startswith(b"BM"):  # two letters a table may begin with; a picture has noughts there
        return data[6:10] == b"\0\0\0\0"
    is_boxed = data[8:12] == b"WEBP" or (data[4:8] == b"ftyp" and b"\0" in data[:4])
    return is_boxed or data.startswith(_PICTURES)


def _check_xlsx(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            if len(parts) > MAX_PARTS or "xl/workbook.xml" not in names:
                raise fault("table.unreadable")
            if any(name.endswith("vbaproject.bin") for name in names):
                raise fault("table.macros")
            left = MAX_UNPACKED_BYTES
            for part in parts:
                left -= _walk(archive, part, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise fault("table.unreadable") from None
    except expat.ExpatError:
        raise fault("table.unreadable") from None


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """Unpacks one part without keeping it; answers its size. What the directory says of the size
    is not believed."""
    name = part.filename.lower()
    corner = _Corner() if name.startswith("xl/worksheets/") and name.endswith(".xml") else None
    size = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_STEP):
            size += len(chunk)
            if size > most:
                raise fault("table.too_large", megabytes=MAX_FILE_BYTES // 1024 // 1024)
            if name == "[content_types].xml" and b"macroenabled" in chunk.lower():
                raise fault("table.macros")
            if corner:
                corner.feed(chunk)
    return size


class _Corner:
    """Refuses a sheet as soon as one of its cells lies beyond the limits."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._row = self._column = 0

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def _refuse(self, *_args: object) -> None:
        raise fault("table.unreadable")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            place = attributes.get("r", "")
            self._row = int(place) if place.isdecimal() and len(place) < 9 else self._row + 1
            self._column = 0
        elif tag == "c":
            place = attributes.get("r", "")
            self._column = _column_of(place) if place else self._column + 1
            if digits := place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"):
                self._row = int(digits) if digits.isdecimal() and len(digits) < 9 else MAX_ROWS + 1
        else:
            return
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise fault("table.too_many_cells", rows=MAX_ROWS, columns=MAX_COLUMNS)


def _column_of(place: str) -> int:
    """1 for A, 28 for AB."""
    number = 0
    for letter in place[:8].upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number
