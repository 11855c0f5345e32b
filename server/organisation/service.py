"""Use cases of the county's bodies and people, for pages and other subjects; each lives in the
file of its name."""

from __future__ import annotations

from server.organisation.departments import (
    add_alias,
    add_department,
    list_used_departments,
    map_plan_bodies,
    remove_alias,
    rename_department,
)
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
from server.organisation.finding import (
    find_departments,
    find_members,
    find_teams,
    list_department_ids,
    list_member_ids,
    list_team_ids,
)
from server.organisation.group import ROLES, list_group, save_member
from server.organisation.teams import close_team, get_team, list_teams, save_team

__all__ = [
    "KINDS",
    "REGISTER",
    "ROLES",
    "add_alias",
    "add_department",
    "close_team",
    "find_departments",
    "find_members",
    "find_teams",
    "get_expert",
    "get_team",
    "list_assistants",
    "list_available",
    "list_department_ids",
    "list_expert_ids",
    "list_experts",
    "list_group",
    "list_member_ids",
    "list_named_experts",
    "list_team_ids",
    "list_teams",
    "list_used_departments",
    "map_plan_bodies",
    "name_assistant",
    "remove_alias",
    "rename_department",
    "save_expert",
    "save_member",
    "save_team",
    "take_back_assistant",
]
