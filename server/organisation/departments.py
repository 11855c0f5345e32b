"""Use cases: departments with their history; what they are is known to ``accounts`` (R113)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from domain.access import Actor
from domain.errors import fault
from server.accounts import service as accounts
from server.accounts.models import Department
from server.db import unit_of_work
from server.planning import service as planning
from server.registry.changes import note_written, said_of
from server.registry.entries import list_referred

FIELDS = ("code", "name", "alias_names")


def add_department(actor: Actor, code: str, name: str) -> Department:
    """Raises as ``accounts.add_department``."""
    with unit_of_work():
        department = accounts.add_department(actor, code, name)
        note_written(actor, "departments", department, FIELDS, None)
    return department


def rename_department(actor: Actor, department_id: int, name: str, seen: str) -> None:
    """Raises as ``accounts.rename_department``."""
    _noting(
        actor, department_id, lambda: accounts.rename_department(actor, department_id, name, seen)
    )


def add_alias(actor: Actor, department_id: int, alias: str) -> None:
    """Raises as ``accounts.add_alias``."""
    _noting(actor, department_id, lambda: accounts.add_alias(actor, department_id, alias))


def remove_alias(actor: Actor, department_id: int, alias: str) -> None:
    """A spelling that nobody needs. Raises ``department.named_in_plan`` where a plan still names
    the department by it."""
    if plan := map_plan_bodies(actor).get(alias):
        raise fault("department.named_in_plan", plan=plan, alias=alias)
    _noting(actor, department_id, lambda: accounts.remove_alias(actor, department_id, alias))


def map_plan_bodies(actor: Actor | None) -> dict[str, str]:
    """Every body a plan names, as it names it, and the plan's title."""
    return {
        name: plan.title
        for plan in planning.list_plans(actor)
        for task in plan.tasks
        for name in (*task.initiators, *task.cooperators, *task.inspecting_bodies)
    }


def list_used_departments(actor: Actor | None, ids: Collection[int]) -> set[int]:
    """Which of these somebody or something belongs to, or a plan names."""
    named = map_plan_bodies(actor)
    of_plans = {
        one.id
        for one in accounts.list_departments()
        if one.id in ids and any(name in named for name in (one.name, *one.alias_names))
    }
    return of_plans | list_referred(Department, ids, ("department_aliases",))


def _noting(actor: Actor, department_id: int, work: Callable[[], None]) -> None:
    with unit_of_work():
        department = accounts.get_department(department_id)
        before = said_of(department, FIELDS)
        work()
        note_written(actor, "departments", department, FIELDS, before)
