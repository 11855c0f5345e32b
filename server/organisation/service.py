"""Use cases of the county's bodies and people, for pages and other subjects; each lives in the
file of its name."""

from __future__ import annotations

from domain.access import Actor
from domain.errors import fault
from server.accounts import service as accounts
from server.organisation.experts import (
    KINDS,
    REGISTER,
    get_expert,
    list_assistants,
    list_available,
    list_expert_ids,
    list_experts,
    list_named_experts,
    name_assistant,
    save_expert,
    take_back_assistant,
)
from server.organisation.group import ROLES, list_group, save_member
from server.organisation.teams import close_team, get_team, list_teams, save_team
from server.planning import service as planning

__all__ = [
    "KINDS",
    "REGISTER",
    "ROLES",
    "close_team",
    "get_expert",
    "get_team",
    "list_assistants",
    "list_available",
    "list_expert_ids",
    "list_experts",
    "list_group",
    "list_named_experts",
    "list_teams",
    "name_assistant",
    "remove_alias",
    "save_expert",
    "save_member",
    "save_team",
    "take_back_assistant",
]


def remove_alias(actor: Actor, department_id: int, alias: str) -> None:
    """A spelling that nobody needs. Raises ``department.named_in_plan`` where a plan still names
    the department by it."""
    for plan in planning.list_plans(actor):
        for task in plan.tasks:
            if alias in {*task.initiators, *task.cooperators, *task.inspecting_bodies}:
                raise fault("department.named_in_plan", plan=plan.title, alias=alias)
    accounts.remove_alias(actor, department_id, alias)
