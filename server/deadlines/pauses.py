"""Use cases: asking for a pause of a visit's term, and deciding on it (part 7 row 2; R074, R076).

The days of an approved pause are not counted: due date, board, phones and the events of the term
follow in the same commit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from domain.access import Action, Actor, Role, Target, may
from domain.deadlines import DueDate
from domain.errors import fault
from domain.pauses import MAX_PAUSE_DAYS, MAX_WORDS, PauseReason, PauseState, Span, faults_of_pause
from domain.reasons import parse_reason
from server.accounts.directory import list_holders
from server.accounts.service import confirm_password
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.deadlines.events import moving
from server.deadlines.models import TermPause
from server.deadlines.service import due_of as due_after_pause
from server.deadlines.service import due_of_visit
from server.deadlines.terms import NO_PAUSE, list_approved, map_visit_times
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections import service as inspections
from server.inspections.service import Inspection
from server.runtime import now, today


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was sent."""

    stream: IO[bytes]
    name: str


def get_pause(actor: Actor, pause_id: int) -> TermPause:
    """Raises ``pause.not_found``, also for another county's."""
    pause = db.session.get(TermPause, pause_id)
    if pause is None or pause.jurisdiction_id != actor.jurisdiction_id:
        raise fault("pause.not_found")
    return pause


def query_pauses(actor: Actor, state: str = "") -> Select[tuple[TermPause]]:
    """The county's, those that wait first, then the newest."""
    query = select(TermPause).where(TermPause.jurisdiction_id == actor.jurisdiction_id)
    if state:
        query = query.where(TermPause.state == state)
    is_waiting = TermPause.state == PauseState.REQUESTED.value
    query = query.options(joinedload(TermPause.inspection), joinedload(TermPause.department))
    return query.order_by(is_waiting.desc(), TermPause.id.desc())


def list_pauses(actor: Actor, state: str = "") -> list[TermPause]:
    """All of them."""
    return list(db.session.scalars(query_pauses(actor, state)))


def list_of_inspection(inspection_id: int) -> list[TermPause]:
    """Of one visit, the oldest first; whose business it is, is the caller's to ask."""
    query = select(TermPause).where(TermPause.inspection_id == inspection_id)
    return list(db.session.scalars(query.order_by(TermPause.id)))


def list_waiting(actor: Actor) -> list[TermPause]:
    """Those this person may decide now."""
    return [one for one in list_pauses(actor, PauseState.REQUESTED) if can_decide(actor, one)]


def count_waiting(actor: Actor) -> int:
    """How many they are."""
    return len(list_waiting(actor))


def is_too_late(actor: Actor, inspection: Inspection) -> bool:
    """Whether the person might have asked for a pause, and the term is over."""
    due = due_of(inspection) if _is_running(inspection) else None
    may_ask = may(actor, Action.PAUSE_REQUEST, _asking(actor, inspection))
    return may_ask and due is not None and due < today()


def can_ask(actor: Actor, inspection: Inspection) -> bool:
    """Whether the person may ask for a pause of this visit now."""
    if not may(actor, Action.PAUSE_REQUEST, _asking(actor, inspection)):
        return False
    due, known = due_of(inspection), list_of_inspection(inspection.id)
    if any(one.state == PauseState.REQUESTED for one in known):
        return False
    return _is_running(inspection) and due is not None and due >= today()


def due_of(inspection: Inspection) -> date | None:
    """Until when the visit's results are to be entered, pauses counted in."""
    found = count_of(inspection)
    return found.due if found else None


def count_of(inspection: Inspection) -> DueDate | None:
    """The same with its count."""
    codes = [sheet.code for sheet in inspection.sheets]
    return due_of_visit(inspection.id, inspection.ended_on, codes, inspection.jurisdiction_id)


def count_with(pause: TermPause) -> DueDate | None:
    """Until when they would be, were this pause approved now."""
    inspection = pause.inspection
    times = map_visit_times(pause.jurisdiction_id, [inspection.id])
    time = times.get(inspection.id, NO_PAUSE)
    more = replace(time, paused=time.paused | Span(pause.from_on, pause.to_on).days)
    codes = [sheet.code for sheet in inspection.sheets]
    return due_after_pause(inspection.ended_on, codes, pause.jurisdiction_id, time=more)


def request_pause(
    actor: Actor,
    inspection_id: int,
    reason: str,
    words: str,
    span: Span,
    evidence: Evidence | None,
) -> TermPause:
    """Asks for it. Raises ``pause.unknown_reason``, ``request.missing_field``,
    ``reason.too_long``, ``pause.without_evidence``, ``inspection.withdrawn``,
    ``pause.not_running``, ``pause.overdue``, ``pause.open``, the first of ``faults_of_pause`` and
    what ``keep_document`` raises; nothing is stored then."""
    if reason not in set(PauseReason):
        raise fault("pause.unknown_reason")
    if not (words := parse_reason(words, MAX_WORDS)):
        raise fault("request.missing_field", field="words")
    inspection = inspections.get_inspection(actor, inspection_id)
    require(actor, Action.PAUSE_REQUEST, _asking(actor, inspection))
    _require_fitting(inspection, span)
    if evidence is None:
        raise fault("pause.without_evidence")
    kept = fieldsync.keep_document(evidence.stream)
    with unit_of_work() as work:
        inspection = _hold(actor, inspection_id)
        _require_fitting(inspection, span)
        if any(one.state == PauseState.REQUESTED for one in list_of_inspection(inspection.id)):
            raise fault("pause.open")
        fieldsync.record_document(actor, kept)
        pause = TermPause(
            jurisdiction_id=actor.jurisdiction_id,
            inspection_id=inspection.id,
            department_id=_deciding(inspection),
            state=PauseState.REQUESTED.value,
            reason=reason,
            words=words,
            from_on=span.from_on,
            to_on=span.to_on,
            document_sha256=kept.sha256,
            document_name=evidence.name[-200:],
            requested_by=actor.person_id,
            requested_at=now(),
        )
        work.add(pause)
        work.flush()
        _write(actor, pause)
    return pause


def approve_pause(
    actor: Actor, pause_id: int, password: str, address: str, words: str = ""
) -> TermPause:
    """From here on its days are not counted, also those before today. Raises
    ``account.password_wrong``, ``pause.own_request``, ``pause.wrong_state``, and what stands
    against it now: ``pause.not_running`` once the results are entered, ``pause.overlaps``."""
    words = parse_reason(words, MAX_WORDS)
    confirm_password(actor.person_id, password, address=address)
    with unit_of_work() as work:
        visit = get_pause(actor, pause_id).inspection_id
        with moving(actor.jurisdiction_id, visit):  # its lock before the visit's, as a notice
            inspection, pause = _hold(actor, visit), _lock(actor, pause_id)
            _require_decider(actor, pause)
            _require_fitting(inspection, Span(pause.from_on, pause.to_on), is_asked=False)
            _decide(actor, pause, PauseState.APPROVED, words)
            work.flush()
        inspections.publish_inspection(inspection, actor.person_id)
    return pause


def refuse_pause(actor: Actor, pause_id: int, words: str) -> TermPause:
    """Says no, and why. Raises ``request.missing_field``, ``reason.too_long``,
    ``pause.own_request``, ``pause.wrong_state``."""
    if not (words := parse_reason(words, MAX_WORDS)):
        raise fault("request.missing_field", field="words")
    with unit_of_work():
        pause = _lock(actor, pause_id)
        _require_decider(actor, pause)
        _decide(actor, pause, PauseState.REFUSED, words)
    return pause


def drop_pause(actor: Actor, pause_id: int) -> TermPause:
    """Who asked takes it back. Raises ``access.denied``, ``pause.wrong_state``."""
    with unit_of_work():
        pause = _lock(actor, pause_id)
        if pause.requested_by != actor.person_id:
            raise fault("access.denied")
        _decide(actor, pause, PauseState.DROPPED, "")
    return pause


def get_evidence(actor: Actor, pause_id: int) -> tuple[TermPause, str, Path]:
    """The pause, type and file of its evidence. Raises ``access.denied``: of other departments'
    visits one may know that they are paused, not what was sent for testing."""
    pause = get_pause(actor, pause_id)
    if not can_see_evidence(actor, pause):
        raise fault("access.denied")
    mime, path = fieldsync.get_document(pause.document_sha256)
    return pause, mime, path


def can_see_evidence(actor: Actor, pause: TermPause) -> bool:
    """Whoever may read the records of a department of the visit, asked for it, or may decide."""
    if pause.requested_by == actor.person_id or may(actor, Action.PAUSE_APPROVE, _target(pause)):
        return True
    own = [Target(pause.jurisdiction_id, one.department_id) for one in pause.inspection.sheets]
    return any(may(actor, Action.SHEET_READ, one) for one in own)


def can_decide(actor: Actor, pause: TermPause) -> bool:
    """Whether this person may approve or refuse it now."""
    is_open = pause.state == PauseState.REQUESTED
    return is_open and may(actor, Action.PAUSE_APPROVE, _target(pause))


def list_deciders(pause: TermPause) -> list[int]:
    """The heads of its department, but not who asked."""
    heads = list_holders(pause.department_id, {Role.UNIT_HEAD, Role.DEPUTY_HEAD})
    return [one for one in heads if one != pause.requested_by]


def _target(pause: TermPause) -> Target:
    return Target(pause.jurisdiction_id, pause.department_id, author_person_id=pause.requested_by)


def _asking(actor: Actor, inspection: Inspection) -> Target:
    """A department asks for its own visit, the home office for any."""
    ids = [sheet.department_id for sheet in inspection.sheets]
    own = actor.department_id if actor.department_id in ids else ids[0]
    return Target(inspection.jurisdiction_id, own)


def _deciding(inspection: Inspection) -> int:
    """The term is the visit's: where the home department takes part, its head decides."""
    home = [sheet for sheet in inspection.sheets if sheet.department.is_home]
    return (home or inspection.sheets)[0].department_id


def _is_running(inspection: Inspection) -> bool:
    is_entered = all(sheet.entered_at is not None for sheet in inspection.sheets)
    return inspection.ended_on is not None and not is_entered and inspection.withdrawn_at is None


def _require_fitting(inspection: Inspection, span: Span, *, is_asked: bool = True) -> None:
    if inspection.withdrawn_at is not None:
        raise fault("inspection.withdrawn")
    due = due_of(inspection)
    if due is None or inspection.ended_on is None or not _is_running(inspection):
        raise fault("pause.not_running")
    if is_asked and due < today():
        raise fault("pause.overdue", due=due.isoformat())
    approved = [
        Span(one.from_on, one.to_on)
        for one in list_approved(inspection.jurisdiction_id, [inspection.id])
    ]
    told = faults_of_pause(span, inspection.ended_on, due, approved)
    if told:
        field, code = next(iter(told.items()))
        ended = inspection.ended_on.isoformat()
        raise fault(code, field=field, ended_on=ended, max=MAX_PAUSE_DAYS)


def _hold(actor: Actor, inspection_id: int) -> Inspection:
    inspections.lock_visit(inspections.get_inspection(actor, inspection_id))
    return inspections.get_inspection(actor, inspection_id)


def _lock(actor: Actor, pause_id: int) -> TermPause:
    """Locked, so that two clicks cannot both decide."""
    pause = db.session.scalar(
        select(TermPause)
        .where(TermPause.id == pause_id, TermPause.jurisdiction_id == actor.jurisdiction_id)
        .with_for_update(of=TermPause)
        .execution_options(populate_existing=True)
    )
    if pause is None:
        raise fault("pause.not_found")
    if pause.state != PauseState.REQUESTED:
        raise fault("pause.wrong_state")
    return pause


def _require_decider(actor: Actor, pause: TermPause) -> None:
    if pause.requested_by == actor.person_id:
        raise fault("pause.own_request")
    require(actor, Action.PAUSE_APPROVE, _target(pause))


def _decide(actor: Actor, pause: TermPause, state: PauseState, words: str) -> None:
    pause.state, pause.decision = state.value, words
    pause.decided_by, pause.decided_at = actor.person_id, now()
    _write(actor, pause)


def _write(actor: Actor, pause: TermPause) -> None:
    write_event(
        actor.jurisdiction_id, actor.person_id, f"pause.{pause.state}",
        f"insp:{pause.inspection_id}",
        pause=pause.id, reason=pause.reason, from_on=pause.from_on.isoformat(),
        to_on=pause.to_on.isoformat(), evidence=pause.document_sha256,
    )  # fmt: skip
