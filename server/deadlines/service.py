"""Use cases: when a result must be entered, how urgent that is, and who holds it (R074–R076)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from domain.access import Actor, Role
from domain.calendar import WorkCalendar
from domain.county_settings import read_setting
from domain.deadlines import (
    DeadlineState,
    DueDate,
    MetBy,
    deadline_state,
    kept,
    met_day,
    working_days_left,
)
from domain.term_settings import Start
from domain.terms import Term, count_due, read_rule
from server.accounts.directory import list_holders
from server.accounts.models import Person
from server.accounts.service import get_jurisdiction, list_person_names, list_team_leads
from server.db import db
from server.deadlines.calendar import load_calendar
from server.deadlines.events import advance, advance_county, catch_up, list_term_events
from server.deadlines.models import KeptDueDate
from server.deadlines.terms import NO_PAUSE, VisitTime, map_visit_times
from server.inspections.overview import SheetOverview, list_sheet_overviews, map_department_codes
from server.publication.records import map_receipt_days
from server.runtime import SITE_ZONE, today

__all__ = [
    "BoardRow",
    "advance",
    "advance_county",
    "as_met",
    "build_rows",
    "catch_up",
    "due_after",
    "due_of",
    "due_of_visit",
    "entry_working_days",
    "list_board",
    "list_kept_days",
    "list_office",
    "list_term_events",
    "map_kept_days",
    "map_met_days",
    "map_visit_times",
    "met_rule",
    "term_of",
]

ENTERED = ("entered", "published")
MOST_NAMED = 500  # in one statement; of more than that all are read
Holders = tuple[tuple[str, ...], tuple[int, ...]]  # names, and accounts of those who have one
ORDER = (
    DeadlineState.OVERDUE,
    DeadlineState.DUE_TODAY,
    DeadlineState.DUE_SOON,
    DeadlineState.RUNNING,
    None,
    DeadlineState.MET_LATE,
    DeadlineState.MET,
)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One sheet on the board. ``due`` and ``state`` are None until the inspection has ended;
    ``days_left`` are working days, negative when overdue. ``holders`` are the names of the people
    one of whom has to act next; of a sheet that met its deadline, who entered it. ``holder_ids``:
    the accounts of those who have to act, to remind them."""

    sheet: SheetOverview
    due: DueDate | None
    state: DeadlineState | None
    days_left: int | None
    holders: tuple[str, ...]
    holder_ids: tuple[int, ...]

    @property
    def is_overdue(self) -> bool:
        """Whether the due date passed without entry."""
        return self.state is DeadlineState.OVERDUE

    @property
    def sort_key(self) -> tuple[int, date, int]:
        """Urgency first, then the due date, then the planned day."""
        when = self.due.due if self.due else (self.sheet.planned_on or date.max)
        return ORDER.index(self.state), when, self.sheet.inspection_id


def entry_working_days(settings: Mapping[str, Any], department_codes: list[str]) -> int:
    """The term N: the shortest of the departments that take part (part 7, row 2)."""
    return read_rule(settings, Term.ENTRY, department_codes).days


def term_of(actor: Actor) -> int:
    """The county's usual term in working days, for the words beside a due date."""
    return entry_working_days(get_jurisdiction(actor.jurisdiction_id).settings, [])


def due_of(
    ended_on: date | None,
    department_codes: list[str],
    jurisdiction_id: int,
    calendar: WorkCalendar | None = None,
    time: VisitTime = NO_PAUSE,
) -> DueDate | None:
    """The entry deadline of an inspection that ended on ``ended_on``; None while it has not, or,
    where the county counts from the task's end, while the task has not. ``time`` is the visit's
    own of ``map_visit_times``: without it no pause is known."""
    if ended_on is None:
        return None
    rule = read_rule(get_jurisdiction(jurisdiction_id).settings, Term.ENTRY, department_codes)
    start = time.task_ended if rule.start is Start.TASK_END else ended_on
    if start is None:
        return None
    return count_due(rule, start, calendar or load_calendar(), time.paused)


def due_of_visit(
    inspection_id: int,
    ended_on: date | None,
    department_codes: list[str],
    jurisdiction_id: int,
    calendar: WorkCalendar | None = None,
) -> DueDate | None:
    """The same for one visit by itself."""
    if ended_on is None:  # a draw sends hundreds out at once, and none of them has ended
        return None
    times = map_visit_times(jurisdiction_id, [inspection_id])
    time = times.get(inspection_id, NO_PAUSE)
    return due_of(ended_on, department_codes, jurisdiction_id, calendar, time)


def due_after(
    start: date,
    term: int,
    settings: Mapping[str, Any],
    calendar: WorkCalendar,
    paused: frozenset[date] = frozenset(),
) -> DueDate:
    """The entry deadline counted from that day, where the visit's term is known."""
    rule = replace(read_rule(settings, Term.ENTRY), days=term)
    return count_due(rule, start, calendar, paused)


def map_kept_days(sheet_ids: Collection[int] | None = None) -> dict[int, date]:
    """Sheet → the day it was met against, of these sheets, or all in sight, for which a later
    notice or setting would count another."""
    query = select(KeptDueDate.sheet_id, KeptDueDate.due_on)
    if sheet_ids is not None and len(sheet_ids) <= MOST_NAMED:
        query = query.where(KeptDueDate.sheet_id.in_(list(sheet_ids)))
    return {row.sheet_id: row.due_on for row in db.session.execute(query)}


def list_kept_days() -> list[date]:
    """Each of these days once."""
    return list(db.session.scalars(select(KeptDueDate.due_on).distinct()))


def as_met(due: DueDate | None, met_on: date | None, kept_on: date | None) -> DueDate | None:
    """A met deadline keeps the day it was met against, which no notice can move any more; while it
    is not met, nothing is kept."""
    return due if due is None or met_on is None else kept(due, kept_on)


def met_rule(jurisdiction_id: int) -> MetBy:
    """What meets the deadline in this county (part 7, row 21)."""
    return MetBy(read_setting(get_jurisdiction(jurisdiction_id).settings, "entry.met_by"))


def map_met_days(
    jurisdiction_id: int, entered: Mapping[int, datetime | None]
) -> dict[int, date | None]:
    """Sheet → the day its deadline was met; ``entered`` maps sheets to their instant of entry."""
    rule = met_rule(jurisdiction_id)
    receipts = map_receipt_days(entered) if rule is MetBy.RECEIPT else {}
    return {
        sheet: met_day(rule, at.astimezone(SITE_ZONE).date() if at else None, receipts.get(sheet))
        for sheet, at in entered.items()
    }


def list_office(department_id: int) -> tuple[str, ...]:
    """The names of a department's office staff, who see to the platform and the publication."""
    names = list_person_names(list_holders(department_id, [Role.OFFICE_STAFF]))
    return tuple(names[one] for one in sorted(names))


def list_board(actor: Actor, only: Collection[int] | None = None) -> list[BoardRow]:
    """All sheets in the actor's sight, or those of them with these ids, the most urgent first. Of a
    page of them see ``board``."""
    calendar, sheets = load_calendar(), list_sheet_overviews(actor, only)
    codes = map_department_codes(only)
    times = map_visit_times(actor.jurisdiction_id)
    dues = {
        one.sheet_id: due_of(
            one.ended_on,
            codes[one.inspection_id],
            actor.jurisdiction_id,
            calendar,
            times.get(one.inspection_id, NO_PAUSE),
        )
        for one in sheets
    }
    return sorted(build_rows(actor, sheets, dues, calendar), key=lambda row: row.sort_key)


def build_rows(
    actor: Actor,
    sheets: Sequence[SheetOverview],
    dues: Mapping[int, DueDate | None],
    calendar: WorkCalendar,
    *,
    after_entry: bool = False,
) -> list[BoardRow]:
    """One row for each of these sheets, in their order; ``dues`` by sheet. ``after_entry``: what
    met its deadline and is not published is held by the office that publishes it."""
    now_day, kept_days = today(), map_kept_days([one.sheet_id for one in sheets])
    met = map_met_days(actor.jurisdiction_id, {one.sheet_id: one.entered_at for one in sheets})
    departments = {sheet.department_id for sheet in sheets}
    leads = {one: _people(list_team_leads(one)) for one in departments}
    offices = {one: _office(one) for one in departments}
    rows = []
    for one in sheets:
        met_on = met[one.sheet_id]
        due = as_met(dues[one.sheet_id], met_on, kept_days.get(one.sheet_id))
        state = deadline_state(due.due, now_day, met_on, calendar) if due else None
        if due is None and met_on is not None:
            state = DeadlineState.MET  # before its term began: the task has not ended
        left = working_days_left(due.due, now_day, calendar) if due else None
        office = offices[one.department_id]
        if one.state not in ENTERED:
            names, ids = (
                leads[one.department_id]
                if one.state == "submitted"
                # the officer drawn first leads the visit; who reviews it may be somebody else
                else (one.team, one.person_ids)
            )
        elif met_on is None or (after_entry and one.state == "entered"):
            names, ids = office
        else:
            names, ids = (one.entered_by,), ()
        rows.append(BoardRow(one, due, state, left, names, ids))
    return rows


def _people(people: Iterable[Person]) -> Holders:
    told = [(one.name, one.id) for one in people]
    return tuple(name for name, _id in told), tuple(id_ for _name, id_ in told)


def _office(department_id: int) -> Holders:
    ids = list_holders(department_id, [Role.OFFICE_STAFF])
    return list_office(department_id), tuple(ids)
