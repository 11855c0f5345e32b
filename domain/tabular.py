"""Cells of an office table: what a spreadsheet stored, read as a value, and written back.

Every reader takes the cell's text (never blank) and answers a JSON-ready value, dates as ISO text;
it raises `CellRefused` with a code of the catalogue. What is written by a `dump_` function is read
back as the same value.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from domain.distance import E7

# A spreadsheet keeps 15 digits of a number; of a longer one the rest is noughts.
LOSSLESS: Final = 10**15
CLEARED: Final = "清空"  # a blank cell leaves the old value, this word empties it
_CUT: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_DATE: Final = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MIDNIGHT: Final = re.compile(r"\s+0{1,2}:00(:00)?$")
_DEGREES: Final = re.compile(r"[0-9]{1,3}([.][0-9]{1,12})?")
_BETWEEN: Final = re.compile(r"[\s、，,；;|]+")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class CellRefused(Exception):
    """A cell that cannot be used; its place is added where it is known."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def cell_text(value: object) -> str:
    """What a spreadsheet holds in a cell, as the text a person means: 10000000000.0 is
    ``10000000000``, a date at midnight is its day. A number too long for a spreadsheet keeps its
    exponent, so that the readers can tell that digits were lost."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer():
            return str(int(value)) if abs(value) < LOSSLESS else f"{value:.14E}"
        case datetime():
            return value.date().isoformat() if value.time() == time(0) else str(value)
        case date():
            return value.isoformat()
        case _:
            return tidy(str(value))


def tidy(text: str) -> str:
    """Without blanks at both ends, line breaks and other control characters inside made blanks,
    and without the apostrophe that keeps an exported text from being a formula."""
    shown = text
    if not text.isprintable():
        plain = text.replace("\ufeff", "")
        shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in plain)
    shown = shown.strip()
    return shown[1:] if shown[:1] == "'" and shown.lstrip("'")[:1] in _FORMULA else shown


def guard_formula(text: str) -> str:
    """A text that a spreadsheet would compute gets an apostrophe; `tidy` takes it away again."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA and text else text


def read_text(text: str, width: int) -> str:
    """At most ``width`` characters."""
    refuse_cut(text)
    if len(text) > width:
        raise CellRefused("cell.too_long", most=width, found=len(text))
    return text


def refuse_cut(text: str) -> None:
    """Raises for ``9.11406E+17``: the spreadsheet threw the last digits of a number away."""
    if _CUT.fullmatch(text):
        raise CellRefused("cell.number_cut", text=text)


def read_count(text: str, most: int = 999_999) -> int:
    """A whole number from 0; ``1,200`` and full-width digits are understood."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10 and int(plain) <= most):
        raise CellRefused("cell.bad_count", text=text, most=most)
    return int(plain)


def read_day(text: str) -> str:
    """ISO text of 2024-03-01, 2024/3/1, 2024.3.1, 2024年3月1日 or 20240301."""
    plain = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", text).strip())
    match = _DATE.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        raise CellRefused("date.malformed", text=text)
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise CellRefused("date.malformed", text=text) from None
    if not 1900 <= found.year <= 2200:
        raise CellRefused("date.malformed", text=text)
    return found.isoformat()


def read_degrees(text: str, least: int, most: int) -> int:
    """Decimal degrees as whole 1e-7 degrees; a pair that was swapped is outside the bounds."""
    if not _DEGREES.fullmatch(text) or not least <= Decimal(text) <= most:
        raise CellRefused("plan.bad_degrees", text=text, least=least, most=most)
    return round(Decimal(text) * E7)


def dump_degrees(value: int | None) -> str:
    """As `read_degrees` reads them, without noughts at the end."""
    if value is None:
        return ""
    return f"{Decimal(value) / E7:.7f}".rstrip("0").rstrip(".")


def read_choice(text: str, words: Mapping[str, str]) -> str:
    """The code of a word: ``words`` is code → word; the code itself is understood, too."""
    wanted = unicodedata.normalize("NFKC", "".join(text.split()))
    for code, word in words.items():
        if wanted in (code, unicodedata.normalize("NFKC", word)):
            return code
    raise CellRefused("cell.unknown_word", text=text, known=list(words.values()))


def split_words(text: str) -> list[str]:
    """The words of a list cell, each once, in their order; 、 , ; | and blanks separate."""
    return list(dict.fromkeys(word for word in _BETWEEN.split(text) if word))
