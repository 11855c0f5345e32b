"""Which lists and items each department finds on its sheet of a visit (谁检查、谁录入; R029).

The home department gets the common items and everything no other department owns; another
department gets the items that name it and the lists that are its own. Entries of a withdrawn item
are on no new sheet (清单之外无检查, R042).
"""

from __future__ import annotations

from typing import Any, Protocol

from domain.errors import fault
from server.accounts.models import Department
from server.accounts.service import find_department
from server.registry.checklists import find_checklist

COMMON_LIST = "common"
# Lists written for one cooperating department as a whole.
LIST_OWNERS = {"market_reg": "市场监督管理局", "police_joint": "公安局"}


class HasChecklists(Protocol):
    """A plan's task, as far as this rule looks at it."""

    checklist_codes: list[str]


def sheet_lists_for(task: HasChecklists, department: Department) -> list[dict[str, Any]]:
    """``[{"list": "passenger@1", "items": ["PAX-01", …]}, …]`` with the newest versions; a list
    without an item for this department is left out. Raises ``checklist.not_found``."""
    lists = []
    for code in task.checklist_codes:
        checklist = find_checklist(code)
        if checklist is None:
            raise fault("checklist.not_found", checklist=code)
        items = [
            entry.code
            for entry in checklist.entries
            if entry.item.is_in_use
            and _is_owner(department, entry.department_name or LIST_OWNERS.get(code))
        ]
        if items:
            lists.append({"list": checklist.reference, "items": items})
    return lists


def list_withdrawn(task: HasChecklists) -> list[str]:
    """Names of the withdrawn items that keep a list of the task from being drawn: those of lists
    whose newest version has no entry in use."""
    names: list[str] = []
    for code in task.checklist_codes:
        checklist = find_checklist(code)
        if checklist is not None and not any(e.item.is_in_use for e in checklist.entries):
            names += dict.fromkeys(entry.item.name for entry in checklist.entries)
    return names


def _is_owner(department: Department, owner: str | None) -> bool:
    if owner is None:
        return department.is_home
    found = find_department(owner)
    return found is not None and found.id == department.id
