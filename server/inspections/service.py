"""Use cases of inspections, for pages, commands and other subjects; each lives in the file of its
name. Inspections are created by the draw alone (``creation``)."""

from __future__ import annotations

from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.overview import SheetOverview, count_by_state, list_sheet_overviews
from server.inspections.publishing import active_team, publish_inspection
from server.inspections.reading import (
    SHEET_STATES,
    can_read_sheet,
    get_inspection,
    get_sheet,
    is_in_team,
    list_days,
    list_inspections,
    list_of_day,
    list_of_draw,
    target_of,
)
from server.inspections.scheduling import set_planned_on

__all__ = [
    "SHEET_STATES",
    "Inspection",
    "Sheet",
    "SheetOverview",
    "TeamMember",
    "active_team",
    "can_read_sheet",
    "count_by_state",
    "get_inspection",
    "get_sheet",
    "is_in_team",
    "list_days",
    "list_inspections",
    "list_of_day",
    "list_of_draw",
    "list_sheet_overviews",
    "publish_inspection",
    "set_planned_on",
    "target_of",
]
