"""Lookup: the team lead's day — planned, visited, received, still on a phone, found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from domain.access import Actor
from server.inspections.models import Inspection
from server.inspections.reading import can_read_sheet, list_days, list_of_day
from server.inspections.sheet_view import SheetView, view_sheet


@dataclass(frozen=True, slots=True)
class DayVisit:
    """One visit with the sheets this person may read; ``hidden`` counts the others."""

    inspection: Inspection
    sheets: tuple[SheetView, ...]
    hidden: int

    @property
    def is_visited(self) -> bool:
        """Whether somebody has been there: something was recorded."""
        return any(one.is_started for one in self.sheets)


@dataclass(frozen=True, slots=True)
class DayView:
    """A day. ``findings`` by severity, ``photos`` received and ``waiting`` over all visits."""

    day: date
    before: date | None
    after: date | None
    visits: tuple[DayVisit, ...]

    @property
    def sheets(self) -> list[SheetView]:
        """All readable sheets of the day."""
        return [sheet for visit in self.visits for sheet in visit.sheets]

    @property
    def visited(self) -> int:
        """Visits where something was recorded."""
        return sum(visit.is_visited for visit in self.visits)

    @property
    def states(self) -> Counter[str]:
        """Sheets per state."""
        return Counter(view.sheet.state for view in self.sheets)

    @property
    def findings(self) -> Counter[str]:
        """Failed items per severity."""
        total: Counter[str] = Counter()
        for view in self.sheets:
            total.update(view.findings)
        return total

    @property
    def waiting_photos(self) -> int:
        """Pictures still on phones."""
        return sum(view.waiting_photos for view in self.sheets)


def view_day(actor: Actor, day: date) -> DayView:
    """The visits planned for that day, with what has come in so far."""
    before, after = list_days(actor, day)
    return DayView(day, before, after, tuple(_visit(actor, i) for i in list_of_day(actor, day)))


def _visit(actor: Actor, inspection: Inspection) -> DayVisit:
    readable = [s for s in inspection.sheets if can_read_sheet(actor, inspection, s)]
    return DayVisit(
        inspection=inspection,
        sheets=tuple(view_sheet(actor, inspection, sheet) for sheet in readable),
        hidden=len(inspection.sheets) - len(readable),
    )
