"""Whom a step of a change concerns; the rows leave in the step's own commit (I28)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.access import Actor, Role
from domain.draw_changes import ChangeKind, ChangeState
from server.accounts.directory import list_holders
from server.accounts.service import get_person
from server.draws.change_models import DrawChange
from server.fieldsync.service import make_op_id
from server.notifications.noting import note
from server.runtime import now


def tell_change(actor: Actor, change: DrawChange, deciders: Iterable[int]) -> None:
    """A request goes to who decides, a decision to who asked; what was approved also to everybody
    whose visit it is. Taking it back concerns nobody."""
    watchers = {Role.TEAM_LEAD, Role.OFFICE_STAFF}
    told: dict[int, str] = {}
    match change.state:
        case ChangeState.REQUESTED:
            told = dict.fromkeys(deciders, "change.requested")
        case ChangeState.REFUSED:
            told = {change.requested_by: "change.refused"}
        case ChangeState.APPROVED:
            told = dict.fromkeys(list_holders(change.department_id, watchers), _approved(change))
            told |= dict.fromkeys(_team(change), _approved(change))
            told |= {change.requested_by: "change.approved"} | _moved(change)
    told.pop(actor.person_id, None)
    payload = _payload(actor, change)
    at, op = now(), make_op_id()
    for kind in sorted(set(told.values())):
        people = [one for one, its in told.items() if its == kind]
        note(change.jurisdiction_id, op, kind, people, payload, at)


def _approved(change: DrawChange) -> str:
    return "visit.withdrawn" if change.kind == ChangeKind.WITHDRAWAL else "team.replaced"


def _team(change: DrawChange) -> list[int]:
    """Who is on the team, and who was until now."""
    ended = change.inspection.withdrawn_at
    return [
        one.officer.person_id
        for one in change.inspection.team
        if one.officer.person_id is not None and one.removed_at in (None, ended)
    ]


def _moved(change: DrawChange) -> dict[int, str]:
    moved = {}
    for officer, kind in ((change.officer, "team.left"), (change.joined, "team.joined")):
        if officer is not None and officer.person_id is not None:
            moved[officer.person_id] = kind
    return moved


def _payload(actor: Actor, change: DrawChange) -> dict[str, Any]:
    inspection = change.inspection
    details: dict[str, Any] = {
        "number": inspection.number,
        "firm": inspection.firm.name,
        "by": {"id": actor.person_id, "name": get_person(actor.person_id).name},
        "change": change.id,
        "leaves": change.officer.name if change.officer else None,
        "joins": change.joined.name if change.joined else None,
    }
    return {"space": inspection.space, "details": details}
