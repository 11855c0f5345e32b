"""Does the year's plan cover everything, and what shares will it reach (R014, R109–R111)?

Counts are of the registers today; the plan's ratios and frequencies are taken as they stand. All
shares are exact fractions of 100, so that 60 % is reached at 60 and not at 59.99.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.sampling import DEFAULT_MULTIPLIERS, RiskTier, TierCounts, tier_quotas


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One own task of the year, counted once. `times` is 1 where the plan names none;
    `is_unconfirmed`: a row of another plan seems to be the same task, and nobody has said so yet.
    """

    id: int
    name: str
    is_joint: bool
    category: str | None
    items: frozenset[str]
    departments: frozenset[str]
    percent: Decimal | None
    times: int
    fixed_count: int
    is_unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """What no task covers: codes of items, departments and trades; `no_firms` are trades of tasks
    for which the register has no firm, `no_trade` tasks that name none."""

    items: tuple[str, ...]
    departments: tuple[str, ...]
    trades: tuple[str, ...]
    no_firms: tuple[str, ...]
    no_trade: tuple[int, ...]

    @property
    def is_full(self) -> bool:
        return not (self.items or self.departments or self.trades)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` against `minimum` percent. `missing` is the smallest number that would have
    to move to the joint side (of draws, of firms), 0 when the minimum is reached."""

    part: int
    whole: int
    minimum: Decimal

    @property
    def percent(self) -> Decimal | None:
        """To two decimals, rounded down: 59.999 is not 60. None of nothing."""
        if not self.whole:
            return None
        return Decimal(self.part * 10_000 // self.whole) / 100

    @property
    def is_reached(self) -> bool:
        return self.whole > 0 and Fraction(self.part * 100, self.whole) >= Fraction(self.minimum)

    @property
    def missing(self) -> int:
        needed = Fraction(self.minimum) * self.whole / 100
        return max(0, -(-needed.numerator // needed.denominator) - self.part)

    @property
    def missing_new(self) -> int | None:
        """As many new ones of the wanted side would do it too; None where no number would."""
        share = Fraction(self.minimum) / 100
        if share >= 1:
            return None if self.part < self.whole else 0
        needed = (share * self.whole - self.part) / (1 - share)
        return max(0, -(-needed.numerator // needed.denominator))


@dataclass(frozen=True, slots=True)
class Line:
    """What one task contributes."""

    task: PlannedTask
    pool: int
    firms_each: int

    @property
    def firms(self) -> int:
        """Of the whole year."""
        return self.firms_each * self.task.times


@dataclass(frozen=True, slots=True)
class Forecast:
    """By count of draws (R110), by firms drawn (R111), firms drawn ÷ register (R109): there a firm
    counts once, whatever its trades, so that no more than the register can be drawn.
    `to_join` are the internal tasks which, made joint, reach both: the fewest that do."""

    lines: tuple[Line, ...]
    by_count: Share
    by_firms: Share
    drawn: Share
    to_join: tuple[Line, ...]


def cover(
    tasks: Sequence[PlannedTask],
    items: Sequence[str],
    departments: Sequence[str],
    firms: Mapping[str, int],
) -> Coverage:
    """`firms` counts the register's firms by trade."""
    planned = {task.category for task in tasks if task.category}
    return Coverage(
        items=tuple(one for one in items if not any(one in task.items for task in tasks)),
        departments=tuple(
            one for one in departments if not any(one in task.departments for task in tasks)
        ),
        trades=tuple(trade for trade, count in firms.items() if count and trade not in planned),
        no_firms=tuple(sorted(trade for trade in planned if not firms.get(trade))),
        no_trade=tuple(task.id for task in tasks if task.category is None),
    )


def forecast(
    tasks: Sequence[PlannedTask],
    firms: Mapping[str, int],
    joint_count_min: Decimal = Decimal(60),
    joint_firms_min: Decimal = Decimal(50),
    drawn_min: Decimal = Decimal(3),
    tiers: Mapping[str, TierCounts] | None = None,
    multipliers: Mapping[RiskTier, Decimal] = DEFAULT_MULTIPLIERS,
    register: int | None = None,
) -> Forecast:
    """What the plan will come to if all of it is drawn as written. `tiers` counts the register's
    firms by trade and tier: with it each line has the number that the draw will have. `register`
    counts each firm once; without it no firm has two trades."""
    lines = tuple(_line(task, firms, tiers or {}, multipliers) for task in tasks)
    joint = [line for line in lines if line.task.is_joint]
    by_count = Share(_draws(joint), _draws(lines), joint_count_min)
    by_firms = Share(_firms(joint), _firms(lines), joint_firms_min)
    whole = sum(firms.values()) if register is None else register
    drawn = Share(_different_firms(lines, whole), whole, drawn_min)
    return Forecast(lines, by_count, by_firms, drawn, _to_join(lines, by_count, by_firms))


def _line(
    task: PlannedTask,
    firms: Mapping[str, int],
    tiers: Mapping[str, TierCounts],
    multipliers: Mapping[RiskTier, Decimal],
) -> Line:
    trade = task.category or ""
    pool = firms.get(trade, 0)
    if not task.percent:
        return Line(task, pool, min(pool, task.fixed_count))
    alone: dict[RiskTier | None, int] = {None: pool}
    quota = tier_quotas(tiers.get(trade) or alone, task.percent, multipliers, task.fixed_count)
    return Line(task, pool, quota.total)


def _to_join(lines: Sequence[Line], by_count: Share, by_firms: Share) -> tuple[Line, ...]:
    """The largest first: each takes the most from what is missing of either share."""
    missing_draws, missing_firms = by_count.missing, by_firms.missing
    chosen: list[Line] = []
    internal = [line for line in lines if not line.task.is_joint]
    for line in sorted(internal, key=lambda line: (-line.firms, line.task.id)):
        if missing_draws <= 0 and missing_firms <= 0:
            break
        chosen.append(line)
        missing_draws -= line.task.times
        missing_firms -= line.firms
    return tuple(chosen)


def _draws(lines: Sequence[Line]) -> int:
    """A task without a firm is not drawn, so it is no inspection of either kind."""
    return sum(line.task.times for line in lines if line.pool)


def _firms(lines: Sequence[Line]) -> int:
    return sum(line.firms for line in lines)


def _different_firms(lines: Sequence[Line], register: int) -> int:
    """At most: of a trade no more than it has, however many tasks and draws there are."""
    by_trade: dict[str | None, int] = {}
    pools = {line.task.category: line.pool for line in lines}
    for line in lines:
        by_trade[line.task.category] = by_trade.get(line.task.category, 0) + line.firms
    return min(register, sum(min(pools[trade], count) for trade, count in by_trade.items()))
