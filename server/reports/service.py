"""Use cases of reports, for pages, commands and other subjects; each lives in the file of its
name."""

from __future__ import annotations

from domain.reports.frozen import build_form, list_refs
from server.reports.dates import (
    DueReport,
    find_next,
    list_dates,
    list_due,
    note_handed_in,
    set_days,
)
from server.reports.entries import (
    Entry,
    get_entry,
    list_entries,
    list_province_tasks,
    mark_province_tasks,
    remove_entry,
    save_entry,
)
from server.reports.head import Head, read_head, save_head
from server.reports.making import count_annex1_of, make_annex1
from server.reports.making_annual import LAST_PROGRESS, count_annual_of, make_annual
from server.reports.making_month import count_annex2_of, make_annex2
from server.reports.making_summary import count_summary_of, make_summary, usual_type
from server.reports.models import Report, ReportEntry
from server.reports.snapshots import (
    Behind,
    MadeReport,
    get_report,
    json_of,
    list_behind,
    list_makers,
    list_reports,
)

__all__ = [
    "LAST_PROGRESS",
    "Behind",
    "DueReport",
    "Entry",
    "Head",
    "MadeReport",
    "Report",
    "ReportEntry",
    "build_form",
    "count_annex1_of",
    "count_annex2_of",
    "count_annual_of",
    "count_summary_of",
    "find_next",
    "get_entry",
    "get_report",
    "json_of",
    "list_behind",
    "list_dates",
    "list_due",
    "list_entries",
    "list_makers",
    "list_province_tasks",
    "list_refs",
    "list_reports",
    "make_annex1",
    "make_annex2",
    "make_annual",
    "make_summary",
    "mark_province_tasks",
    "note_handed_in",
    "read_head",
    "remove_entry",
    "save_entry",
    "save_head",
    "set_days",
    "usual_type",
]
