"""Lookups of the office: one clue, its clock, its evidence, and who reported it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from domain.access import Action, Actor, Target, may
from domain.calendar import WorkCalendar
from domain.clues import MOVES, UNFINISHED, ClueState, StepKind
from domain.deadlines import DeadlineState, deadline_state, working_days_left
from domain.errors import fault
from server.audit.service import write_event
from server.clues.models import Clue, CluePaper, ClueStep
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require


def target_of(clue: Clue) -> Target:
    """The clue as the access rules see it: of the department it was assigned to, else nobody's."""
    return Target(clue.jurisdiction_id, clue.department_id)


def get_clue(actor: Actor, clue_id: int) -> Clue:
    """Raises ``clue.not_found``, also for another county's, and ``access.denied``."""
    query = select(Clue).where(Clue.id == clue_id, Clue.jurisdiction_id == actor.jurisdiction_id)
    clue = db.session.scalar(
        query.options(
            joinedload(Clue.firm),
            joinedload(Clue.department),
            selectinload(Clue.papers),
            selectinload(Clue.steps),
        )
    )
    if clue is None:
        raise fault("clue.not_found")
    require(actor, Action.CLUE_READ, target_of(clue))
    return clue


def list_steps_for(actor: Actor, clue: Clue) -> list[StepKind]:
    """What this person may do to the clue as it stands."""
    own, home = target_of(clue), Target(clue.jurisdiction_id)
    return [
        kind
        for kind, move in MOVES.items()
        if clue.state in move.frm and may(actor, Action.CLUE_HANDLE, home if move.is_homes else own)
    ]


def can_handle(actor: Actor, clue: Clue) -> bool:
    """Whether this person deals with the clue, and so may know who reported it."""
    return may(actor, Action.CLUE_HANDLE, target_of(clue))


def can_read(actor: Actor, clue: Clue) -> bool:
    """Whether the clue is this person's business."""
    return may(actor, Action.CLUE_READ, target_of(clue))


def read_contact(actor: Actor, clue_id: int) -> tuple[Clue, str]:
    """How to reach the reporter, for who deals with it; each reading is on record, what was read
    is not."""
    clue = get_clue(actor, clue_id)
    require(actor, Action.CLUE_HANDLE, target_of(clue))
    with unit_of_work():
        write_event(
            actor.jurisdiction_id, actor.person_id, "clue.read_contact", f"clue:{clue_id}",
            number=clue.number,
        )  # fmt: skip
    return clue, clue.contact


def list_merged(clue: Clue) -> list[Clue]:
    """The clues that were merged into this one."""
    query = select(Clue).where(Clue.merged_into_id == clue.id, Clue.state == ClueState.MERGED.value)
    return list(db.session.scalars(query.order_by(Clue.id)))


def get_evidence(actor: Actor, clue_id: int, paper_id: int) -> tuple[CluePaper, str, Path]:
    """A paper of the reporter, its type and file. Raises ``attachment.not_found``."""
    paper = _paper(actor, clue_id, paper_id)
    mime, path = fieldsync.get_document(paper.sha256)
    return paper, mime, path


def get_evidence_view(actor: Actor, clue_id: int, paper_id: int, *, is_small: bool) -> bytes:
    """The picture alone, without what the camera wrote."""
    return fieldsync.get_document_view(_paper(actor, clue_id, paper_id).sha256, is_small=is_small)


def get_paper(actor: Actor, clue_id: int, step_id: int) -> tuple[ClueStep, str, Path]:
    """A paper of the office. Raises ``attachment.not_found``."""
    for step in get_clue(actor, clue_id).steps:
        if step.id == step_id and step.document_sha256:
            mime, path = fieldsync.get_document(step.document_sha256)
            return step, mime, path
    raise fault("attachment.not_found")


def _paper(actor: Actor, clue_id: int, paper_id: int) -> CluePaper:
    for paper in get_clue(actor, clue_id).papers:
        if paper.id == paper_id:
            return paper
    raise fault("attachment.not_found")


def due_of(clue: Clue) -> date | None:
    """What its clock runs to; None once it is ended."""
    if clue.state == ClueState.RECEIVED:
        return clue.accept_by
    return clue.finish_by if clue.state in UNFINISHED else None


def urgency_of(
    clue: Clue, today: date, calendar: WorkCalendar
) -> tuple[DeadlineState | None, int | None]:
    """State and working days left; None once it is ended."""
    due = due_of(clue)
    if due is None:
        return None, None
    return deadline_state(due, today, None, calendar), working_days_left(due, today, calendar)


def count_of_firm(actor: Actor, firm_id: int) -> int:
    """How many clues about this firm are in the actor's sight."""
    query = select(func.count(Clue.id)).where(
        Clue.firm_id == firm_id, Clue.jurisdiction_id == actor.jurisdiction_id
    )
    if not may(actor, Action.CLUE_READ, Target(actor.jurisdiction_id)):
        query = query.where(Clue.department_id == actor.department_id)
    return db.session.scalar(query) or 0
