"""Use cases of inspections, for pages, commands and other subjects; each lives in the file of its
name. Inspections are created by the draw alone (``creation``)."""

from __future__ import annotations

from server.inspections.accepting import Left, Shown, accept_clean
from server.inspections.choosing import OpenChoice, Seen, choose_version, list_open_choices
from server.inspections.day import VISITS_PER_PAGE, DayView, DayVisit, SheetOfDay, view_day
from server.inspections.day_findings import FindingGroup, group_findings
from server.inspections.day_summary import (
    SignedSummary,
    SummaryDraft,
    find_draft,
    get_summary,
    list_summaries,
    sign_day,
)
from server.inspections.door import (
    DoorView,
    door_token,
    find_token,
    find_visit_of_token,
    look_up,
)
from server.inspections.due import SheetDue, due_of_sheets
from server.inspections.late import LateEdit, list_late_edits
from server.inspections.loads import count_visits
from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.officer_load import VisitLoad, visit_loads
from server.inspections.overview import (
    SheetOverview,
    count_by_state,
    list_sheet_overviews,
)
from server.inspections.paper_numbers import NOTICE, number_correction, number_paper
from server.inspections.paper_words import paper_words
from server.inspections.progress import DrawProgress, progress_of_draw
from server.inspections.publishing import (
    active_team,
    follow_publication,
    last_team,
    publish_inspection,
)
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
    list_of_task,
    target_of,
)
from server.inspections.records import find_assigned_on
from server.inspections.referring import list_inspected_firms, list_sent_officers
from server.inspections.relisting import Offer, list_offers, take_newest_lists
from server.inspections.reviewing import accept_sheet, enter_sheet, require_entry, return_sheet
from server.inspections.scheduling import can_plan, set_planned_on
from server.inspections.sheet_view import SheetView, view_sheet
from server.inspections.team_changes import (
    lock_visit,
    replace_member,
    require_replaceable,
    require_untouched,
    withdraw_visit,
)
from server.inspections.version_lines import version_lines
from server.inspections.withdrawing import find_begun, withdraw_inspections

__all__ = [
    "NOTICE",
    "SHEET_STATES",
    "VISITS_PER_PAGE",
    "DayView",
    "DayVisit",
    "DoorView",
    "DrawProgress",
    "FindingGroup",
    "Inspection",
    "LateEdit",
    "Left",
    "Offer",
    "OpenChoice",
    "Seen",
    "Sheet",
    "SheetDue",
    "SheetOfDay",
    "SheetOverview",
    "SheetView",
    "Shown",
    "SignedSummary",
    "SummaryDraft",
    "TeamMember",
    "VisitLoad",
    "accept_clean",
    "accept_sheet",
    "active_team",
    "can_plan",
    "can_read_sheet",
    "choose_version",
    "count_by_state",
    "count_visits",
    "door_token",
    "due_of_sheets",
    "enter_sheet",
    "find_assigned_on",
    "find_begun",
    "find_draft",
    "find_token",
    "find_visit_of_token",
    "follow_publication",
    "get_inspection",
    "get_sheet",
    "get_summary",
    "group_findings",
    "is_in_team",
    "last_team",
    "list_days",
    "list_inspected_firms",
    "list_inspections",
    "list_late_edits",
    "list_of_day",
    "list_of_draw",
    "list_of_task",
    "list_offers",
    "list_open_choices",
    "list_sent_officers",
    "list_sheet_overviews",
    "list_summaries",
    "lock_visit",
    "look_up",
    "number_correction",
    "number_paper",
    "paper_words",
    "progress_of_draw",
    "publish_inspection",
    "replace_member",
    "require_entry",
    "require_replaceable",
    "require_untouched",
    "return_sheet",
    "set_planned_on",
    "sign_day",
    "take_newest_lists",
    "target_of",
    "version_lines",
    "view_day",
    "view_sheet",
    "visit_loads",
    "withdraw_inspections",
    "withdraw_visit",
]
