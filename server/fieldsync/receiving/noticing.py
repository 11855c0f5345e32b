"""Whom the outcome of an operation concerns (I28). Plain answers, photos and signatures concern
nobody: they leave no row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.access import Role
from server.accounts.directory import list_holders
from server.db import db
from server.fieldsync.models import Receipt
from server.fieldsync.visit import Visit
from server.inspections.records import find_inspection, list_team_officers
from server.notifications.noting import note
from server.registry.officers import list_person_ids
from sync.apply import find_sheet_code
from sync.operation import Kind, Operation
from sync.outcomes import Applied, Conflict, Forbidden, Outcome, RejectedLocked
from sync.rows import Author

DECIDERS = frozenset({Role.UNIT_HEAD, Role.DEPUTY_HEAD})


def note_effects(
    read: Operation,
    outcome: Outcome,
    visit: Visit,
    author: Author,
    proposal: str | None,
    at: datetime,
) -> None:
    """To be called with each outcome, in its unit of work."""
    match outcome:
        case Applied(rows=()) | Applied(proposes=True):
            kind = "proposal.submitted" if isinstance(proposal, str) else None
        case Applied():
            kind = _MOVES.get(read.kind)
        case Conflict(rows=(_, *_)):
            kind = "answer.conflict"
        case RejectedLocked() | Forbidden():
            kind = "proposal.made"
        case _:
            kind = None
    code = find_sheet_code(read, visit) if kind is not None else None
    if kind is None or code is None:
        return
    people = set(_concerned(kind, visit, code, outcome)) - {author.id}
    inspection = find_inspection(visit.inspection.id)
    assert inspection is not None  # its space is locked
    details: dict[str, Any] = {
        "number": inspection.number,
        "firm": inspection.firm.name,
        "sheet": code,
        "entity": read.entity,
        "by": author.as_plain(),
    }
    if proposal is not None:
        details["proposal"] = proposal
    if read.kind is Kind.SHEET_RETURN:
        details["reason"] = read.fields.get("reason")
    payload = {"space": visit.name, "details": details}
    note(inspection.jurisdiction_id, read.op, kind, people, payload, at)


_MOVES = {
    Kind.SHEET_SUBMIT: "sheet.submitted",
    Kind.SHEET_RETURN: "sheet.returned",
    Kind.SHEET_ENTER: "sheet.entered",
}


def _concerned(kind: str, visit: Visit, code: str, outcome: Outcome) -> Iterable[int]:
    department = visit.sheets[code].department_id
    match kind:
        case "sheet.submitted":
            return list_holders(department, {Role.TEAM_LEAD})
        case "sheet.returned":
            return _team(visit, department)
        case "sheet.entered":
            return [*_team(visit, department), *list_holders(department, {Role.OFFICE_STAFF})]
        case "answer.conflict":
            assert isinstance(outcome, Conflict)
            return [*_team(visit, department), *_authors(outcome)]
        case "proposal.submitted":
            return list_holders(department, DECIDERS | {Role.OFFICE_STAFF})
        case _:
            return list_holders(department, {Role.OFFICE_STAFF, Role.TEAM_LEAD})


def _team(visit: Visit, department_id: int) -> Iterable[int]:
    return list_person_ids(list_team_officers(visit.inspection.id, department_id))


def _authors(outcome: Conflict) -> set[int]:
    """Who wrote what stands there and what stands beside it, also after leaving the team."""
    siblings = {one.author.id for row in outcome.rows for one in row.siblings}
    heads = {head for row in outcome.rows for head in row.heads.values()}
    table = Receipt.__table__.c
    return siblings | set(db.session.scalars(select(table.person_id).where(table.op.in_(heads))))
