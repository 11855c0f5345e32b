"""Annex 1 of the Qinghe notice: 11 rows × 4 numbers, cumulative for the year (R107, R108; domain
research 1.1).

Counted by draw: 次数 are the draws that gave a visit, 户数 their visits, a firm with each draw as
R111 counts it. Rows about enterprises count market entities alone; a draw of which not one is left
is none there. Which tasks are left out (assigned by the province, other bodies' city rows) the
caller has decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, NamedTuple

COLUMNS: Final = ("times", "drawn", "done", "problems")


class Visit(IntFlag):
    """What is known of a visit on the day of the report."""

    PLAIN = 0
    MARKET = 1  # of a market entity 企业
    DONE = 2  # every department's part has ended
    PROBLEM = 4  # a department has entered a problem


@dataclass(frozen=True, slots=True)
class CountedDraw:
    """A draw that counts. `visits` are ids of inspections by what is known of them."""

    id: int
    is_joint: bool
    on_platform: bool
    with_market_office: bool
    used_classes: bool
    visits: Mapping[Visit, Sequence[int]]


class Row(NamedTuple):
    """A row of the form. `is_joint` None: both kinds."""

    key: str
    on_platform: bool
    is_joint: bool | None = None
    only_market: bool = False
    only_classes: bool = False
    only_market_office: bool = False

    def takes(self, draw: CountedDraw) -> bool:
        """Whether the draw belongs in this row; if any of its visits does is another question."""
        return (
            draw.on_platform == self.on_platform
            and self.is_joint in (None, draw.is_joint)
            and (draw.used_classes or not self.only_classes)
            and (draw.with_market_office or not self.only_market_office)
        )


ROWS: Final = (
    Row("all", True),
    Row("internal", True, is_joint=False),
    Row("joint", True, is_joint=True),
    Row("enterprises", True, only_market=True),
    Row("classes", True, only_market=True, only_classes=True),
    Row("market_office", True, only_market_office=True),
    Row("market_office_internal", True, is_joint=False, only_market_office=True),
    Row("market_office_joint", True, is_joint=True, only_market_office=True),
    Row("other", False),
    Row("other_enterprises", False, only_market=True),
    Row("other_classes", False, only_market=True, only_classes=True),
)
_NEEDS: Final = {"drawn": Visit.PLAIN, "done": Visit.DONE, "problems": Visit.PROBLEM}


def count_annex1(draws: Iterable[CountedDraw]) -> dict[str, tuple[int, ...]]:
    """Row → its numbers in the order of `COLUMNS`, each the length of the list behind it."""
    known = list(draws)
    return {
        row.key: tuple(len(list_behind(known, row.key, column)) for column in COLUMNS)
        for row in ROWS
    }


def list_behind(draws: Iterable[CountedDraw], row_key: str, column: str) -> list[int]:
    """The ids a number stands for: of draws under `times`, else of inspections. Raises KeyError
    for what is no row or column of the form."""
    row = {one.key: one for one in ROWS}[row_key]
    if column == "times":
        return sorted(draw.id for draw in draws if _visits(draw, row, Visit.PLAIN))
    needed = _NEEDS[column]
    return sorted(one for draw in draws for one in _visits(draw, row, needed))


def _visits(draw: CountedDraw, row: Row, needed: Visit) -> list[int]:
    if not row.takes(draw):
        return []
    if row.only_market:
        needed |= Visit.MARKET
    return [one for known, ids in draw.visits.items() if known & needed == needed for one in ids]


def is_market_office(name: str) -> bool:
    """Whether a body of this name is the market regulator or a branch of it."""
    plain = "".join(name.split())
    return any(word in plain for word in ("市场监督管理", "市场监管", "工商行政管理"))
