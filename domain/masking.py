"""Free text for everybody: numbers that lead to a person, and names known from the record, made
unreadable. The sentence stays a sentence."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

MASK: Final = "×××"

_GAP = r"[ \-·.]?"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMBERS: Final = re.compile(
    "|".join(
        (
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
            # An identity number, 18 and the old 15 digits: told by its date of birth, so that a
            # credit code, which is as long, stays.
            r"(?<![0-9A-Z])[1-8][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X](?![0-9A-Z])",
            r"(?<![0-9A-Z])[1-8][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Z])",
            rf"(?<![0-9A-Z])(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9A-Z])",
            r"(?<![0-9A-Z])\(?0[0-9]{2,3}\)?[ \-]?[2-9][0-9]{6,7}(?![0-9A-Z])",
            # An account: sixteen to nineteen digits. A credit code of digits alone begins with 9.
            r"(?<![0-9A-Z])(?!9[0-9]{17}(?![0-9]))[0-9]{16,19}(?![0-9A-Z])",
            rf"[{_PROVINCE}][A-HJ-NP-Z]{_GAP}(?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[挂学警港澳])(?![A-Z0-9])",
            r"(?<![0-9A-Z])(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*[0-9])[A-HJ-NPR-Z0-9]{17}(?![0-9A-Z])",
            r"(?<![0-9A-Z])[EGDSP][A-HJ-NP-Z]?[0-9]{7,8}(?![0-9A-Z])",
        )
    )
)


def mask_text(text: str, names: Collection[str] = ()) -> str:
    """Without telephone, identity, account, passport, vehicle and plate numbers and addresses of
    mail; each of `names` becomes its first character and 某."""
    shadow = "".join(map(_plain, text))
    parts, at = [], 0
    for found in _NUMBERS.finditer(shadow):
        parts += [text[at : found.start()], MASK]
        at = found.end()
    masked = "".join([*parts, text[at:]])
    for name in sorted({one.strip() for one in names}, key=len, reverse=True):
        if len(name) >= 2:  # a single character stands in too many words
            masked = masked.replace(name, f"{name[0]}某")
    return masked


def _plain(character: str) -> str:
    """As a keyboard without Chinese would type it; always one character."""
    folded = unicodedata.normalize("NFKC", character).upper()
    return folded if len(folded) == 1 else character
