"""One task written in two plans: the bureau's own joint plan and the county's (part 7 rows 6–8).

Names, scopes and windows differ between the two, so nothing is joined by itself: a pair is proposed
for its trade and its parties, a person confirms it, and then the county's row rules.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

COMPARED: Final = (
    "name", "object_scope", "item_text", "ratio_text", "window_text", "initiators", "cooperators",
)  # fmt: skip

ENDINGS: Final = ("双随机抽查", "联合抽查", "监督检查", "抽查", "检查", "监管")


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """`parties` are the initiators and the cooperators as the alias table knows them (codes, a name
    where it knows none); `is_initiating` whether the bureau initiates. `values` are as a plan
    stores them."""

    id: int
    category: str | None
    parties: dict[str, frozenset[str]]
    is_initiating: bool
    values: dict[str, Any]

    @property
    def departments(self) -> frozenset[str]:
        """Everybody who takes part."""
        return frozenset().union(*self.parties.values())

    @property
    def window(self) -> tuple[int, int] | None:
        """First and last month."""
        start, end = self.values["start_month"], self.values["end_month"]
        return None if start is None or end is None else (start, end)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two rows differ."""

    field: str
    own: Any
    county: Any


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that seem to be one task. `common` are the months both allow, None for none;
    `is_narrower` where one window leaves the other."""

    own: PlannedRow
    county: PlannedRow
    same_parties: bool
    differences: tuple[Difference, ...]
    common: tuple[int, int] | None
    is_narrower: bool

    @property
    def has_same_words(self) -> bool:
        """Whether both rows give the same official number, or the same name: such a pair can
        hardly be two tasks, even before somebody has said so."""
        rows = self.own.values, self.county.values
        numbers = [_plain(str(one.get("official_no") or "")) for one in rows]
        if all(numbers):
            return numbers[0] == numbers[1]
        mine, theirs = (_subject(one["name"]) for one in rows)
        return bool(mine) and mine == theirs


def propose_pairs(own: Sequence[PlannedRow], county: Sequence[PlannedRow]) -> tuple[Pair, ...]:
    """Rows of one trade in which the bureau has the same part, those with the same parties first;
    no row in two pairs. In the order of `own`."""
    found: list[Pair] = []
    taken: set[int] = set()
    for row in own:
        fitting = [
            other
            for other in county
            if other.id not in taken
            and row.category is not None
            and row.category == other.category
            and row.is_initiating == other.is_initiating
        ]
        fitting.sort(key=lambda other, row=row: row.departments != other.departments)  # type: ignore[misc]
        if fitting:
            taken.add(fitting[0].id)
            found.append(compare(row, fitting[0]))
    return tuple(found)


def compare(own: PlannedRow, county: PlannedRow) -> Pair:
    """The two side by side."""
    differences = tuple(
        Difference(field, own.values[field], county.values[field])
        for field in COMPARED
        if _said(own, field) != _said(county, field)
    )
    common = common_window(own.window, county.window)
    return Pair(
        own=own,
        county=county,
        same_parties=own.departments == county.departments,
        differences=differences,
        common=common,
        is_narrower=own.window != county.window,
    )


def _said(row: PlannedRow, field: str) -> Any:
    """Two spellings of one body are no difference."""
    return row.parties.get(field, row.values[field])


def _plain(text: str) -> str:
    """Without blanks and signs, full width made plain: printed tables wrap and pad as they like."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(one for one in wide if one.isalnum()).lower()


def _subject(name: str) -> str:
    """What a task is about: 对…的监管, …监督检查 and …检查 are ways of saying it."""
    words = _plain(name).removeprefix("对").replace("的", "")
    for ending in ENDINGS:
        words = words.removesuffix(ending)
    return words


def common_window(
    one: tuple[int, int] | None, other: tuple[int, int] | None
) -> tuple[int, int] | None:
    """The months in both; a window that is not stated allows all that the other does."""
    if one is None or other is None:
        return one or other
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start <= end else None
