"""What the county is measured by: now, at the year's end, and what would close a gap (R083, R084,
R109–R112).

The formulas are those of the monthly report (domain.md 1.1). At the year's end stands what was
reached so far and what the plan has still to bring, drawn as it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.plan_coverage import Share
from domain.publication_rates import Rates
from domain.reached_shares import Reached

ALL: Final = Decimal(100)


class Measure(StrEnum):
    """In the order in which the report names them."""

    JOINT_COUNT = "joint_count"
    JOINT_FIRMS = "joint_firms"
    CLASSES = "classes"
    DRAWN = "drawn"
    ENTRY = "entry"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a task has still to bring this year: `draws` of `firms_each`. `pool` counts its trade's
    firms, `drawn` the different ones of them drawn so far; `uses_classes` whether the trade has
    firms with a credit-risk class, which a draw would weigh."""

    id: int
    name: str
    is_joint: bool
    category: str | None
    draws: int
    firms_each: int
    pool: int = 0
    drawn: int = 0
    uses_classes: bool = False

    @property
    def firms(self) -> int:
        return self.draws * self.firms_each


@dataclass(frozen=True, slots=True)
class Indicator:
    """`year_end` is None for entry and publication: they reach 100 % or they do not. `to_do` counts
    what is missing now: draws, firms or sheets. `to_join` are internal tasks still to be drawn
    which, made joint, reach the minimum; `is_enough` whether they do."""

    measure: Measure
    now: Share
    year_end: Share | None
    to_do: int
    to_join: tuple[Remaining, ...] = ()
    is_enough: bool = True

    @property
    def is_reached(self) -> bool:
        """At the year's end where that is foreseen, else now."""
        return (self.year_end or self.now).is_reached


def read_indicators(
    reached: Reached, rates: Rates, left: Sequence[Remaining]
) -> tuple[Indicator, ...]:
    """All six in order. A task without a firm is not drawn, so it brings nothing."""
    coming = [one for one in left if one.draws > 0 and one.firms_each > 0]
    return (
        _joint(Measure.JOINT_COUNT, reached.by_count, coming),
        _joint(Measure.JOINT_FIRMS, reached.by_firms, coming),
        _foreseen(
            Measure.CLASSES,
            reached.by_classes,
            sum(one.draws for one in coming if one.uses_classes),
            sum(one.draws for one in coming),
        ),
        _foreseen(Measure.DRAWN, reached.drawn, _new_firms(coming, reached.drawn), 0),
        _rate(Measure.ENTRY, rates.entered, rates.ended),
        _rate(Measure.PUBLICATION, rates.published, rates.entered),
    )


def _joint(measure: Measure, now: Share, coming: Sequence[Remaining]) -> Indicator:
    size = {one.id: one.draws if measure is Measure.JOINT_COUNT else one.firms for one in coming}
    end = Share(
        now.part + sum(size[one.id] for one in coming if one.is_joint),
        now.whole + sum(size.values()),
        now.minimum,
    )
    missing, chosen = end.missing, list[Remaining]()
    # the largest first: each takes the most from what is missing
    internal = [one for one in coming if not one.is_joint]
    for one in sorted(internal, key=lambda one: (-size[one.id], one.id)):
        if missing <= 0:
            break
        chosen.append(one)
        missing -= size[one.id]
    return Indicator(measure, now, end, end.missing, tuple(chosen), missing <= 0)


def _foreseen(measure: Measure, now: Share, part: int, whole: int) -> Indicator:
    end = Share(now.part + part, now.whole + whole, now.minimum)
    return Indicator(measure, now, end, end.missing)


def _new_firms(coming: Sequence[Remaining], drawn: Share) -> int:
    """At most: each draw takes firms not drawn before, of a trade no more than it has left."""
    wanted: dict[str | None, int] = {}
    free: dict[str | None, int] = {}
    for one in coming:
        wanted[one.category] = wanted.get(one.category, 0) + one.firms
        free[one.category] = max(0, one.pool - one.drawn)
    new = sum(min(free[trade], count) for trade, count in wanted.items())
    return max(0, min(drawn.whole - drawn.part, new))


def _rate(measure: Measure, part: int, whole: int) -> Indicator:
    return Indicator(measure, Share(part, whole, ALL), None, whole - part)
