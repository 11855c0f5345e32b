"""Lookup: every term of a county as ``domain.term_events`` sees it. One function per term; a term
that is not here has no events."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar import WorkCalendar
from domain.county_settings import read_setting
from domain.deadlines import MetBy, met_day
from domain.followup import CaseState
from domain.term_events import SITE, Standing, midnight
from domain.term_settings import Start, Unit
from domain.terms import Term, TermRule, count_due, read_rule
from server.accounts.service import get_jurisdiction
from server.deadlines.calendar import load_calendar
from server.deadlines.facts import overview
from server.deadlines.facts.clues_overview import ClueFacts, list_clue_facts
from server.deadlines.facts.materials_overview import map_handed_over, map_leads
from server.deadlines.facts.overview import SheetFacts
from server.deadlines.facts.reports_overview import list_report_facts
from server.deadlines.facts.telling_overview import map_told
from server.deadlines.terms import NO_PAUSE, VisitTime, map_visit_times
from server.runtime import today

ONE_DAY = timedelta(days=1)
Ids = Collection[int] | None


@dataclass(frozen=True, slots=True)
class Subject:
    """One term of one sheet, case, revisit, clue or report's date, with its department;
    ``inspection_id`` None: it belongs to no visit."""

    term: Term
    subject_id: int
    inspection_id: int | None
    department_id: int
    unit: Unit
    standing: Standing


class County:
    """What all terms of a county are counted with, read once."""

    def __init__(self, jurisdiction_id: int) -> None:
        self.id = jurisdiction_id
        self.settings: Mapping[str, Any] = get_jurisdiction(jurisdiction_id).settings
        self.calendar: WorkCalendar = load_calendar()
        self.times: dict[int, VisitTime] = map_visit_times(jurisdiction_id)
        self._dues: dict[object, date] = {}
        self._sheets: list[SheetFacts] | None = None

    def list_sheets(self, ids: Ids) -> list[SheetFacts]:
        """As ``overview.list_sheet_facts``; all of them are read once, for four terms."""
        if ids is not None:
            return overview.list_sheet_facts(self.id, ids)
        if self._sheets is None:
            self._sheets = overview.list_sheet_facts(self.id)
        return self._sheets

    def due(self, rule: TermRule, start: date, paused: frozenset[date]) -> date:
        """Counted once for all visits that ended on one day."""
        key = (rule, start, paused)
        if key not in self._dues:
            self._dues[key] = count_due(rule, start, self.calendar, paused).due
        return self._dues[key]

    def standing(self, term: Term, one: SheetFacts) -> tuple[date | None, datetime | None]:
        """Due date of a sheet's term, and since when that is known."""
        time = self.times.get(one.inspection_id, NO_PAUSE)
        rule = read_rule(self.settings, term, one.codes)
        start = time.task_ended if rule.start is Start.TASK_END else one.ended_on
        if start is None or one.is_withdrawn:
            return None, None
        # Without a submission on record the term's own beginning is as early as it can be said.
        since = one.ended_at or midnight(start + ONE_DAY)
        since = max(since, time.paused_at) if time.paused_at else since
        return self.due(rule, start, time.paused), since


def list_entries(county: County, ids: Ids) -> list[Subject]:
    """录入 of each sheet."""
    rule = MetBy(read_setting(county.settings, "entry.met_by"))
    receipts = overview.map_first_receipts(county.id, ids) if rule is MetBy.RECEIPT else {}
    found = []
    for one in county.list_sheets(ids):
        entered, receipt = one.entered_at, receipts.get(one.sheet_id)
        day = _day(entered) if entered else None
        met_on = met_day(rule, day, receipt[0] if receipt else None)
        at = max(entered, receipt[1]) if entered and receipt else entered
        due, since = county.standing(Term.ENTRY, one)
        found.append(_sheet(Term.ENTRY, one, Standing(due, since, met_on, at if met_on else None)))
    return found


def list_publications(county: County, ids: Ids) -> list[Subject]:
    """公示 of each sheet."""
    published = overview.map_first_publications(county.id, ids)
    found = []
    for one in county.list_sheets(ids):
        met_on, at = published.get(one.sheet_id, (None, None))
        due, since = county.standing(Term.PUBLICATION, one)
        found.append(_sheet(Term.PUBLICATION, one, Standing(due, since, met_on, at)))
    return found


def list_materials(county: County, ids: Ids) -> list[Subject]:
    """报送资料 of each part of a joint visit that is not the leading department's; of a part that
    has come to lead since it was one of them, that there is nothing to hand over."""
    handed, leads = map_handed_over(county.id, ids), map_leads(county.id)
    begun = overview.list_followed(Term.MATERIALS)
    unit = read_rule(county.settings, Term.MATERIALS).unit
    found = []
    for one in county.list_sheets(ids):
        if len(one.codes) == 1:
            continue
        if one.department_id == leads.get(one.task_id):
            if one.sheet_id in begun:
                found.append(_sheet(Term.MATERIALS, one, Standing(None), unit))
        else:
            due, since = county.standing(Term.MATERIALS, one)
            standing = Standing(due, since, *handed.get(one.sheet_id, (None, None)))
            found.append(_sheet(Term.MATERIALS, one, standing, unit))
    return found


def list_tellings(county: County, ids: Ids) -> list[Subject]:
    """告知 of the version of each result that is in force."""
    told, rule = map_told(county.id, ids), read_rule(county.settings, Term.TELLING)
    found = []
    for one in county.list_sheets(ids):
        if (it := told.get(one.sheet_id)) is not None:
            due = county.due(rule, _day(it.entered_at), frozenset())
            # A version in force that was not told undoes the telling of the one before it.
            standing = Standing(due, it.entered_at, it.told_on, it.recorded_at or it.entered_at)
            found.append(_sheet(Term.TELLING, one, standing))
    return found


def list_follow_ups(county: County, ids: Ids) -> list[Subject]:
    """处置决定 of each problem."""
    found = []
    for one in overview.list_cases(county.id, ids):
        is_void = one.state == CaseState.VOID
        decided = one.decided_at if not is_void else None
        standing = Standing(
            due=None if is_void else one.decide_by,
            since=one.since if is_void or one.state == CaseState.OPEN else one.opened_at,
            met_on=_day(decided) if decided else None,
            met_since=decided or one.since,
        )
        found.append(
            Subject(Term.FOLLOW_UP, one.id, one.inspection_id, one.department_id,
                    Unit.WORKING, standing)
        )  # fmt: skip
    return found


def list_revisits(county: County, ids: Ids) -> list[Subject]:
    """回访 of each firm that was drawn."""
    return [
        Subject(
            Term.REVISIT, one.id, one.inspection_id, one.department_id, Unit.CALENDAR,
            Standing(one.due_on, one.drawn_at, one.visited_on, one.recorded_at),
        )
        for one in overview.list_revisits(county.id, ids)
    ]  # fmt: skip


def list_clue_acceptances(county: County, ids: Ids) -> list[Subject]:
    """受理 of each clue of the public."""
    return [
        _clue(Term.CLUE_ACCEPT, one, Standing(one.accept_by, one.received_at, *_met(one.left_at)))
        for one in list_clue_facts(county.id, ids)
    ]


def list_clue_answers(county: County, ids: Ids) -> list[Subject]:
    """办结答复 of each clue that was accepted."""
    return [
        _clue(
            Term.CLUE_FINISH, one,
            Standing(one.finish_by, one.running_since, *_met(one.ended_at)),
        )
        for one in list_clue_facts(county.id, ids)
    ]  # fmt: skip


def list_reports(county: County, ids: Ids) -> list[Subject]:
    """报送 of each date of the year's reports: it runs from the year's first day."""
    return [
        Subject(
            Term.REPORT, one.number, None, one.department_id, Unit.WORKING,
            Standing(one.due, midnight(date(one.year, 1, 1)), one.handed_in_on),
        )
        for one in list_report_facts(county.id, today(), county.calendar, ids)
    ]  # fmt: skip


SOURCES: Mapping[Term, Callable[[County, Ids], list[Subject]]] = {
    Term.ENTRY: list_entries,
    Term.PUBLICATION: list_publications,
    Term.MATERIALS: list_materials,
    Term.TELLING: list_tellings,
    Term.FOLLOW_UP: list_follow_ups,
    Term.REVISIT: list_revisits,
    Term.CLUE_ACCEPT: list_clue_acceptances,
    Term.CLUE_FINISH: list_clue_answers,
    Term.REPORT: list_reports,
}


def _clue(term: Term, one: ClueFacts, standing: Standing) -> Subject:
    return Subject(term, one.clue_id, None, one.department_id, Unit.WORKING, standing)


def _met(at: datetime | None) -> tuple[date | None, datetime | None]:
    return (_day(at), at) if at else (None, None)


def _sheet(term: Term, one: SheetFacts, standing: Standing, unit: Unit = Unit.WORKING) -> Subject:
    return Subject(term, one.sheet_id, one.inspection_id, one.department_id, unit, standing)


def _day(at: datetime) -> date:
    return at.astimezone(SITE).date()
