"""Use case: the year's numbers, for the annual report and for those of progress (R104, R105)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from domain.access import Action, Actor
from domain.indicators import ALL, Measure
from domain.reports.annual import (
    YearNumbers,
    list_numbers,
    same_day_before,
    tell_gap,
    tell_share,
)
from domain.reports.annual_form import INDICATOR_WORDS
from domain.reports.frozen import ReportKind
from domain.reports.listed import dump_lists
from domain.reports.report_calendar import PROGRESS_DAYS
from server.db import unit_of_work
from server.guard import require
from server.registry.service import count_firms_by_tier
from server.reports.annual_overview import count_year
from server.reports.making import beginning, check_day, freeze, read
from server.reports.models import Report

MINIMA = {
    Measure.JOINT_COUNT: "kpi.joint_count_min",
    Measure.JOINT_FIRMS: "kpi.joint_firms_min",
    Measure.CLASSES: "kpi.credit_use_min",
    Measure.DRAWN: "kpi.drawn_share_min",
}
LAST_PROGRESS = len(PROGRESS_DAYS)


def count_annual_of(actor: Actor, day: date, number: int = 0) -> dict[str, Any]:
    """As it would be frozen; ``number`` of the progress report, 0 for the year's. Raises
    ``report.day_refused``."""
    check_day(day)
    # What the register was a year ago nobody has kept.
    now = count_year(actor, day, sum(count_firms_by_tier(actor).values()))
    before = count_year(actor, same_day_before(day), None)
    lists = list_numbers(now, before)
    return {
        **beginning(ReportKind.PROGRESS if number else ReportKind.ANNUAL, day),
        "number": number,
        "numbers": {one.ref: len(one.ids) for one in lists},
        "indicators": list_indicators(actor, now, before),
        "lists": dump_lists(lists),
    }


def make_annual(actor: Actor, day: date, number: int = 0) -> Report:
    """Frozen. Raises as ``count_annual_of``."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work():
        period = f"{day.year}-{number}" if number else str(day.year)
        return freeze(actor, count_annual_of(actor, day, number), period)


def list_indicators(actor: Actor, now: YearNumbers, before: YearNumbers) -> list[dict[str, str]]:
    """As they are frozen, in their order."""
    return [_indicator(actor, one, now, before) for one in Measure]


def _indicator(
    actor: Actor, measure: Measure, now: YearNumbers, before: YearNumbers
) -> dict[str, str]:
    minimum = Decimal(read(actor, MINIMA[measure])) if measure in MINIMA else ALL
    share = now.share(measure, minimum)
    return {
        "measure": measure.value,
        "minimum": f"{minimum:f}",
        "now": tell_share(share),
        "before": tell_share(before.share(measure, minimum)),
        "gap": tell_gap(share, INDICATOR_WORDS[measure.value][1]),
    }
