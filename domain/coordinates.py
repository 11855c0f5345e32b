"""Decimal degrees as people type and copy them, kept in units of 1e-7 degree."""

import re
from decimal import Decimal
from typing import Final

from domain.distance import E7

# Within China; a pair that was swapped is not.
LATITUDES: Final = (3, 54)
LONGITUDES: Final = (73, 136)
_DEGREES: Final = re.compile(r"[0-9]{1,3}(?:[.][0-9]{1,12})?")


def parse_degrees(text: str, bounds: tuple[int, int]) -> int | None:
    """35.4862 is 354862000; None for what is no number between the bounds."""
    text = text.strip()
    if not _DEGREES.fullmatch(text) or not bounds[0] <= Decimal(text) <= bounds[1]:
        return None
    return round(Decimal(text) * E7)


def dump_degrees(value: int | None) -> str:
    """354862000 is 35.4862; nothing for None."""
    if value is None:
        return ""
    text = format(Decimal(value) / E7, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
