"""Numbers as a person types them, read into the wire's form (docs/protocol.md §13.3).

The phone reads what is typed by the same rule; both run `tests/vectors/typed.json`.
"""

import re
import unicodedata
from typing import Final

from domain.answers import MAX_PAIR

_TYPED: Final = re.compile(r"(-?)0*([0-9]+)(\.[0-9]+)?")
_WIRE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
_COUNT: Final = re.compile(r"[0-9]{1,7}")


def read_typed_decimal(text: str) -> str | None:
    """As the wire wants it: full-width digits taken, blanks and leading zeros dropped; None for
    what is no number."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("。", ".", 1)
    found = _TYPED.fullmatch(plain)
    if found is None:
        return None
    places = re.sub(r"\.?0+$", "", found[3] or "")
    decimal = f"{found[1]}{found[2]}{places}"
    return decimal if _WIRE.fullmatch(decimal) else None


def read_typed_pair(checked: str, failed: str) -> dict[str, int] | None:
    """A pair of counts; None unless both are whole, within a million and no more failed than were
    checked."""
    left, right = read_typed_decimal(checked) or "", read_typed_decimal(failed) or ""
    if not _COUNT.fullmatch(left) or not _COUNT.fullmatch(right):
        return None
    pair = {"checked": int(left), "failed": int(right)}
    return None if pair["failed"] > pair["checked"] or pair["checked"] > MAX_PAIR else pair
