"""Two spellings of one firm: names that are the same but for blanks, brackets and the legal form,
and names a slip of the hand apart."""

import re
import unicodedata
from typing import Final

MOST_EDITS: Final = 2
_NOISE: Final = re.compile(r"[\s()\[\]【】《》<>·.,，。、\-_—'\"“”]+")
# The longest first: 股份有限公司 ends in 有限公司.
_FORMS: Final = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "有限公司", "总公司", "分公司", "公司",
)  # fmt: skip


def plain_name(name: str) -> str:
    """The name without blanks, brackets and its legal form."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()
    for form in _FORMS:
        if plain.endswith(form) and len(plain) > len(form) + 1:
            return plain.removesuffix(form)
    return plain


def is_near(first: str, second: str, most: int = MOST_EDITS) -> bool:
    """Whether ``most`` letters or fewer are written, left out or exchanged between the two. In
    short names every letter counts, and a different number is always another firm."""
    if re.sub(r"[^0-9]", "", first) != re.sub(r"[^0-9]", "", second):
        return False
    most = min(most, (min(len(first), len(second)) - 1) // 3)
    return abs(len(first) - len(second)) <= most and _edits(first, second, most) <= most


def _edits(first: str, second: str, most: int) -> int:
    """Levenshtein's distance, given up beyond ``most``."""
    before = list(range(len(second) + 1))
    for row, left in enumerate(first, start=1):
        line = [row]
        for column, right in enumerate(second, start=1):
            line.append(min(before[column] + 1, line[-1] + 1, before[column - 1] + (left != right)))
        if min(line) > most:
            return most + 1
        before = line
    return before[-1]
