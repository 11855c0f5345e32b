"""A p-chart of findings: is this month's share more than the months before it explain (R097, R099)?

Shewhart's rule: the centre p̄ is the share of the months before, the upper limit
p̄ + 3·√(p̄·(1 − p̄) ÷ n) for n checks of this month; 3 σ is one false alarm in 741. Where fewer than
`NORMAL_FROM` findings are to be expected the normal curve is no guide: the limit is then counted
from the binomial distribution, with the same chance of a false alarm.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import Final

SIGMAS: Final = 3
CHANCE: Final = 0.00135  # beyond 3 σ on one side
NORMAL_FROM: Final = 5


class Verdict(StrEnum):
    """NO_BASE: too little was checked before; TOO_FEW: too little now, or too few findings to mean
    anything whatever their share."""

    WARNING = "warning"
    QUIET = "quiet"
    TOO_FEW = "too_few"
    NO_BASE = "no_base"


class Method(StrEnum):
    """How the limit was found."""

    NORMAL = "normal"
    BINOMIAL = "binomial"


@dataclass(frozen=True, slots=True)
class Counted:
    """`found` of `checked`."""

    checked: int
    found: int

    @property
    def share(self) -> float:
        """0 of nothing."""
        return self.found / self.checked if self.checked else 0.0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.checked + other.checked, self.found + other.found)


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """Below these nothing is said: checks and findings of the month, checks of the base."""

    checked: int = 5
    found: int = 3
    base: int = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """`centre` and `upper` are shares from 0 to 1; both None with NO_BASE."""

    verdict: Verdict
    month: Counted
    base: Counted
    centre: float | None = None
    upper: float | None = None
    method: Method | None = None


def read_month(base: Counted, month: Counted, least: SmallNumbers) -> Reading:
    """`base` is the sum of the months before this one. A limit is told wherever there is a base,
    so that a chart can draw it, also where the month itself is too small to be judged."""
    if base.checked < least.base or not month.checked:
        verdict = Verdict.NO_BASE if base.checked < least.base else Verdict.TOO_FEW
        return Reading(verdict, month, base)
    upper, method = upper_limit(base, month.checked)
    if month.checked < least.checked or month.found < least.found:
        verdict = Verdict.TOO_FEW
    else:
        verdict = Verdict.WARNING if month.share > upper else Verdict.QUIET
    return Reading(verdict, month, base, base.share, upper, method)


def upper_limit(base: Counted, checked: int) -> tuple[float, Method]:
    """The largest share of `checked` that is still ordinary. A base without a finding counts as if
    it had one: that nothing was found does not prove that nothing can be."""
    centre = Fraction(max(base.found, 1), base.checked)
    if centre * checked >= NORMAL_FROM:
        p = float(centre)
        return min(1.0, p + SIGMAS * sqrt(p * (1 - p) / checked)), Method.NORMAL
    return _most_ordinary(float(centre), checked) / checked, Method.BINOMIAL


def _most_ordinary(p: float, checked: int) -> int:
    """The smallest k with P(X > k) ≤ `CHANCE` for X ~ B(checked, p)."""
    if p >= 1:
        return checked
    term = (1 - p) ** checked
    below, k = term, 0
    while 1 - below > CHANCE and k < checked:
        term *= (checked - k) / (k + 1) * p / (1 - p)
        k += 1
        below += term
    return k
