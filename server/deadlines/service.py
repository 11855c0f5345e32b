"""Use cases: when a result must be entered, how urgent that is, and who holds it (R074–R076)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.access import Actor
from domain.calendar import WorkCalendar
from domain.deadlines import (
    DeadlineState,
    DueDate,
    cap,
    deadline_state,
    due_date,
    shortest_term,
    working_days_left,
)
from server.accounts.service import get_jurisdiction, list_team_leads
from server.deadlines.calendar import load_calendar
from server.inspections.overview import SheetOverview, list_sheet_overviews
from server.runtime import SITE_ZONE, today

DEFAULT_WORKING_DAYS = 20
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
    one of whom has to act next; of an entered sheet, who entered it."""

    sheet: SheetOverview
    due: DueDate | None
    state: DeadlineState | None
    days_left: int | None
    holders: tuple[str, ...]

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
    default = int(settings.get("entry.working_days", DEFAULT_WORKING_DAYS))
    own: Mapping[str, Any] = settings.get("entry.working_days_by_department", {})
    return shortest_term(int(own.get(code, default)) for code in department_codes or [""])


def term_of(actor: Actor) -> int:
    """The county's usual term in working days, for the words beside a due date."""
    return entry_working_days(get_jurisdiction(actor.jurisdiction_id).settings, [])


def due_of(
    ended_on: date | None,
    department_codes: list[str],
    jurisdiction_id: int,
    calendar: WorkCalendar | None = None,
) -> DueDate | None:
    """The entry deadline of an inspection that ended on ``ended_on``; None while it has not."""
    if ended_on is None:
        return None
    settings = get_jurisdiction(jurisdiction_id).settings
    found = due_date(
        ended_on, entry_working_days(settings, department_codes), calendar or load_calendar()
    )
    cap_text = settings.get("entry.cap_date")
    latest = cap(found.due, date.fromisoformat(cap_text) if cap_text else None)
    return DueDate(latest, found.provisional, tuple(d for d in found.skipped if d <= latest))


def list_board(actor: Actor) -> list[BoardRow]:
    """All sheets in the actor's sight, the most urgent first."""
    calendar, now_day = load_calendar(), today()
    sheets = list_sheet_overviews(actor)
    codes: dict[int, list[str]] = {}
    for sheet in sheets:
        codes.setdefault(sheet.inspection_id, []).append(sheet.department_code)
    leads = {
        one: tuple(person.name for person in list_team_leads(one))
        for one in {sheet.department_id for sheet in sheets}
    }
    rows = [
        _row(s, codes[s.inspection_id], leads[s.department_id], actor, calendar, now_day)
        for s in sheets
    ]
    return sorted(rows, key=lambda row: row.sort_key)


def count_states(actor: Actor) -> Counter[str]:
    """How many sheets are overdue, due today, due soon …"""
    return Counter(row.state.value for row in list_board(actor) if row.state is not None)


def _row(
    sheet: SheetOverview,
    codes: list[str],
    leads: tuple[str, ...],
    actor: Actor,
    calendar: WorkCalendar,
    now_day: date,
) -> BoardRow:
    due = due_of(sheet.ended_on, codes, actor.jurisdiction_id, calendar)
    state = left = None
    if due is not None:
        met_on = sheet.entered_at.astimezone(SITE_ZONE).date() if sheet.entered_at else None
        state = deadline_state(due.due, now_day, met_on, calendar)
        left = working_days_left(due.due, now_day, calendar)
    holders = _holders(sheet, leads)
    return BoardRow(sheet=sheet, due=due, state=state, days_left=left, holders=holders)


def _holders(sheet: SheetOverview, leads: tuple[str, ...]) -> tuple[str, ...]:
    """The officer drawn first leads the visit; a handed-in sheet waits for a team lead of its
    department, who may be somebody else."""
    if sheet.state in {"entered", "published"}:
        return (sheet.entered_by,)
    return leads if sheet.state == "submitted" else sheet.team
