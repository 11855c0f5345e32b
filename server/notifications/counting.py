"""How the day of a term was counted, as a reminder keeps it: what was so when it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.calendar import WorkCalendar
from domain.deadlines import DueDate
from domain.reminders import Matter
from domain.term_settings import Start
from domain.terms import Term, count_due, read_rule
from server.deadlines.terms import NO_PAUSE, VisitTime, map_visit_times
from server.notifications.terms_overview import SheetHead


class Counting:
    """Of the terms that are counted from a visit's end; the others are days somebody has set."""

    def __init__(
        self, jurisdiction_id: int, settings: Mapping[str, Any], calendar: WorkCalendar
    ) -> None:
        self._settings, self._calendar = settings, calendar
        self._times: Mapping[int, VisitTime] = map_visit_times(jurisdiction_id)
        self._known: dict[object, dict[str, Any]] = {}

    def find(
        self, matter: Matter, inspection_id: int, head: SheetHead | None
    ) -> dict[str, Any] | None:
        """Counted once for all visits that ended on one day."""
        if head is None:
            return None
        time = self._times.get(inspection_id, NO_PAUSE)
        rule = read_rule(self._settings, Term(matter.value), head.codes)
        start = time.task_ended if rule.start is Start.TASK_END else head.ended_on
        if start is None:
            return None
        key = rule, start, time.paused
        if key not in self._known:
            self._known[key] = dump_basis(count_due(rule, start, self._calendar, time.paused))
        return self._known[key]


def dump_basis(due: DueDate) -> dict[str, Any]:
    """``start`` never counts; ``rested`` and ``paused`` are days passed over, ``is_capped``: the
    county's last day came first."""
    return {
        "start": due.start.isoformat() if due.start else "",
        "days": due.days,
        "rested": len(due.skipped) - len(due.paused),
        "paused": len(due.paused),
        "is_capped": due.cap is not None,
        "is_provisional": due.provisional,
    }
