"""Use cases: the department answers what the firm sent: a view with words, a proof by taking it
into the follow-up case or not. The case itself is closed by the office alone, later."""

from __future__ import annotations

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.reasons import parse_reason
from domain.telling import FirmAct
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.followup import service as followup
from server.guard import require
from server.inspections import service as inspections
from server.runtime import now
from server.telling.making import MAX_REASON_CHARACTERS
from server.telling.models import FirmActAnswer, FirmActRow


def answer_act(
    actor: Actor, inspection_id: int, code: str, act_id: int, is_accepted: bool, text: str
) -> FirmActAnswer:
    """Raises ``telling.act_not_found``, ``telling.act_answered``, ``telling.needs_answer`` (a proof
    that is taken needs no words), and what ``followup.take_paper`` raises for one that cannot be
    taken now."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.TELLING_RECORD, inspections.target_of(inspection, sheet))
    text = parse_reason(text, MAX_REASON_CHARACTERS)
    with unit_of_work() as work:
        inspections.lock_visit(inspection)
        act = work.get(FirmActRow, act_id)
        waits = (FirmAct.VIEW, FirmAct.PROOF)
        if act is None or act.sheet_id != sheet.id or act.kind not in waits:
            raise fault("telling.act_not_found")
        query = select(FirmActAnswer.id).where(FirmActAnswer.act_id == act.id)
        if db.session.scalar(query) is not None:
            raise fault("telling.act_answered")
        if not text and not (is_accepted and act.kind == FirmAct.PROOF):
            raise fault("telling.needs_answer")
        answer = FirmActAnswer(
            jurisdiction_id=actor.jurisdiction_id,
            act_id=act.id,
            is_accepted=is_accepted,
            text=text,
            person_id=actor.person_id,
            at=now(),
        )
        work.add(answer)
        if is_accepted and act.kind == FirmAct.PROOF:
            assert act.follow_up_id is not None, "proof is handed in for a case"
            fieldsync.get_document(act.document_sha256)
            followup.take_paper(
                actor, act.follow_up_id, act.document_sha256, act.document_name, text or act.text,
                act.id,
            )  # fmt: skip
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "telling.answered",
            f"{inspection.space}/{sheet.code}",
            kind=act.kind,
            is_accepted=is_accepted,
            reason=text,
        )
        work.flush()
    return answer
