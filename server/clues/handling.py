"""Use case: the office takes a clue one step further (R091, R092).

Each step is one row more; ``revision`` is what the person saw, so that two at once do not write
over each other. What the reporter typed is in no audit entry, nor is who they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from sqlalchemy import select

from domain.access import Action, Actor, Target
from domain.clues import MOVES, ClueState, Deed, StepKind, faults_of_deed, parse_number
from domain.county_settings import read_setting
from domain.deadlines import due_date
from domain.errors import fault
from domain.reasons import parse_reason
from domain.terms import Term
from server.accounts.service import get_department, get_jurisdiction, list_departments
from server.audit.service import write_event
from server.clues.models import Clue, ClueStep
from server.clues.reading import get_clue, target_of
from server.db import db, unit_of_work
from server.deadlines.calendar import load_calendar
from server.deadlines.events import advance_subjects, hold_terms
from server.fieldsync import service as fieldsync
from server.guard import require
from server.organisation import service as organisation
from server.registry import service as registry
from server.runtime import now, today

MAX_TEXT_CHARACTERS = 500
CLOCKS = (Term.CLUE_ACCEPT, Term.CLUE_FINISH)
TERM_SETTING = "clue.finish_within_days"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was sent."""

    stream: IO[bytes]
    name: str


def handle(
    actor: Actor, clue_id: int, deed: Deed, revision: int, paper: Paper | None = None
) -> Clue:
    """Takes the step. Raises the first of ``domain.clues.faults_of_deed``, ``clue.wrong_state``,
    ``clue.changed_meanwhile``, ``clue.merge_target``, ``clue.wrong_team`` and what
    ``fieldsync.keep_document`` raises; nothing is stored then."""
    clue, move = get_clue(actor, clue_id), MOVES[deed.step]
    require(
        actor,
        Action.CLUE_HANDLE,
        Target(clue.jurisdiction_id) if move.is_homes else target_of(clue),
    )
    if told := faults_of_deed(deed):
        raise fault(next(iter(told.values())))
    reason = parse_reason(deed.reason, MAX_TEXT_CHARACTERS)
    answer = parse_reason(deed.answer, MAX_TEXT_CHARACTERS)
    kept = fieldsync.keep_document(paper.stream) if paper is not None else None
    with unit_of_work():
        # its lock before the clue's: of two that merge each other's the second finds the first's
        hold_terms(actor.jurisdiction_id)
        clue = _lock(actor, clue_id, deed.step, revision)
        details = _apply(actor, clue, deed)
        if move.to is not None:
            clue.state = move.to.value
        if answer:
            clue.public_answer = answer
        if kept is not None:
            fieldsync.record_document(actor, kept)
        _note(
            actor, clue, deed.step, reason, details, answer=answer,
            document_sha256=kept.sha256 if kept is not None else None,
            document_name=paper.name[-200:] if paper is not None else "",
        )  # fmt: skip
        for term in CLOCKS:
            advance_subjects(actor.jurisdiction_id, term, [clue_id])
    return clue


def link_firm(actor: Actor, clue_id: int, firm_id: int | None, revision: int) -> Clue:
    """Says which firm of the register it is about; None takes it back."""
    require(actor, Action.CLUE_HANDLE, target_of(get_clue(actor, clue_id)))
    firm = registry.get_firm(actor, firm_id) if firm_id is not None else None
    with unit_of_work():
        clue = _lock(actor, clue_id, StepKind.LINK, revision)
        clue.firm_id = firm.id if firm is not None else None
        details = {"firm": firm.name if firm is not None else "", "firm_id": clue.firm_id}
        _note(actor, clue, StepKind.LINK, "", details)
    return clue


def _apply(actor: Actor, clue: Clue, deed: Deed) -> dict[str, Any]:
    """What the step sets beside the state; answers it for the step's own row."""
    match deed.step:
        case StepKind.ACCEPT | StepKind.REOPEN:
            clue.finish_by = _finish_by(actor.jurisdiction_id)
            clue.department_id = clue.team_id = clue.merged_into_id = None
            clue.body = ""
            return {"finish_by": clue.finish_by.isoformat()}
        case StepKind.MERGE:
            into = _merge_target(actor, clue, deed.into)
            clue.merged_into_id = into.id
            return {"into": into.number, "into_id": into.id}
        case StepKind.ASSIGN:
            return _assign(clue, deed)
        case StepKind.GIVE_BACK:
            clue.department_id = clue.team_id = None
        case StepKind.TRANSFER:
            clue.body = deed.body
            return {"body": deed.body}
        case _:
            pass
    return {}


def _assign(clue: Clue, deed: Deed) -> dict[str, Any]:
    known = {one.id: one.name for one in list_departments()}
    if deed.department_id not in known:
        raise fault("clue.needs_department")
    team = organisation.get_team(deed.team_id) if deed.team_id else None
    if team is not None and (team.department_id != deed.department_id or not team.is_active):
        raise fault("clue.wrong_team")
    clue.department_id, clue.team_id = deed.department_id, team.id if team is not None else None
    return {
        "department": get_department(deed.department_id).name,
        "team": team.name if team is not None else "",
    }


def _merge_target(actor: Actor, clue: Clue, number: str) -> Clue:
    """Not itself, not one that is merged, so that no two lead to each other."""
    query = select(Clue).where(
        Clue.jurisdiction_id == actor.jurisdiction_id, Clue.number == parse_number(number)
    )
    into = db.session.scalar(query.with_for_update())
    if into is None or into.id == clue.id or into.state == ClueState.MERGED:
        raise fault("clue.merge_target", number=parse_number(number))
    return into


def _finish_by(jurisdiction_id: int) -> date:
    term = int(read_setting(get_jurisdiction(jurisdiction_id).settings, TERM_SETTING))
    return due_date(today(), term, load_calendar()).due


def _lock(actor: Actor, clue_id: int, step: StepKind, revision: int) -> Clue:
    """As it stands now; whoever else handles it waits."""
    query = select(Clue).where(Clue.id == clue_id, Clue.jurisdiction_id == actor.jurisdiction_id)
    clue = db.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one()
    if clue.state not in MOVES[step].frm:
        raise fault("clue.wrong_state")
    if clue.revision != revision:
        raise fault("clue.changed_meanwhile")
    return clue


def _note(
    actor: Actor,
    clue: Clue,
    step: StepKind,
    reason: str,
    details: dict[str, Any],
    **more: Any,
) -> None:
    clue.revision += 1
    db.session.add(
        ClueStep(
            jurisdiction_id=clue.jurisdiction_id,
            clue_id=clue.id,
            action=step.value,
            person_id=actor.person_id,
            at=now(),
            reason=reason,
            details=details,
            **more,
        )
    )
    db.session.flush()
    db.session.expire(clue, ["steps", "firm", "department"])
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        f"clue.{step.value}",
        f"clue:{clue.id}",
        reason=reason,
        **{"number": clue.number, **details},
    )
