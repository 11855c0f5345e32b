"""Which column of a file is which field: headers as bureaus write them, with their aliases."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

MOST_TITLE_ROWS: Final = 20  # a header stands below titles and notes, never far down
_BRACKETS: Final = re.compile(r"[(\[【<《][^)\]】>》]*[)\]】>》]")
_SIGNS: Final = re.compile(r"[\s*＊:：/_\-·、.]+")


def plain_header(text: str) -> str:
    """Without blanks, marks and the difference of wide and narrow letters."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text.replace("\ufeff", ""))).lower()


def match_headers(cells: Sequence[str], names: Mapping[str, Sequence[str]]) -> list[str]:
    """The field of each column, ``""`` where none fits; ``names`` is field → header and aliases.
    A note in brackets is forgiven where the whole header is unknown. Each field goes to the first
    column that fits best: a second one stays for the person to decide."""
    known = {plain_header(name): field for field, all_names in names.items() for name in all_names}
    found = [known.get(plain_header(cell), "") for cell in cells]
    taken = set(found)
    for place, cell in enumerate(cells):
        if not found[place]:
            bare = plain_header(_BRACKETS.sub("", unicodedata.normalize("NFKC", cell)))
            field = known.get(bare, "")
            if field not in taken:
                found[place] = field
                taken.add(field)
    seen: set[str] = set()
    for place, field in enumerate(found):
        if field in seen:
            found[place] = ""
        elif field:
            seen.add(field)
    return found


def find_header(rows: Sequence[Sequence[str]], names: Mapping[str, Sequence[str]]) -> int | None:
    """The row (from 0) whose cells are headers: most fields, the upper one of equals. None where
    no row names two."""
    best, most = None, 1
    for number, cells in enumerate(rows[:MOST_TITLE_ROWS]):
        matched = sum(bool(field) for field in match_headers(cells, names))
        if matched > most:
            best, most = number, matched
    return best
