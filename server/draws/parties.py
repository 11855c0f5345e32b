"""Which departments take part in a task (R026, R050; domain.md part 7 row 29)."""

from __future__ import annotations

from dataclasses import dataclass

from server.accounts.models import Department
from server.accounts.service import find_department, list_departments
from server.planning.models import PlanTask

COOPERATING = "cooperating"


@dataclass(frozen=True, slots=True)
class Parties:
    """``departments`` in matching order, the home department first; ``unknown`` are bodies the
    plan names that no department or alias stands for."""

    departments: tuple[Department, ...]
    unknown: tuple[str, ...]


def parties_of(task: PlanTask) -> Parties:
    """Home alone for an internal task; home and the cooperators for a joint one; home, initiators
    and cooperators where we are invited."""
    names = list(task.cooperators)
    if task.ownership == COOPERATING:
        names = [*task.initiators, *names]
    found = [department for department in list_departments() if department.is_home]
    unknown: list[str] = []
    for name in names:
        department = find_department(name)
        if department is None:
            unknown.append(name)
        elif all(department.id != other.id for other in found):
            found.append(department)
    return Parties(tuple(found), tuple(unknown))
