"""Finding departments, teams and members of the leading group as a clerk does: by words of the name
or its pinyin initials, narrowed by filters. The lists are short and are looked through whole."""

from __future__ import annotations

from server.accounts.models import Department
from server.accounts.service import list_departments
from server.organisation.group import list_group
from server.organisation.models import GroupMember, Team
from server.organisation.teams import list_teams
from server.registry.initials import fits
from server.runtime import today

NOW, PAST = "now", "past"  # what is in use or in office, and what is no more


def find_departments(q: str = "", department: str = "") -> list[Department]:
    """By name, other spelling or code."""
    return [
        one
        for one in list_departments()
        if department in ("", str(one.id)) and fits(q, one.name, one.code, *one.alias_names)
    ]


def find_teams(q: str = "", department: str = "", state: str = "") -> list[Team]:
    """By the team's name and its people's."""
    return [
        one
        for one in list_teams()
        if department in ("", str(one.department_id))
        and state in ("", NOW if one.is_active else PAST)
        and fits(q, one.name, *(place.officer.name for place in one.places))
    ]


def find_members(
    q: str = "", department: str = "", state: str = "", role: str = ""
) -> list[GroupMember]:
    """By name, post and document."""
    return [
        one
        for one in list_group()
        if department in ("", str(one.department_id or ""))
        and role in ("", one.role)
        and state in ("", PAST if one.until and one.until < today() else NOW)
        and fits(q, one.name, one.post, one.document_no)
    ]


def list_department_ids(q: str = "", department: str = "") -> list[int]:
    """The same as ids, in the same order."""
    return [one.id for one in find_departments(q, department)]


def list_team_ids(q: str = "", department: str = "", state: str = "") -> list[int]:
    """The same as ids, in the same order."""
    return [one.id for one in find_teams(q, department, state)]


def list_member_ids(
    q: str = "", department: str = "", state: str = "", role: str = ""
) -> list[int]:
    """The same as ids, in the same order."""
    return [one.id for one in find_members(q, department, state, role)]
