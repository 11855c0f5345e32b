"""Use cases of the registers, for pages, commands and other subjects; each lives in the file of
its name."""

from __future__ import annotations

from server.registry.changes import (
    add_entries,
    apply_change,
    apply_changes,
    list_changes,
    list_changes_of,
)
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
from server.registry.clashes import ChangedMeanwhile, Clash, version_of
from server.registry.entries import list_entries, load_entries, plain_values, stored_values
from server.registry.firm_search import (
    FirmFilter,
    find_firms,
    firm_filter,
    list_firm_ids,
    list_firms,
)
from server.registry.firm_writing import add_firm, change_firm_status, edit_firm
from server.registry.firms import (
    CATEGORIES,
    LACKS,
    NO_TIER,
    STATUSES,
    TIERS,
    FirmGaps,
    count_firms,
    count_firms_by_tier,
    count_gaps,
    find_firm_by_uscc,
    get_firm,
    list_areas,
    list_eligible_firms,
    list_firms_by_id,
    list_firms_by_uscc,
)
from server.registry.initials import initials_of
from server.registry.models import RegisterChange
from server.registry.officer_search import (
    OfficerFilter,
    count_officer_gaps,
    list_officer_areas,
    list_officer_ids,
    list_officers,
    officer_filter,
)
from server.registry.officer_writing import add_officer, edit_officer
from server.registry.officers import (
    find_officer_of_person,
    get_officer,
    list_all_officers,
    list_eligible_officers,
    list_linked_people,
    list_officers_by_id,
)
from server.registry.owner import owner_of, person_id_of, take_turns
from server.registry.paging import Page
from server.registry.recusals import (
    add_recusal,
    end_recusal,
    list_recusals,
    list_recused_officers,
)
from server.registry.sheet_lists import COMMON_LIST, LIST_OWNERS, list_withdrawn, sheet_lists_for
from server.registry.tag_files import TagImport, import_tags
from server.registry.tag_writing import add_tag, delete_tag, edit_tag, retire_tag, seed_tags
from server.registry.tags import (
    check_labels,
    codes_of_group,
    get_tag,
    list_tags,
    read_labels,
    tag_names,
)
from server.registry.tiers import (
    combination_of,
    count_draw_tiers,
    count_worsened,
    draw_tier,
    list_tiers,
    list_worsened,
    summarise,
)
from server.registry.vehicles import COLORS, list_vehicles, remove_vehicle, save_vehicle
from server.registry.wording import field_words, tell_value

__all__ = [
    "CATEGORIES",
    "COLORS",
    "COMMON_LIST",
    "LACKS",
    "LIST_OWNERS",
    "NO_TIER",
    "STATUSES",
    "TIERS",
    "ChangedMeanwhile",
    "ChecklistDocument",
    "ChecklistImport",
    "Clash",
    "FirmFilter",
    "FirmGaps",
    "OfficerFilter",
    "Page",
    "RegisterChange",
    "TagImport",
    "add_entries",
    "add_firm",
    "add_officer",
    "add_recusal",
    "add_tag",
    "apply_change",
    "apply_changes",
    "build_check_item",
    "change_firm_status",
    "check_labels",
    "checklist_document",
    "codes_of_group",
    "combination_of",
    "count_draw_tiers",
    "count_firms",
    "count_firms_by_tier",
    "count_gaps",
    "count_officer_gaps",
    "count_worsened",
    "delete_tag",
    "draw_tier",
    "edit_firm",
    "edit_officer",
    "edit_tag",
    "end_recusal",
    "export_checklists",
    "field_words",
    "find_checklist",
    "find_firm_by_uscc",
    "find_firms",
    "find_officer_of_person",
    "firm_filter",
    "get_checklist",
    "get_firm",
    "get_officer",
    "get_tag",
    "import_checklists",
    "import_tags",
    "initials_of",
    "is_check_entry",
    "list_all_officers",
    "list_areas",
    "list_changes",
    "list_changes_of",
    "list_check_items",
    "list_checklists",
    "list_eligible_firms",
    "list_eligible_officers",
    "list_entries",
    "list_firm_ids",
    "list_firms",
    "list_firms_by_id",
    "list_firms_by_uscc",
    "list_inspection_items",
    "list_linked_people",
    "list_officer_areas",
    "list_officer_ids",
    "list_officers",
    "list_officers_by_id",
    "list_recusals",
    "list_recused_officers",
    "list_tags",
    "list_tiers",
    "list_vehicles",
    "list_versions",
    "list_withdrawn",
    "list_worsened",
    "load_entries",
    "officer_filter",
    "owner_of",
    "person_id_of",
    "plain_values",
    "read_labels",
    "remove_vehicle",
    "retire_tag",
    "save_vehicle",
    "seed_tags",
    "sheet_lists_for",
    "stored_values",
    "summarise",
    "tag_names",
    "take_turns",
    "task_references",
    "tell_value",
    "version_of",
]
