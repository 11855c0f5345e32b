"""How the day of a term was counted, as a reminder keeps it: what was so when it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from domain.calendar import WorkCalendar
from domain.deadlines import DueDate, counted_back
from domain.due_named import calendar_days_back
from domain.reminders import Matter
from domain.term_settings import Start, Unit
from domain.terms import Term, count_due, read_rule
from server.deadlines.terms import NO_PAUSE, VisitTime, map_visit_times
from server.notifications.terms_overview import SheetHead

FROM_VISIT = frozenset({Matter.ENTRY, Matter.PUBLICATION, Matter.MATERIALS})
FROM_DEED = frozenset({Matter.TELLING, Matter.CLUE_ACCEPT, Matter.CLUE_FINISH})
# Kept as a day: what it was counted with may have changed since.
KEPT = {
    Matter.FOLLOW_UP: Unit.WORKING,
    Matter.ORDER: Unit.CALENDAR,
    Matter.REVISIT: Unit.CALENDAR,
}


class CountedTerm(Protocol):
    """What of a term says how it is counted; ``began_on``: the day of the deed."""

    @property
    def matter(self) -> Matter: ...
    @property
    def due(self) -> date: ...
    @property
    def inspection_id(self) -> int: ...
    @property
    def began_on(self) -> date | None: ...


class Counting:
    """Of the terms that are counted from a visit's end, or from the day of a deed; of an order,
    whose day somebody has set, how long it leaves. The dates of reports are not counted."""

    def __init__(
        self, jurisdiction_id: int, settings: Mapping[str, Any], calendar: WorkCalendar
    ) -> None:
        self._settings, self._calendar = settings, calendar
        self._times: Mapping[int, VisitTime] = map_visit_times(jurisdiction_id)
        self._known: dict[object, DueDate] = {}

    def find(self, term: CountedTerm, head: SheetHead | None) -> dict[str, Any] | None:
        """Counted once for all that began on one day; None where the count does not come to the
        day that is kept, since it was counted by other rules then."""
        if term.matter in KEPT:
            return self._find_kept(term, KEPT[term.matter])
        paused: frozenset[date] = frozenset()
        if term.matter in FROM_VISIT and head is not None:
            time = self._times.get(term.inspection_id, NO_PAUSE)
            rule = read_rule(self._settings, Term(term.matter.value), head.codes)
            start = time.task_ended if rule.start is Start.TASK_END else head.ended_on
            paused = time.paused
        elif term.matter in FROM_DEED:
            rule, start = read_rule(self._settings, Term(term.matter.value)), term.began_on
        else:
            return None
        if start is None:
            return None
        key = rule, start, paused
        if key not in self._known:
            self._known[key] = count_due(rule, start, self._calendar, paused)
        due = self._known[key]
        return dump_basis(due, rule.unit) if due.due == term.due else None

    def _find_kept(self, term: CountedTerm, unit: Unit) -> dict[str, Any] | None:
        if term.began_on is None:
            return None
        if unit is Unit.CALENDAR:
            found = calendar_days_back(term.began_on, term.due)
        else:
            found = counted_back(term.began_on, term.due, self._calendar)
        return dump_basis(found, unit) if found else None


def dump_basis(due: DueDate, unit: Unit = Unit.WORKING) -> dict[str, Any]:
    """``start`` never counts; ``unit`` is that of ``days``; ``rested`` and ``paused`` are days
    passed over, ``is_capped``: the county's last day came first."""
    return {
        "start": due.start.isoformat() if due.start else "",
        "days": due.days,
        "unit": unit.value,
        "rested": len(due.skipped) - len(due.paused),
        "paused": len(due.paused),
        "is_capped": due.cap is not None,
        "is_provisional": due.provisional,
    }
