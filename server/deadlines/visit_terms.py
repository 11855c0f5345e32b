"""Lookup: the terms of one visit, how each was counted, and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.deadlines import DeadlineState, DueDate, deadline_state
from domain.term_events import BY_TIME, TermEventKind
from domain.term_settings import Start, Unit
from domain.terms import Term, TermRule, count_due, days_left, read_rule
from server.accounts.service import get_jurisdiction
from server.deadlines.calendar import load_calendar
from server.deadlines.events import list_of_visit
from server.deadlines.facts.materials_overview import map_handed_over, map_leads
from server.deadlines.facts.overview import map_first_publications
from server.deadlines.service import as_met, map_kept_days, map_met_days
from server.deadlines.terms import NO_PAUSE, map_visit_times
from server.inspections.service import Inspection, Sheet
from server.runtime import today


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term of one sheet. ``due`` and ``state`` are None until it runs; ``rested`` and
    ``paused`` count the days passed over until then; ``is_capped``: the county's last day came
    first."""

    term: Term
    sheet: Sheet
    rule: TermRule
    start: date | None
    due: DueDate | None
    state: DeadlineState | None
    days_left: int | None
    rested: int
    paused: int

    @property
    def is_working(self) -> bool:
        """Counted in working days."""
        return self.rule.unit is Unit.WORKING

    @property
    def is_capped(self) -> bool:
        """The cap date holds, not the count."""
        return self.due is not None and self.due.due == self.rule.cap_date


def list_terms(inspection: Inspection) -> list[TermLine]:
    """Entry and publication of each sheet, and of a joint visit the materials that go to the
    department that leads; whose business the visit is, is the caller's to ask."""
    county, calendar, day = get_jurisdiction(inspection.jurisdiction_id), load_calendar(), today()
    time = map_visit_times(county.id, [inspection.id]).get(inspection.id, NO_PAUSE)
    codes = [sheet.code for sheet in inspection.sheets]
    entered = map_met_days(county.id, {one.id: one.entered_at for one in inspection.sheets})
    published = map_first_publications(county.id, [one.id for one in inspection.sheets])
    handed = map_handed_over(county.id, [*entered])
    lead = map_leads(county.id).get(inspection.task_id)
    kept, against = map_kept_days([*entered]), _map_met_against(inspection.id)
    found = []
    for sheet in inspection.sheets:
        ended = sheet.ended_on or inspection.ended_on
        terms = [Term.ENTRY, Term.PUBLICATION]
        if len(codes) > 1 and sheet.department_id != lead:
            terms.append(Term.MATERIALS)
        for term in terms:
            rule = read_rule(county.settings, term, codes)
            start = time.task_ended if rule.start is Start.TASK_END else ended
            due = count_due(rule, start, calendar, time.paused) if start and ended else None
            met = {
                Term.ENTRY: entered[sheet.id],
                Term.PUBLICATION: published.get(sheet.id, (None,))[0],
                Term.MATERIALS: handed.get(sheet.id, (None,))[0],
            }[term]
            if term is Term.ENTRY:
                due = as_met(due, met, kept.get(sheet.id))
            elif due and due.due != against.get((term.value, sheet.id), due.due):
                due = as_met(due, met, against[term.value, sheet.id])
            skipped = set(due.skipped) if due else set()
            found.append(
                TermLine(
                    term=term,
                    sheet=sheet,
                    rule=rule,
                    start=start,
                    due=due,
                    state=deadline_state(due.due, day, met, calendar) if due else None,
                    days_left=days_left(due.due, day, rule.unit, calendar) if due else None,
                    rested=len(skipped - time.paused),
                    paused=len(skipped & time.paused),
                )
            )
    return found


def _map_met_against(inspection_id: int) -> dict[tuple[str, int], date]:
    """(term, sheet) → the day it was met against, as is on record, unless it runs again since."""
    newest = {
        (one.term, one.subject_id): one
        for one in list_of_visit(inspection_id)
        if one.kind not in BY_TIME
    }
    return {key: one.due_on for key, one in newest.items() if one.kind == TermEventKind.MET}
