"""Use cases of the registers, for pages, commands and other subjects; each lives in the file of
its name."""

from __future__ import annotations

from server.registry.changes import add_entries, apply_changes, list_changes_of
from server.registry.checklist_export import export_checklists
from server.registry.checklist_import import ChecklistImport, import_checklists
from server.registry.checklists import (
    ChecklistDocument,
    build_check_item,
    checklist_document,
    find_checklist,
    get_checklist,
    is_check_entry,
    list_check_items,
    list_checklists,
    list_inspection_items,
    list_versions,
    task_references,
)
from server.registry.entries import list_entries, load_entries, plain_values, stored_values
from server.registry.firms import (
    CATEGORIES,
    NO_TIER,
    TIERS,
    count_firms,
    get_firm,
    list_eligible_firms,
    list_firm_ids,
    list_firms,
    list_firms_by_uscc,
)
from server.registry.initials import initials_of
from server.registry.officers import (
    find_officer_of_person,
    get_officer,
    list_all_officers,
    list_eligible_officers,
    list_officer_ids,
    list_officers,
    list_officers_by_id,
)
from server.registry.owner import owner_of, person_id_of, take_turns
from server.registry.paging import Page
from server.registry.sheet_lists import COMMON_LIST, LIST_OWNERS, list_withdrawn, sheet_lists_for
from server.registry.tiers import (
    combination_of,
    count_draw_tiers,
    count_worsened,
    draw_tier,
    list_tiers,
    list_worsened,
    summarise,
)

__all__ = [
    "CATEGORIES",
    "COMMON_LIST",
    "LIST_OWNERS",
    "NO_TIER",
    "TIERS",
    "ChecklistDocument",
    "ChecklistImport",
    "Page",
    "add_entries",
    "apply_changes",
    "build_check_item",
    "checklist_document",
    "combination_of",
    "count_draw_tiers",
    "count_firms",
    "count_worsened",
    "draw_tier",
    "export_checklists",
    "find_checklist",
    "find_officer_of_person",
    "get_checklist",
    "get_firm",
    "get_officer",
    "import_checklists",
    "initials_of",
    "is_check_entry",
    "list_all_officers",
    "list_changes_of",
    "list_check_items",
    "list_checklists",
    "list_eligible_firms",
    "list_eligible_officers",
    "list_entries",
    "list_firm_ids",
    "list_firms",
    "list_firms_by_uscc",
    "list_inspection_items",
    "list_officer_ids",
    "list_officers",
    "list_officers_by_id",
    "list_tiers",
    "list_versions",
    "list_withdrawn",
    "list_worsened",
    "load_entries",
    "owner_of",
    "person_id_of",
    "plain_values",
    "sheet_lists_for",
    "stored_values",
    "summarise",
    "take_turns",
    "task_references",
]
