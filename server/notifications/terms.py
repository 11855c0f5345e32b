"""Which terms are open today, on which rung of the ladder they stand, and whom that concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.calendar import WorkCalendar
from domain.deadlines import working_days_left
from domain.reminders import Ladder, Matter, Rung, find_rung, read_ladder
from domain.reports.report_calendar import LOOKED_BACK, DueState
from server.accounts.directory import get_jurisdiction
from server.deadlines.calendar import load_calendar
from server.deadlines.open_terms import list_open_terms as list_counted
from server.notifications.counting import Counting
from server.notifications.duties import LOCKED, People
from server.notifications.terms_overview import (
    SheetHead,
    list_orders,
    map_clue_numbers,
    map_sheet_heads,
    map_task_names,
    map_visit_names,
)
from server.notifications.writing import Told
from server.reports.dates import list_dates
from server.runtime import SITE_ZONE, today

OF_SHEETS = frozenset({Matter.ENTRY, Matter.PUBLICATION, Matter.MATERIALS, Matter.TELLING})
OF_CLUES = frozenset({Matter.CLUE_ACCEPT, Matter.CLUE_FINISH})


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A term that runs and is not met. ``subject_id``: a sheet, case, revisit or clue; of a report
    0, as it has no visit and no department of its own. ``began_on``: the day of what it is counted
    from, where that is a deed."""

    matter: Matter
    key: str
    due: date
    subject_id: int = 0
    inspection_id: int = 0
    department_id: int = 0
    began_on: date | None = None

    @property
    def source(self) -> str:
        """Holds the due date: a date that moves begins its ladder anew."""
        return f"{self.matter}:{self.key}:{self.due.isoformat()}"


def list_open_terms(jurisdiction_id: int) -> list[OpenTerm]:
    """Every term of the county in sight that people are reminded of."""
    found = [
        OpenTerm(
            Matter(one.term), str(one.subject_id), one.standing.due,
            one.subject_id, one.inspection_id or 0, one.department_id,
            one.standing.since.astimezone(SITE_ZONE).date() if one.standing.since else None,
        )
        for one in list_counted(jurisdiction_id)
        if one.standing.due is not None
    ]  # fmt: skip
    found += [
        OpenTerm(
            Matter.ORDER, str(one.case_id), one.due_on,
            one.case_id, one.inspection_id, one.department_id,
            one.decided_at.astimezone(SITE_ZONE).date(),
        )
        for one in list_orders(jurisdiction_id)
    ]  # fmt: skip
    return found + _reports()


def list_open_sources(jurisdiction_id: int) -> set[str]:
    """What still needs to be reminded of."""
    terms = list_open_terms(jurisdiction_id)
    heads = map_sheet_heads({one.subject_id for one in terms if one.matter is Matter.MATERIALS})
    return {_of_task(one, heads).source for one in terms}


def list_due_reminders(jurisdiction_id: int) -> list[Told]:
    """What the county's people are to be told today; written once, however often it is asked."""
    settings, calendar = get_jurisdiction(jurisdiction_id).settings, load_calendar()
    terms = list(_on_a_rung(list_open_terms(jurisdiction_id), read_ladder(settings), calendar))
    heads = map_sheet_heads({one.subject_id for one, _rung in terms if one.matter in OF_SHEETS})
    people = People(jurisdiction_id)
    counting = Counting(jurisdiction_id, settings, calendar)
    names = Names([one for one, _rung in terms], heads)
    return [
        told
        for term, rung in terms
        for told in _tell(term, rung, calendar, people, counting, names, heads)
    ]


class Names:
    """What a line calls each term's matter: visit and firm, task, number of a clue."""

    def __init__(self, terms: Collection[OpenTerm], heads: dict[int, SheetHead]) -> None:
        self._heads = heads
        self._visits = map_visit_names({one.inspection_id for one in terms if one.inspection_id})
        self._tasks = map_task_names(
            {
                heads[one.subject_id].task_id
                for one in terms
                if one.matter is Matter.MATERIALS and one.subject_id in heads
            }
        )
        self._clues = map_clue_numbers({one.subject_id for one in terms if one.matter in OF_CLUES})

    def find(self, term: OpenTerm) -> str:
        """Its key where it has no name."""
        if term.matter in OF_CLUES:
            return self._clues.get(term.subject_id, term.key)
        if term.matter is Matter.MATERIALS and term.subject_id in self._heads:
            return self._tasks.get(self._heads[term.subject_id].task_id, term.key)
        return self._visits.get(term.inspection_id, term.key)


def _of_task(term: OpenTerm, heads: dict[int, SheetHead]) -> OpenTerm:
    """Materials are handed over task by task: one line for all visits that are due on one day."""
    if term.matter is not Matter.MATERIALS or term.subject_id not in heads:
        return term
    return replace(term, key=f"{heads[term.subject_id].task_id}-{term.department_id}")


def _on_a_rung(
    terms: Collection[OpenTerm], ladder: Ladder, calendar: WorkCalendar
) -> Iterator[tuple[OpenTerm, Rung]]:
    day = today()
    rungs = {due: find_rung(due, day, ladder, calendar) for due in {one.due for one in terms}}
    for one in terms:
        rung = rungs[one.due]
        if rung is not None:
            yield one, rung


def _tell(
    term: OpenTerm,
    rung: Rung,
    calendar: WorkCalendar,
    people: People,
    counting: Counting,
    names: Names,
    heads: dict[int, SheetHead],
) -> Iterator[Told]:
    head = heads.get(term.subject_id) if term.matter in OF_SHEETS else None
    if term.matter is Matter.PUBLICATION and (head is None or head.state not in LOCKED):
        return  # nothing can be published that is not entered, and of that the entry's term tells
    source = _of_task(term, heads).source
    seen: set[int] = set()
    for whom in rung.whom:
        for person_id, why in people.find(whom, term.matter, term.department_id, head):
            if person_id in seen:  # a lead who holds it is told once, as who holds it
                continue
            seen.add(person_id)
            yield Told(
                source=source,
                step=rung.step,
                kind=rung.kind,
                why=why,
                person_id=person_id,
                subject=names.find(term),
                href=_href(term, head),
                due_on=term.due,
                days_left=working_days_left(term.due, today(), calendar),
                basis=counting.find(term, head),
            )


def _reports() -> list[OpenTerm]:
    since = today() - LOOKED_BACK
    return [
        OpenTerm(Matter.REPORT, f"{year}-{one.when.key}", one.when.due)
        for year in (since.year, since.year + 1)
        for one in list_dates(year)
        if one.state is not DueState.DONE and one.when.due >= since
    ]


def _href(term: OpenTerm, head: SheetHead | None) -> str:
    match term.matter:
        case Matter.TELLING if head is not None:
            return f"/telling/{term.inspection_id}/{head.code}"
        case Matter.MATERIALS if head is not None:
            return f"/tasks/{head.task_id}/materials"
        case Matter.CLUE_ACCEPT | Matter.CLUE_FINISH:
            return f"/clues/{term.subject_id}"
        case Matter.FOLLOW_UP | Matter.ORDER:
            return f"/follow-up/{term.subject_id}"
        case Matter.REVISIT:
            return f"/revisits/{term.subject_id}"
        case Matter.REPORT:
            return f"/reports/dates/{term.key.partition('-')[0]}"
        case _:
            return f"/inspections/{term.inspection_id}"
