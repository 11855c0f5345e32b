"""Which terms are open today, on which rung of the ladder they stand, and whom that concerns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.access import Actor, Role
from domain.calendar import WorkCalendar
from domain.deadlines import DueDate, MetBy, working_days_left
from domain.reminders import Ladder, Whom, find_rung, read_ladder
from server.accounts.directory import get_jurisdiction, list_departments, list_holders
from server.deadlines.calendar import load_calendar
from server.deadlines.service import due_of, map_met_days, map_visit_times, met_rule
from server.deadlines.terms import NO_PAUSE
from server.inspections.overview import SheetOverview, list_sheet_overviews
from server.notifications.writing import Told
from server.registry.officers import map_officer_people
from server.runtime import today

LOCKED = {"entered", "published"}


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A sheet whose term runs. ``source`` holds the due date: a date that moves begins anew."""

    source: str
    sheet: SheetOverview
    due: DueDate


def list_open_terms(jurisdiction_id: int, calendar: WorkCalendar) -> list[OpenTerm]:
    """The entry terms of the county that are not met."""
    sheets = [one for one in list_sheet_overviews(_watcher(jurisdiction_id)) if one.ended_on]
    met = map_met_days(jurisdiction_id, {one.sheet_id: one.entered_at for one in sheets})
    codes: dict[int, list[str]] = {}
    for one in sheets:
        codes.setdefault(one.inspection_id, []).append(one.department_code)
    found, times = [], map_visit_times(jurisdiction_id)
    for one in sheets:
        if met[one.sheet_id] is not None:
            continue
        time = times.get(one.inspection_id, NO_PAUSE)
        due = due_of(one.ended_on, codes[one.inspection_id], jurisdiction_id, calendar, time)
        if due is not None:
            source = f"entry:{one.sheet_id}:{due.due.isoformat()}"
            found.append(OpenTerm(source, one, due))
    return found


def list_open_sources(jurisdiction_id: int) -> set[str]:
    """What still needs to be reminded of."""
    return {one.source for one in list_open_terms(jurisdiction_id, load_calendar())}


def list_due_reminders(jurisdiction_id: int) -> list[Told]:
    """What the county's people are to be told today; written once, however often it is asked."""
    calendar, ladder = load_calendar(), read_ladder(get_jurisdiction(jurisdiction_id).settings)
    terms = list_open_terms(jurisdiction_id, calendar)
    people = _People(jurisdiction_id, [one.sheet for one in terms])
    return [told for term in terms for told in _tell(term, ladder, calendar, people)]


def _tell(
    term: OpenTerm, ladder: Ladder, calendar: WorkCalendar, people: _People
) -> Iterator[Told]:
    rung = find_rung(term.due.due, today(), ladder, calendar)
    if rung is None:
        return
    seen: set[int] = set()
    for whom in rung.whom:
        for person_id in people.find(whom, term.sheet):
            if person_id in seen:  # a lead who holds it is told once, as who holds it
                continue
            seen.add(person_id)
            yield Told(
                source=term.source,
                step=rung.step,
                kind=rung.kind,
                why=whom,
                person_id=person_id,
                subject=f"{term.sheet.number} {term.sheet.firm_name}",
                href=f"/inspections/{term.sheet.inspection_id}",
                due_on=term.due.due,
                days_left=working_days_left(term.due.due, today(), calendar),
            )


class _People:
    """Who is who for these sheets, each department asked once."""

    def __init__(self, jurisdiction_id: int, sheets: Sequence[SheetOverview]) -> None:
        self._officers = map_officer_people({id_ for one in sheets for id_ in one.officer_ids})
        self._by_receipt = met_rule(jurisdiction_id) is MetBy.RECEIPT
        self._roles: dict[tuple[int, Role], list[int]] = {}
        self._home = [one.id for one in list_departments() if one.is_home]

    def find(self, whom: Whom, sheet: SheetOverview) -> list[int]:
        match whom:
            case Whom.HOLDER:
                return self._holders(sheet)
            case Whom.LEAD:
                return self._of(sheet.department_id, Role.TEAM_LEAD)
            case Whom.DEPUTY:
                own = self._of(sheet.department_id, Role.DEPUTY_HEAD)
                return own or [
                    one for home in self._home for one in self._of(home, Role.DEPUTY_HEAD)
                ]
            case Whom.ASKED:
                return []

    def _holders(self, sheet: SheetOverview) -> list[int]:
        """One of whom has to act next, as on the board: what is entered waits for the receipt."""
        if sheet.state in LOCKED:
            return self._of(sheet.department_id, Role.OFFICE_STAFF) if self._by_receipt else []
        if sheet.state == "submitted":
            return self._of(sheet.department_id, Role.TEAM_LEAD)
        return [self._officers[one] for one in sheet.officer_ids if one in self._officers]

    def _of(self, department_id: int, role: Role) -> list[int]:
        key = (department_id, role)
        if key not in self._roles:
            self._roles[key] = list_holders(department_id, [role])
        return self._roles[key]


def _watcher(jurisdiction_id: int) -> Actor:
    """Nobody's account: sees the whole county and changes nothing."""
    return Actor(
        person_id=0,
        jurisdiction_id=jurisdiction_id,
        department_id=None,
        roles=frozenset({Role.AUDITOR}),
    )
