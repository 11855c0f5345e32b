"""Use cases: the standing teams of a department."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain.access import Actor
from domain.errors import fault
from server.accounts.service import lock_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.organisation.models import Team, TeamOfficer
from server.registry import service as registry
from server.registry.changes import note_written, said_of

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


def save_team(
    actor: Actor,
    team_id: int | None,
    department_id: int,
    name: str,
    officer_ids: Collection[int],
    lead_officer_id: int | None,
) -> Team:
    """A new team, or another name and other people for one. An officer named here leaves the team
    they were in. Raises ``team.taken`` and ``team.officer_elsewhere``."""
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        team = get_team(team_id) if team_id else None
        if team is not None:
            department_id = team.department_id
        wanted = [registry.get_officer(actor, one) for one in dict.fromkeys(officer_ids)]
        for officer in wanted:
            if officer.department_id != department_id:
                raise fault("team.officer_elsewhere", name=officer.name)
        _refuse_second(team, department_id, name)
        ids = [officer.id for officer in wanted]
        before = [(one, said_of(one, FIELDS)) for one in list_teams()]
        if team is None:
            team = Team(jurisdiction_id=actor.jurisdiction_id, department_id=department_id)
        team.name = name
        team.lead_officer_id = lead_officer_id if lead_officer_id in officer_ids else None
        work.add(team)
        work.flush()
        team.officer_ids = ids
        for one, said in before:
            if one is not team and one.lead_officer_id in ids:
                one.lead_officer_id = None
            note_written(actor, "teams", one, FIELDS, said)
        if team_id is None:
            note_written(actor, "teams", team, FIELDS, None)
        write_event(
            actor.jurisdiction_id, actor.person_id, "team.saved", f"team:{team.id}", name=name,
            officers=ids, lead=team.lead_officer_id,
        )  # fmt: skip
    return team


def close_team(actor: Actor, team_id: int, is_active: bool) -> None:
    """No more, or again; its people are free for others meanwhile."""
    with unit_of_work():
        team = get_team(team_id)
        before = said_of(team, FIELDS)
        team.is_active = is_active
        if not is_active:
            team.officer_ids, team.lead_officer_id = [], None
        note_written(actor, "teams", team, FIELDS, before)
        event = "team.opened" if is_active else "team.closed"
        write_event(actor.jurisdiction_id, actor.person_id, event, f"team:{team.id}")


def _refuse_second(team: Team | None, department_id: int, name: str) -> None:
    query = select(Team.id).where(Team.department_id == department_id, Team.name == name)
    found = db.session.scalar(query)
    if found is not None and (team is None or found != team.id):
        raise fault("team.taken", name=name)
