"""Days a plan allows a visit on: its months, the county's months, a campaign's phases (R031, R122,
part 7 row 6). A visit outside is warned about, never forbidden: the plan may be late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Allowed:
    """The months of one plan's row; `plan` is the plan's title."""

    plan: str
    year: int
    start_month: int
    end_month: int


def visit_phases(phases: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The phases in which firms are visited; where none says so, all of them."""
    visiting = [
        one
        for one in phases
        if ("实施" in one["name"] or "检查" in one["name"]) and "方案" not in one["name"]
    ]
    return visiting or list(phases)


def warn_of_visit(
    day: date, windows: Sequence[Allowed], phases: Sequence[Mapping[str, str]] = ()
) -> list[Refused]:
    """What the day misses, one line each; empty when it fits all."""
    found = [
        Refused(
            "plan.note_outside_window",
            {"plan": one.plan, "year": one.year, "start": one.start_month, "end": one.end_month},
        )
        for one in windows
        if day.year != one.year or not one.start_month <= day.month <= one.end_month
    ]
    allowed = visit_phases(phases)
    if allowed and not any(_is_in(day, one) for one in allowed):
        spans = [f"{one['name']} {one['starts_on']}—{one['ends_on']}" for one in allowed]
        found.append(Refused("plan.note_outside_phases", {"phases": spans}))
    return found


def _is_in(day: date, phase: Mapping[str, str]) -> bool:
    return phase["starts_on"] <= day.isoformat() <= phase["ends_on"]
