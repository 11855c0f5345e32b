"""Lookups: findings counted over the sheets that are entered (R097–R099), in SQL.

A finding is a problem of the version in force: a case of ``followup`` that is not void. What was
checked are the entries with a result, less those of a firm that does not carry on the business
(code 7). All is narrowed to the reader's sight in one place, ``_sheets``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    distinct,
    extract,
    func,
    literal_column,
    select,
    true,
)

from domain.access import Action, Actor, Target, may
from domain.control_chart import Counted
from domain.followup import CaseState
from server.db import db
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from server.statistics.counts import FoundAt, Line, Repeat, Totals, Wanted

NOT_ENGAGED = 7
ENTERED = ("entered", "published")
LARGEST = 500  # lines of a table
IN_TIME = ("month", "season")  # in order of time, not by findings
# Not a parameter: PostgreSQL takes two parameters for two values, and would not group by it.
NOTHING: ColumnElement[str] = literal_column("''")


def sees_county(actor: Actor) -> bool:
    """Whether the whole county is counted, else the reader's own department."""
    return may(actor, Action.STATISTICS_READ, Target(actor.jurisdiction_id))


def sees_officers(actor: Actor) -> bool:
    """Whether the figures of single officers are the reader's business."""
    whole = Target(actor.jurisdiction_id, None if sees_county(actor) else actor.department_id)
    return may(actor, Action.OFFICER_STATISTICS_READ, whole)


def count_totals(actor: Actor, wanted: Wanted) -> Totals:
    """Of the whole period."""
    problem = FollowUp.id.is_not(None)
    query = _sheets(
        actor,
        wanted,
        func.count(distinct(Inspection.id)),
        func.count(distinct(case((problem, Inspection.id)))),
        func.count(FollowUp.id),
        func.count(distinct(Inspection.firm_id)),
        func.count(distinct(case((problem, Inspection.firm_id)))),
        func.coalesce(func.sum(case((FollowUp.state == CaseState.DONE.value, 1), else_=0)), 0),
    )
    return Totals(*db.session.execute(query).one())


def count_items(actor: Actor, wanted: Wanted) -> list[Line]:
    """By check entry, those with findings only, most findings first."""
    checked, found = _entries_of(actor, wanted, (), func.max(FollowUp.item_text))
    lines = [
        Line(key, text or key, checked.get((key,), 0) + unchecked, times, times)
        for (key,), (times, unchecked, text) in found.items()
    ]
    return sorted(lines, key=lambda one: (-one.findings, one.key))


def count_item_months(
    actor: Actor, wanted: Wanted, codes: Collection[str]
) -> dict[tuple[str, date], Counted]:
    """(entry, first day of the month) → how it was, for these entries."""
    checked, found = _entries_of(actor, wanted, _month(), func.count(), codes)
    counts = {}
    for key, year, month in checked.keys() | found.keys():
        times, unchecked, _n = found.get((key, year, month), (0, 0, 0))
        counted = Counted(checked.get((key, year, month), 0) + unchecked, times)
        counts[key, date(int(year), int(month), 1)] = counted
    return counts


def count_trade_months(actor: Actor, wanted: Wanted) -> dict[tuple[str, date], Counted]:
    """(trade, first day of the month) → visits, and those with a finding."""
    month, trade = _month(), _trade()
    problem = FollowUp.id.is_not(None)
    query = _sheets(
        actor,
        wanted,
        trade,
        *month,
        func.count(distinct(Inspection.id)),
        func.count(distinct(case((problem, Inspection.id)))),
    ).group_by(trade, *month)
    return {
        (key, date(int(year), int(number), 1)): Counted(visits, found)
        for key, year, number, visits, found in db.session.execute(query)
        if key
    }


def map_found_items(actor: Actor, wanted: Wanted, least: int) -> dict[str, str]:
    """Entry → its words, for those with at least so many findings: the few worth a chart."""
    query = (
        _sheets(actor, wanted, FollowUp.item_code, func.max(FollowUp.item_text))
        .where(FollowUp.id.is_not(None))
        .group_by(FollowUp.item_code)
        .having(func.count(FollowUp.id) >= least)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_by(actor: Actor, wanted: Wanted, by: str) -> list[Line]:
    """By ``trade``, ``firm``, ``tier``, ``month``, ``season`` (2026-4 is its fourth quarter) or
    ``officer``; each line with its visits, also those without a finding, but of firms only those
    with one. A visit counts for each officer of its team, so those lines add up to more than the
    whole; they stand by name, because more findings are no merit and no fault. Of more than
    ``LARGEST`` officers those with most visits are listed."""
    keys = _KEYS[by]()
    problem = FollowUp.id.is_not(None)
    with_problems = func.count(distinct(case((problem, Inspection.id))))
    visits = func.count(distinct(Inspection.id))
    query = _sheets(
        actor,
        wanted,
        *keys,
        visits,
        with_problems,
        # an officer's line joins the team: a finding must not count once per colleague
        func.count(distinct(FollowUp.id)),
    ).group_by(*keys)
    if by == "officer":
        query = query.join(
            TeamMember,
            and_(
                TeamMember.inspection_id == Inspection.id,
                TeamMember.department_id == Sheet.department_id,
                TeamMember.removed_at.is_(None),
            ),
        )
    if by == "firm":
        query = query.having(with_problems > 0)
    if by not in IN_TIME:
        most = visits if by == "officer" else with_problems
        query = query.order_by(most.desc(), keys[0])
    rows = db.session.execute(query.limit(LARGEST))
    lines = [Line(str(row[0]), str(row[1]), *row[2:]) for row in rows]
    if by == "officer":
        # Joined, the register's sixty names made SQLite walk all sheets once for each of them.
        register = db.session.execute(select(Officer.id, Officer.name))
        names = {row.id: row.name for row in register}
        lines = [replace(one, name=names[int(one.key)]) for one in lines]
        lines.sort(key=lambda one: (one.name, int(one.key)))
    if by in IN_TIME:
        digits = 2 if by == "month" else 1
        lines = [
            Line(key := f"{int(one.key)}-{int(one.name):0{digits}}", key, *_numbers(one))
            for one in lines
        ]
        lines.sort(key=lambda one: one.key)
    return lines


def list_repeats(actor: Actor, wanted: Wanted) -> list[Repeat]:
    """Most often first. Two departments that find the same at one visit have found it once."""
    times = func.count(distinct(Inspection.id))
    query = (
        _sheets(
            actor, wanted, Firm.id, Firm.name, FollowUp.item_code, func.max(FollowUp.item_text),
            times, func.min(Sheet.ended_on), func.max(Sheet.ended_on),
        )
        .where(FollowUp.id.is_not(None))
        .group_by(Firm.id, Firm.name, FollowUp.item_code)
        .having(times > 1)
        .order_by(times.desc(), Firm.id, FollowUp.item_code)
        .limit(LARGEST)
    )  # fmt: skip
    return [Repeat(*row) for row in db.session.execute(query)]


def list_found(actor: Actor, wanted: Wanted, kind: str, code: str) -> list[FoundAt]:
    """The firms with that finding (``item``) or with any at a visit of that trade (``trade``)."""
    query = _sheets(
        actor, wanted, Firm.id, Firm.name, Firm.uscc, Inspection.id, Inspection.number,
        _trade(), Sheet.ended_on,
    ).where(FollowUp.id.is_not(None))  # fmt: skip
    query = query.where(
        FollowUp.item_code == code if kind == "item" else PlanTask.category == code
    ).order_by(Sheet.ended_on, Inspection.id)
    newest = {row[0]: FoundAt(*row) for row in db.session.execute(query)}
    return sorted(newest.values(), key=lambda one: (one.name, one.firm_id))


def _sheets(actor: Actor, wanted: Wanted, *columns: Any, is_joined: bool = True) -> Select[Any]:
    """Entered sheets of visits that stand, in the reader's sight, each with its findings
    (``is_joined``): where there is none once, with an empty case."""
    query = (
        select(*columns)
        .select_from(Sheet)
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Firm, Inspection.firm_id == Firm.id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .where(
            Sheet.jurisdiction_id == actor.jurisdiction_id,
            Sheet.state.in_(ENTERED),
            Sheet.ended_on.between(wanted.first, wanted.last),
            Inspection.withdrawn_at.is_(None),
        )
    )
    if is_joined:
        query = query.outerjoin(FollowUp, _stands())
    if wanted.trade:
        query = query.where(PlanTask.category == wanted.trade)
    if not sees_county(actor):
        query = query.where(Sheet.department_id == actor.department_id)
    return query


def _entries_of(
    actor: Actor,
    wanted: Wanted,
    also: Sequence[ColumnElement[Any]],
    told: ColumnElement[Any],
    codes: Collection[str] | None = None,
) -> tuple[dict[tuple[Any, ...], int], dict[tuple[Any, ...], tuple[int, int, Any]]]:
    """By entry and ``also``: how many sheets checked it; and how many findings there are, how many
    of them where the sheet says it was not checked, and ``told``. The results are those of the
    first version: a finding that only a correction brought was checked, whatever they say. Two
    statements: in one, each entry of each sheet was looked up among the findings."""
    entry = func.json_each(Sheet.results).table_valued("key", "value", name="entry")
    result = cast(cast(entry.c.value, Text), Integer)  # PostgreSQL has it as JSON
    keys = entry.c.key, *also
    query = _sheets(actor, wanted, *keys, func.count(), is_joined=False).join(entry, true())
    query = query.where(result != NOT_ENGAGED).group_by(*keys)
    without = func.sum(case((result == NOT_ENGAGED, 1), else_=0))
    columns = *keys, func.count(FollowUp.id), without, told
    found = _sheets(actor, wanted, *columns, is_joined=False).join(FollowUp, _stands())
    found = found.join(entry, entry.c.key == FollowUp.item_code).group_by(*keys)
    if codes is not None:
        query, found = (one.where(entry.c.key.in_(codes)) for one in (query, found))
    return (
        {tuple(row[:-1]): row[-1] for row in db.session.execute(query)},
        {tuple(row[:-3]): tuple(row[-3:]) for row in db.session.execute(found)},
    )


def _stands() -> ColumnElement[bool]:
    return and_(FollowUp.sheet_id == Sheet.id, FollowUp.state != CaseState.VOID.value)


def _trade() -> ColumnElement[str]:
    return func.coalesce(PlanTask.category, NOTHING)


def _tier() -> ColumnElement[str]:
    return func.coalesce(Firm.tier, NOTHING)


def _month() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return extract("year", Sheet.ended_on), extract("month", Sheet.ended_on)


def _season() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    year, month = _month()
    # Literals, so that PostgreSQL groups by what it selects.
    two, three = literal_column("2", Integer), literal_column("3", Integer)
    return year, (cast(month, Integer) + two) // three


def _numbers(line: Line) -> Sequence[int]:
    return line.visits, line.with_problems, line.findings


_KEYS: dict[str, Any] = {
    "trade": lambda: (_trade(), _trade()),
    "firm": lambda: (Firm.id, Firm.name),
    "tier": lambda: (_tier(), _tier()),
    "month": _month,
    "season": _season,
    "officer": lambda: (TeamMember.officer_id, TeamMember.officer_id),
}
