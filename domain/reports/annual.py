"""年度数据 and 工作开展情况数据 (R104, R105): the year's numbers up to a day beside those of the
year before up to the same day. No source shows a form for them; the rows follow the
road of the work.

A draw counts with the year it was made in and a visit with its draw, as in annex 1, but with what
the province assigned: it is the department's whole work. Results are the department's own parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.indicators import Measure
from domain.plan_coverage import Share
from domain.reports.listed import Listed, ListOf

# Section → its numbers with what they count, in the order of the form.
SECTIONS: Final[Mapping[str, Mapping[str, ListOf]]] = {
    "plan": {
        "tasks": ListOf.TASKS,
        "tasks_joint": ListOf.TASKS,
        "tasks_drawn": ListOf.TASKS,
    },
    "draws": {
        "draws": ListOf.DRAWS,
        "draws_joint": ListOf.DRAWS,
        "draws_market": ListOf.DRAWS,
        "draws_classes": ListOf.DRAWS,
        "visits": ListOf.VISITS,
        "visits_joint": ListOf.VISITS,
        "firms": ListOf.FIRMS,
        "done": ListOf.VISITS,
    },
    "findings": {"problems": ListOf.VISITS, "cases": ListOf.CASES},
    "follow_up": {
        "decided": ListOf.CASES,
        "corrected": ListOf.CASES,
        "penalty": ListOf.CASES,
        "transfer_agency": ListOf.CASES,
        "transfer_judicial": ListOf.CASES,
        "closed": ListOf.CASES,
    },
    "results": {
        "ended": ListOf.RESULTS,
        "entered": ListOf.RESULTS,
        "published": ListOf.RESULTS,
    },
}
KEYS: Final = {key: of for rows in SECTIONS.values() for key, of in rows.items()}
NOW, BEFORE = "now", "before"
# Of what each indicator is the share, with the column it is measured in.
SHARES: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.JOINT_COUNT: ("draws_joint", "draws"),
    Measure.JOINT_FIRMS: ("visits_joint", "visits"),
    Measure.CLASSES: ("draws_classes", "draws_market"),
    Measure.ENTRY: ("entered", "ended"),
    Measure.PUBLICATION: ("published", "entered"),
}


@dataclass(frozen=True, slots=True)
class YearNumbers:
    """Key → the ids it counts, of one year up to a day. `register` counts the open firms, None
    where it is not known for that day."""

    ids: Mapping[str, list[int]]
    register: int | None = None

    def share(self, measure: Measure, minimum: Decimal) -> Share | None:
        """An indicator; None where it cannot be told."""
        if measure is Measure.DRAWN:
            if self.register is None:
                return None
            return Share(len(self.ids["firms"]), self.register, minimum)
        part, whole = SHARES[measure]
        return Share(len(self.ids[part]), len(self.ids[whole]), minimum)


def list_numbers(now: YearNumbers, before: YearNumbers) -> list[Listed]:
    """Every number of both years with its list."""
    return [
        Listed(f"{side}/{key}", key, of, numbers.ids[key])
        for key, of in KEYS.items()
        for side, numbers in ((NOW, now), (BEFORE, before))
    ]


def same_day_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def tell_share(share: Share | None) -> str:
    """As it is printed; a dash of nothing."""
    percent = share.percent if share else None
    return "—" if percent is None else f"{percent:.2f}%"


def tell_gap(share: Share | None, unit: str) -> str:
    """What is missing to the minimum."""
    if share is None or not share.whole:
        return "—"
    return "达到" if share.is_reached else f"差 {share.missing} {unit}"
