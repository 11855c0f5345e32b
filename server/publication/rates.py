"""Lookup: 录入率 and 公示率 by task, department and officer, live, and what is missing, with whose
turn it is (R083, R084)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from domain.access import Actor
from domain.deadlines import MetBy
from domain.publication_rates import Part, Rates, Step, count_rates
from server.deadlines.service import BoardRow, list_board, list_office, met_rule
from server.publication import rates_overview as overview
from server.publication.rates_overview import STATES, Filter, part_in

__all__ = ["BY", "Filter", "PartRow", "RateLine", "RateView", "view_rates"]

BY = ("task", "department", "officer")


@dataclass(frozen=True, slots=True)
class PartRow:
    """One department's part of a visit. ``holders`` are the people one of whom has the next step:
    the team or its lead before the entry, the department's office after it."""

    row: BoardRow
    part: Part
    holders: tuple[str, ...]

    @property
    def is_overdue(self) -> bool:
        """Whether the entry is late."""
        return self.row.is_overdue


@dataclass(frozen=True, slots=True)
class RateLine:
    """The rates of one task, department or officer; ``key`` is its id in filters."""

    key: int
    name: str
    rates: Rates


@dataclass(frozen=True)
class RateView:
    """Of what the actor sees under the filter; each number is counted when it is asked for."""

    actor: Actor
    wanted: Filter
    rule: MetBy

    @cached_property
    def total(self) -> Rates:
        """Of all parts under the filter, each once."""
        return count_rates(self._parts, self.rule)

    @cached_property
    def has_any(self) -> bool:
        """Whether there is anything in sight, whatever the filter."""
        return self.total.drawn > 0 or overview.has_parts(self.actor)

    def lines(self, by: str) -> list[RateLine]:
        """By task, department or officer, by name. Of a part each officer of its team answers: it
        counts for each, and the lines of officers add up to more than the total."""
        found = overview.count_parts_by(self.actor, self.wanted, by)
        lines = [
            RateLine(key, name, count_rates(parts, self.rule))
            for (key, name), parts in found.items()
        ]
        return sorted(lines, key=lambda line: (line.name, line.key))

    def missing(self, step: Step) -> list[PartRow]:
        """What keeps the rate of that step below 100 %, the most urgent first."""
        lacking = [one for one in STATES if part_in(one).lacks(step, self.rule)]
        states = overview.list_parts(self.actor, self.wanted, lacking)
        board = list_board(self.actor, states)
        offices = {one: list_office(one) for one in {row.sheet.department_id for row in board}}
        rows = []
        for row in board:
            part = part_in(states[row.sheet.sheet_id])
            holders = offices[row.sheet.department_id] if part.version else row.holders
            rows.append(PartRow(row, part, holders))
        return rows

    def count_missing(self, step: Step) -> int:
        """How many ``missing`` lists."""
        return sum(n for part, n in self._parts.items() if part.lacks(step, self.rule))

    @cached_property
    def _parts(self) -> dict[Part, int]:
        return overview.count_parts(self.actor, self.wanted)

    def names(self, by: str) -> list[tuple[int, str]]:
        """What can be chosen in a filter."""
        return overview.list_names(self.actor, by)

    @cached_property
    def years(self) -> list[int]:
        """With visits, the newest first."""
        return overview.list_years(self.actor)


def view_rates(actor: Actor, wanted: Filter) -> RateView:
    """Of every part in the actor's sight: the county for the office, heads and audit, the own
    department for its lead."""
    return RateView(actor, wanted, met_rule(actor.jurisdiction_id))
