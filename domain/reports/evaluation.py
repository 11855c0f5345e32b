"""工作效果评估 (R118): what a year, or its first half, has brought.

Numbers of the annual report, and beside them what they say of the work's effect: found again, put
right and how fast, late, visited again, reported by the public, and the burden on firms (R129). No
source shows a form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.indicators import ALL
from domain.plan_coverage import Share
from domain.reports.annual import BEFORE, KEYS, NOW, YearNumbers, tell_share
from domain.reports.listed import Listed, ListOf

HALF_END: Final = (6, 30)
MAX_TEXT: Final = 2000
TEXTS: Final = ("done", "conclusion", "measures")
# What is counted beside the year's numbers.
MORE: Final[Mapping[str, ListOf]] = {
    "problem_firms": ListOf.FIRMS,
    "repeat_firms": ListOf.FIRMS,
    "late_cases": ListOf.CASES,
    "late_results": ListOf.RESULTS,
    "revisits": ListOf.VISITS,
    "revisited": ListOf.VISITS,
    "not_corrected": ListOf.VISITS,
    "clues": ListOf.CLUES,
    "clues_closed": ListOf.CLUES,
    "again": ListOf.FIRMS,
    "saved": ListOf.RESULTS,
}
# Section → its lines: numbers and, by the names of ``RATES``, what they say.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "coverage": ("tasks", "tasks_drawn", "drawn_tasks", "visits", "firms", "done"),
    "findings": ("problems", "found", "cases", "problem_firms", "repeat_firms", "repeated"),
    "follow_up": ("decided", "closed", "closed_share", "days", "late_cases"),
    "results": ("ended", "entered", "published", "late_results"),
    "revisits": ("revisits", "revisited", "revisited_share", "not_corrected"),
    "clues": ("clues", "clues_closed", "clues_share"),
    "burden": ("visits_joint", "saved", "again", "visits_each"),
}
# The part and the whole of each share; of ``DAYS`` and ``EACH`` there is no percentage.
RATES: Final[Mapping[str, tuple[str, str]]] = {
    "drawn_tasks": ("tasks_drawn", "tasks"),
    "found": ("problems", "done"),
    "repeated": ("repeat_firms", "problem_firms"),
    "closed_share": ("closed", "cases"),
    "revisited_share": ("revisited", "revisits"),
    "clues_share": ("clues_closed", "clues"),
}
DAYS, EACH = "days", "visits_each"
USED: Final = tuple(
    key
    for lines in SECTIONS.values()
    for key in lines
    if key not in RATES and key not in (DAYS, EACH)
)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year, or its first half; both begin on 1 January."""

    year: int
    is_half: bool = False

    @property
    def code(self) -> str:
        """2026, 2026-1."""
        return f"{self.year}-1" if self.is_half else str(self.year)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, *HALF_END) if self.is_half else date(self.year, 12, 31)


def parse_period(code: str) -> Period | None:
    """The reverse of ``code``; None for anything else."""
    year, dash, half = code.partition("-")
    if len(year) != len("2026") or not year.isdecimal() or (dash and half != "1"):
        return None
    return Period(int(year), is_half=bool(dash)) if int(year) else None


@dataclass(frozen=True, slots=True)
class Effect:
    """One period up to a day: ``numbers`` of the year and of ``MORE``; ``days`` that each closed
    case took from its entry to its end."""

    numbers: YearNumbers
    days: tuple[int, ...] = ()

    def rate(self, key: str) -> str:
        """As it is printed; a dash of nothing."""
        ids = self.numbers.ids
        if key == DAYS:
            return f"{sum(self.days) / len(self.days):.1f}" if self.days else "—"
        if key == EACH:
            firms = len(ids["firms"])
            return f"{len(ids['visits']) / firms:.2f}" if firms else "—"
        part, whole = RATES[key]
        return tell_share(Share(len(ids[part]), len(ids[whole]), ALL))


def list_numbers(now: Effect, before: Effect) -> list[Listed]:
    """Every number of both periods with its list."""
    of = {**KEYS, **MORE}
    return [
        Listed(f"{side}/{key}", key, of[key], effect.numbers.ids[key])
        for key in USED
        for side, effect in ((NOW, now), (BEFORE, before))
    ]


def tell_rates(now: Effect, before: Effect) -> dict[str, str]:
    """By ref."""
    keys = (*RATES, DAYS, EACH)
    return {f"{NOW}/{key}": now.rate(key) for key in keys} | {
        f"{BEFORE}/{key}": before.rate(key) for key in keys
    }


def list_gaps(indicators: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Of an evaluation's indicators those that were not reached: measure and what was missing."""
    return [
        {"measure": one["measure"], "gap": one["gap"]}
        for one in indicators
        if one["gap"].startswith("差")
    ]
