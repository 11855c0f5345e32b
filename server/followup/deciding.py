"""Use cases: deciding on a problem, papers, its end, what is published (R018, R089–R092).

Each step is one row more; ``revision`` is what the person saw, so that two at once do not write
over each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.followup import (
    CaseState,
    Decision,
    Disposal,
    StepKind,
    faults_of_decision,
    lacks_document,
)
from domain.reasons import parse_reason
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.disclosure.writing import refresh
from server.fieldsync import service as fieldsync
from server.followup.models import FollowUp, FollowUpStep
from server.followup.reading import get_case, own_names, target_of
from server.guard import require
from server.runtime import now, today

MAX_TEXT_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was sent."""

    stream: IO[bytes]
    name: str


def decide(
    actor: Actor, case_id: int, decision: Decision, revision: int, paper: Paper | None = None
) -> FollowUp:
    """Decides, or decides otherwise while it is under way; where nothing follows it is done at
    once. Raises the first of ``domain.followup.faults_of_decision``, ``follow_up.wrong_state``,
    ``follow_up.changed_meanwhile`` and what ``keep_document`` raises; nothing is stored then."""
    case = _may_decide(actor, case_id)
    told = faults_of_decision(decision, case.result_code, case.severity, own_names(case), today())
    if told:
        raise fault(next(iter(told.values())))
    reason = parse_reason(decision.reason, MAX_TEXT_CHARACTERS)
    kept = fieldsync.keep_document(paper.stream) if paper is not None else None
    with unit_of_work():
        case = _lock(case_id, revision, CaseState.OPEN, CaseState.DECIDED)
        case.disposal, case.body = decision.disposal.value, decision.body
        case.case_no, case.due_on = decision.case_no, decision.due_on
        case.decided_by, case.decided_at = actor.person_id, now()
        is_none = decision.disposal is Disposal.NONE
        case.state = (CaseState.DONE if is_none else CaseState.DECIDED).value
        if is_none:
            case.done_on, case.outcome = today(), reason
        details = {
            "disposal": case.disposal,
            "body": case.body,
            "case_no": case.case_no,
            "due_on": case.due_on.isoformat() if case.due_on else None,
        }
        _step(actor, case, StepKind.DECIDE, reason, details, kept, paper)
    return case


def attach(actor: Actor, case_id: int, note: str, revision: int, paper: Paper) -> FollowUp:
    """A paper or photo beside the case, while it is under way."""
    _may_decide(actor, case_id)
    note = parse_reason(note, MAX_TEXT_CHARACTERS)
    kept = fieldsync.keep_document(paper.stream)
    with unit_of_work():
        case = _lock(case_id, revision, CaseState.DECIDED)
        _step(actor, case, StepKind.ATTACH, note, {}, kept, paper)
    return case


def take_paper(
    actor: Actor, case_id: int, sha256: str, name: str, note: str, act_id: int
) -> FollowUp:
    """A paper the firm handed in, which is on record already, becomes one of the case, marked so:
    it counts as proof once an officer took it, and ends nothing. Raises ``follow_up.wrong_state``
    unless the case is under way."""
    case = _may_decide(actor, case_id)
    with unit_of_work():
        case = _lock(case_id, case.revision, CaseState.DECIDED)
        details = {"from_firm": act_id}
        _append(actor, case, StepKind.ATTACH, note, details, sha256, name)
    return case


def finish(
    actor: Actor,
    case_id: int,
    outcome: str,
    done_on: date,
    revision: int,
    paper: Paper | None = None,
) -> FollowUp:
    """What came of it, with the day. Raises ``follow_up.needs_outcome``,
    ``follow_up.done_in_future``, and ``follow_up.needs_document`` where nothing shows it."""
    _may_decide(actor, case_id)
    outcome = parse_reason(outcome, MAX_TEXT_CHARACTERS)
    if not outcome:
        raise fault("follow_up.needs_outcome")
    if done_on > today():
        raise fault("follow_up.done_in_future")
    kept = fieldsync.keep_document(paper.stream) if paper is not None else None
    with unit_of_work():
        case = _lock(case_id, revision, CaseState.DECIDED)
        if is_paper_missing(case) and kept is None:
            raise fault("follow_up.needs_document")
        case.state, case.done_on, case.outcome = CaseState.DONE.value, done_on, outcome
        details = {"done_on": done_on.isoformat()}
        _step(actor, case, StepKind.FINISH, outcome, details, kept, paper)
    return case


def publish(actor: Actor, case_id: int, text: str, revision: int) -> FollowUp:
    """What everybody may read of the outcome; an empty text takes it back. Raises
    ``follow_up.wrong_state`` before the case is done."""
    _may_decide(actor, case_id)
    text = parse_reason(text, MAX_TEXT_CHARACTERS)
    with unit_of_work():
        case = _lock(case_id, revision, CaseState.DONE)
        case.public_text, case.is_published = text, bool(text)
        _step(actor, case, StepKind.PUBLISH, text, {}, None, None)
        refresh([case.sheet_id])
    return case


def is_paper_missing(case: FollowUp) -> bool:
    """Whether a paper is still wanted before it can be done."""
    if not case.disposal:
        return False
    papers = [one.action for one in case.standing_steps if one.document_sha256]
    with_decision = "decide" in papers
    since = any(action != "decide" for action in papers)
    return lacks_document(Disposal(case.disposal), with_decision, since)


def _may_decide(actor: Actor, case_id: int) -> FollowUp:
    case = get_case(actor, case_id)
    require(actor, Action.FOLLOW_UP_DECIDE, target_of(case))
    return case


def _lock(case_id: int, revision: int, *states: CaseState) -> FollowUp:
    """As it stands now; whoever else decides on it waits."""
    query = select(FollowUp).where(FollowUp.id == case_id).with_for_update()
    case = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if case.state not in states:
        raise fault("follow_up.wrong_state")
    if case.revision != revision:
        raise fault("follow_up.changed_meanwhile")
    return case


def _step(
    actor: Actor,
    case: FollowUp,
    kind: StepKind,
    reason: str,
    details: dict[str, Any],
    kept: fieldsync.Document | None,
    paper: Paper | None,
) -> None:
    if kept is not None:
        fieldsync.record_document(actor, kept)
    sha256, name = (kept.sha256 if kept else None), (paper.name if paper else "")
    _append(actor, case, kind, reason, details, sha256, name)


def _append(
    actor: Actor,
    case: FollowUp,
    kind: StepKind,
    reason: str,
    details: dict[str, Any],
    sha256: str | None,
    name: str,
) -> None:
    case.revision += 1
    step = FollowUpStep(
        jurisdiction_id=case.jurisdiction_id,
        follow_up_id=case.id,
        action=kind.value,
        person_id=actor.person_id,
        at=now(),
        reason=reason,
        details=details,
        document_sha256=sha256,
        document_name=name[-200:],
    )
    db.session.add(step)
    db.session.flush()
    db.session.expire(case, ["steps"])
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        f"follow_up.{kind.value}",
        f"follow_up:{case.id}",
        reason=reason,
        **details,
        **({"sha256": sha256} if sha256 else {}),
    )
