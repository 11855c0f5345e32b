"""What a record says and its recomputation does not (docs/draw.md §8): where, and how they differ.

The TypeScript implementation finds the same list; both run `tests/vectors/draw*.json`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

SHOWN_CHARACTERS: Final = 120


class What(StrEnum):
    """How a place differs. The first five make everything after them impossible to compute."""

    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_ALGORITHM = "unknown_algorithm"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    COUNT = "count"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place. `recorded` and `recomputed` are JSON texts, cut when long; for UNREADABLE
    `recomputed` says what belongs there, for REFUSED `recorded` is the code of the fault."""

    path: str
    what: What
    recorded: str = ""
    recomputed: str = ""

    def __str__(self) -> str:
        match self.what:
            case What.MISSING:
                return f"{self.path}: missing"
            case What.UNKNOWN_FIELD:
                return f"{self.path}: unknown field"
            case What.UNKNOWN_ALGORITHM:
                return f"{self.path}: recorded {self.recorded}, known are {self.recomputed}"
            case What.UNREADABLE:
                return f"{self.path}: recorded {self.recorded}, {self.recomputed} belongs here"
            case What.REFUSED:
                return f"{self.path}: {self.recorded} ({self.recomputed})"
            case What.COUNT:
                return (
                    f"{self.path}: recorded {self.recorded} entries, recomputed {self.recomputed}"
                )
            case What.VALUE:
                return f"{self.path}: recorded {self.recorded}, recomputed {self.recomputed}"


def compare(path: str, recorded: Any, recomputed: Any) -> Iterator[Difference]:
    """In the order of the recomputed value: keys by code point, a list's length before its
    entries. Numbers are compared by value, so that 2 and 2.0 of a JSON file are the same."""
    if isinstance(recorded, Mapping) and isinstance(recomputed, Mapping):
        for key in sorted({*recorded, *recomputed}):
            here = f"{path}.{key}"
            if key not in recorded:
                yield Difference(here, What.MISSING)
            elif key not in recomputed:
                yield Difference(here, What.UNKNOWN_FIELD)
            else:
                yield from compare(here, recorded[key], recomputed[key])
    elif isinstance(recorded, list) and isinstance(recomputed, list):
        if len(recorded) != len(recomputed):
            yield Difference(path, What.COUNT, str(len(recorded)), str(len(recomputed)))
        for index, (left, right) in enumerate(zip(recorded, recomputed, strict=False)):
            yield from compare(f"{path}[{index}]", left, right)
    elif not _is_same(recorded, recomputed):
        yield Difference(path, What.VALUE, shown(recorded), shown(recomputed))


def shown(value: Any) -> str:
    """The value as JSON, cut, with nothing that a terminal or a page cannot print."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        text = "…"
    if len(text) > SHOWN_CHARACTERS:
        text = text[:SHOWN_CHARACTERS] + "…"
    return printable(text)


def printable(text: str) -> str:
    """Half a surrogate pair is not."""
    return text.encode("utf-8", "backslashreplace").decode()


def is_number(value: Any) -> bool:
    """`True` is not, although Python says so."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_same(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return bool(left == right)
    return type(left) is type(right) and bool(left == right)
