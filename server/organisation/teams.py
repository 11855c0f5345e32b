"""Use cases: the standing teams of a department."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.organisation.models import Team, TeamOfficer
from server.registry import service as registry
from server.registry.changes import note_written, said_of

REGISTER = "teams"
FIELDS = ("department_id", "name", "officer_ids", "lead_officer_id", "is_active")


def list_teams() -> list[Team]:
    """Those in sight, by department and name; teams that are no more come last."""
    query = select(Team).options(selectinload(Team.places).joinedload(TeamOfficer.officer))
    order = (Team.department_id, Team.is_active.desc(), Team.name)
    return list(db.session.scalars(query.order_by(*order)))


def get_team(team_id: int) -> Team:
    """Raises ``request.not_found``, also for another county's."""
    team = db.session.scalar(select(Team).where(Team.id == team_id))
    if team is None:
        raise fault("request.not_found")
    return team


def add_team(
    actor: Actor,
    department_id: int,
    name: str,
    officer_ids: Collection[int],
    lead_officer_id: int | None,
) -> Team:
    """An officer named here leaves the team they were in. Raises ``team.taken`` and
    ``team.officer_elsewhere``."""
    require(actor, Action.ORGANISATION_WRITE)
    with unit_of_work() as work:
        registry.take_turns(actor.jurisdiction_id)
        wanted = _values(actor, department_id, name, officer_ids, lead_officer_id)
        _refuse_second(None, department_id, name)
        team = Team(jurisdiction_id=actor.jurisdiction_id, department_id=department_id, name=name)
        work.add(team)
        work.flush()
        _store(actor, team, wanted, is_new=True)
    return team


def edit_team(
    actor: Actor,
    team_id: int,
    name: str,
    officer_ids: Collection[int],
    lead_officer_id: int | None,
    seen: int,
) -> Team | registry.ChangedMeanwhile:
    """Another name and other people; ``seen`` is the newest change the form's person knows of.
    Raises as ``add_team``, and ``request.not_found``."""
    require(actor, Action.ORGANISATION_WRITE)
    with unit_of_work():
        registry.take_turns(actor.jurisdiction_id)
        team = get_team(team_id)
        wanted = _values(actor, team.department_id, name, officer_ids, lead_officer_id)
        if clashes := registry.find_clashes(
            actor, REGISTER, team.id, said_of(team, tuple(wanted)), wanted, seen
        ):
            return clashes
        _refuse_second(team, team.department_id, name)
        _store(actor, team, wanted)
    return team


def close_team(actor: Actor, team_id: int, is_active: bool) -> None:
    """No more, or again; its people are free for others meanwhile."""
    require(actor, Action.ORGANISATION_WRITE)
    with unit_of_work():
        registry.take_turns(actor.jurisdiction_id)
        team = get_team(team_id)
        before = said_of(team, FIELDS)
        team.is_active = is_active
        if not is_active:
            team.officer_ids, team.lead_officer_id = [], None
        note_written(actor, REGISTER, team, FIELDS, before)
        event = "team.opened" if is_active else "team.closed"
        write_event(actor.jurisdiction_id, actor.person_id, event, f"team:{team.id}")


def _values(
    actor: Actor,
    department_id: int,
    name: str,
    officer_ids: Collection[int],
    lead_officer_id: int | None,
) -> dict[str, Any]:
    for officer in [registry.get_officer(actor, one) for one in dict.fromkeys(officer_ids)]:
        if officer.department_id != department_id:
            raise fault("team.officer_elsewhere", name=officer.name)
    return {
        "name": name,
        "officer_ids": sorted(set(officer_ids)),
        "lead_officer_id": lead_officer_id if lead_officer_id in officer_ids else None,
    }


def _store(actor: Actor, team: Team, wanted: dict[str, Any], *, is_new: bool = False) -> None:
    """A team that loses somebody has that in its history, too."""
    before = [(one, said_of(one, FIELDS)) for one in list_teams() if one is not team or not is_new]
    team.name, team.lead_officer_id = wanted["name"], wanted["lead_officer_id"]
    team.officer_ids = wanted["officer_ids"]
    for one, said in before:
        if one is not team and one.lead_officer_id in wanted["officer_ids"]:
            one.lead_officer_id = None
        note_written(actor, REGISTER, one, FIELDS, said)
    if is_new:
        note_written(actor, REGISTER, team, FIELDS, None)
    write_event(
        actor.jurisdiction_id, actor.person_id, "team.saved", f"team:{team.id}",
        name=team.name, officers=wanted["officer_ids"], lead=team.lead_officer_id,
    )  # fmt: skip


def _refuse_second(team: Team | None, department_id: int, name: str) -> None:
    query = select(Team.id).where(Team.department_id == department_id, Team.name == name)
    found = db.session.scalar(query)
    if found is not None and (team is None or found != team.id):
        raise fault("team.taken", name=name)
