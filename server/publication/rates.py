"""Lookup: 录入率 and 公示率 by task, department and officer, live, and what is missing, with whose
turn it is (R083, R084)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.access import Actor
from domain.deadlines import MetBy
from domain.publication_rates import Part, Rates, Step, count_rates
from server.deadlines.service import BoardRow, list_board, list_office, met_rule
from server.publication.records import Standing, map_standing
from server.publication.service import part_of
from server.results import service as results

BY = ("task", "department", "officer")


@dataclass(frozen=True, slots=True)
class PartRow:
    """One department's part of a visit. ``holders`` are the people one of whom has the next step:
    the team or its lead before the entry, the department's office after it."""

    row: BoardRow
    part: Part
    holders: tuple[str, ...]

    @property
    def year(self) -> int | None:
        """Of the visit; None where it has no day yet."""
        day = self.row.sheet.ended_on or self.row.sheet.planned_on
        return day.year if day else None

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


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page is narrowed to; None for all."""

    year: int | None = None
    task: int | None = None
    department: int | None = None
    officer: int | None = None

    def fits(self, one: PartRow) -> bool:
        """Whether the part is in sight."""
        sheet = one.row.sheet
        return (
            self.year in (None, one.year)
            and self.task in (None, sheet.task_id)
            and self.department in (None, sheet.department_id)
            and (self.officer is None or self.officer in sheet.officer_ids)
        )


@dataclass(frozen=True, slots=True)
class RateView:
    """``rows`` are the parts under the filter, ``every`` all in the actor's sight."""

    rule: MetBy
    rows: list[PartRow]
    every: list[PartRow]

    @property
    def total(self) -> Rates:
        """Of all parts under the filter, each once."""
        return count_rates((one.part for one in self.rows), self.rule)

    def lines(self, by: str) -> list[RateLine]:
        """By task, department or officer, by name. Of a part each officer of its team answers: it
        counts for each, and the lines of officers add up to more than the total."""
        grouped: dict[tuple[int, str], list[Part]] = {}
        for one in self.rows:
            for key in _KEYS[by](one):
                grouped.setdefault(key, []).append(one.part)
        lines = [
            RateLine(key, name, count_rates(parts, self.rule))
            for (key, name), parts in grouped.items()
        ]
        return sorted(lines, key=lambda line: (line.name, line.key))

    def missing(self, step: Step) -> list[PartRow]:
        """What keeps the rate of that step below 100 %, the most urgent first."""
        return [one for one in self.rows if one.part.lacks(step, self.rule)]

    def names(self, by: str) -> list[tuple[int, str]]:
        """What can be chosen in a filter."""
        found = {key for one in self.every for key in _KEYS[by](one)}
        return sorted(found, key=lambda one: (one[1], one[0]))

    @property
    def years(self) -> list[int]:
        """With visits, the newest first."""
        return sorted({one.year for one in self.every if one.year is not None}, reverse=True)


def view_rates(actor: Actor, wanted: Filter) -> RateView:
    """Of every part in the actor's sight: the county for the office, heads and audit, the own
    department for its lead."""
    board = list_board(actor)
    ids = [row.sheet.sheet_id for row in board]
    versions, standing = results.list_version_numbers(ids), map_standing(ids)
    offices = {one: list_office(one) for one in {row.sheet.department_id for row in board}}
    every = []
    for row in board:
        sheet = row.sheet
        version = versions.get(sheet.sheet_id, 0)
        part = part_of(
            sheet.ended_on is not None, version, standing.get(sheet.sheet_id, Standing())
        )
        holders = offices[sheet.department_id] if version else row.holders
        every.append(PartRow(row, part, holders))
    return RateView(
        rule=met_rule(actor.jurisdiction_id),
        rows=[one for one in every if wanted.fits(one)],
        every=every,
    )


def _tasks(one: PartRow) -> Iterable[tuple[int, str]]:
    return [(one.row.sheet.task_id, one.row.sheet.task_name)]


def _departments(one: PartRow) -> Iterable[tuple[int, str]]:
    return [(one.row.sheet.department_id, one.row.sheet.department_name)]


def _officers(one: PartRow) -> Sequence[tuple[int, str]]:
    return list(zip(one.row.sheet.officer_ids, one.row.sheet.team, strict=True))


_KEYS: dict[str, Callable[[PartRow], Iterable[tuple[int, str]]]] = {
    "task": _tasks,
    "department": _departments,
    "officer": _officers,
}
