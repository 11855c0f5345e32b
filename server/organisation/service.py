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
    add_expert,
    edit_expert,
    get_expert,
    list_assistants,
    list_available,
    list_expert_ids,
    list_experts,
    list_named_experts,
    name_assistant,
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
from server.organisation.group import REGISTER as GROUP
from server.organisation.group import ROLES, add_member, edit_member, list_group
from server.organisation.teams import REGISTER as TEAMS
from server.organisation.teams import add_team, close_team, edit_team, get_team, list_teams

__all__ = [
    "GROUP",
    "KINDS",
    "REGISTER",
    "ROLES",
    "TEAMS",
    "add_alias",
    "add_department",
    "add_expert",
    "add_member",
    "add_team",
    "close_team",
    "edit_expert",
    "edit_member",
    "edit_team",
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
    "take_back_assistant",
]
