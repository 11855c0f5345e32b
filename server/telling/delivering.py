"""Use cases: recording how a notice reached the firm (送达); nothing is ever altered, a mistake is
a later entry with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import IO

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.reasons import parse_reason
from domain.signatures import Signature, find_signature_fault
from domain.telling import Delivery, faults_of_delivery
from domain.terms import Term
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.deadlines.events import advance_subjects, hold_terms
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections import service as inspections
from server.runtime import SITE_ZONE, now, today
from server.telling.making import MAX_REASON_CHARACTERS
from server.telling.models import DeliverySignature, NoticeDelivery, ResultNotice
from server.telling.reading import get_notice
from sync.canonical import hash_canonical

UNSIGNED = Signature()


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as it was sent."""

    stream: IO[bytes]
    name: str


def record_delivery(
    actor: Actor,
    inspection_id: int,
    code: str,
    notice_id: int,
    told: Delivery,
    proof: Proof | None = None,
    reason: str = "",
    signature: Signature = UNSIGNED,
) -> NoticeDelivery:
    """``signature`` is the receiver's own, drawn. Raises the first of
    ``domain.telling.faults_of_delivery``, ``signature.*``, ``telling.needs_reason`` where the
    notice has an entry, ``access.denied`` for another department's, ``telling.notice_not_found``
    and what ``keep_document`` raises; nothing is stored then."""
    notice, reason = _may_record(actor, inspection_id, code, notice_id, reason)
    is_signed = any(signature.strokes)
    told = replace(told, has_proof=proof is not None, is_signed=is_signed)
    if is_signed and (refused := find_signature_fault(signature, told.receiver, False)):
        raise refused.as_fault()
    made_on = notice.made_at.astimezone(SITE_ZONE).date()
    if faults := faults_of_delivery(told, made_on, today()):
        raise fault(next(iter(faults.values())))
    kept = fieldsync.keep_document(proof.stream) if proof is not None else None
    with unit_of_work() as work:
        known = _lock(notice, inspection_id)
        if known is not None and not reason:
            raise fault("telling.needs_reason")
        if kept is not None:
            fieldsync.record_document(actor, kept)
        entry = NoticeDelivery(
            jurisdiction_id=notice.jurisdiction_id,
            notice_id=notice.id,
            sheet_id=notice.sheet_id,
            version=notice.version,
            way=told.way.value,
            delivered_on=told.delivered_on,
            servers=told.servers,
            receiver=told.receiver,
            post_no=told.post_no,
            note=told.note,
            document_sha256=kept.sha256 if kept else "",
            document_name=proof.name[-200:] if kept and proof else "",
            reason=reason,
            recorded_by=actor.person_id,
            recorded_at=now(),
        )
        work.add(entry)
        work.flush()
        digest = _keep_signature(notice, entry, signature) if is_signed else ""
        _note(actor, "telling.delivered", inspection_id, code, entry, digest)
        advance_subjects(notice.jurisdiction_id, Term.TELLING, [notice.sheet_id])
    return entry


def void_delivery(
    actor: Actor, inspection_id: int, code: str, notice_id: int, reason: str
) -> NoticeDelivery:
    """It was not delivered after all; what was recorded stays. Raises ``telling.not_delivered``,
    ``telling.needs_reason``."""
    notice, reason = _may_record(actor, inspection_id, code, notice_id, reason)
    if not reason:
        raise fault("telling.needs_reason")
    with unit_of_work() as work:
        known = _lock(notice, inspection_id)
        if known is None or known.is_void:
            raise fault("telling.not_delivered")
        entry = NoticeDelivery(
            jurisdiction_id=notice.jurisdiction_id,
            notice_id=notice.id,
            sheet_id=notice.sheet_id,
            version=notice.version,
            way=known.way,
            delivered_on=known.delivered_on,
            is_void=True,
            reason=reason,
            recorded_by=actor.person_id,
            recorded_at=now(),
        )
        work.add(entry)
        work.flush()
        _note(actor, "telling.delivery_void", inspection_id, code, entry)
        advance_subjects(notice.jurisdiction_id, Term.TELLING, [notice.sheet_id])
    return entry


def _may_record(
    actor: Actor, inspection_id: int, code: str, notice_id: int, reason: str
) -> tuple[ResultNotice, str]:
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.TELLING_RECORD, inspections.target_of(inspection, sheet))
    notice = get_notice(actor, inspection_id, code, notice_id)
    return notice, parse_reason(reason, MAX_REASON_CHARACTERS)


def _lock(notice: ResultNotice, inspection_id: int) -> NoticeDelivery | None:
    """What stands of the notice; of two who record at once the second sees the first's."""
    hold_terms(notice.jurisdiction_id)  # its lock before the visit's
    fieldsync.lock_space(f"insp:{inspection_id}")
    query = select(NoticeDelivery).where(NoticeDelivery.notice_id == notice.id)
    return db.session.scalar(query.order_by(NoticeDelivery.id.desc()).limit(1))


def _keep_signature(notice: ResultNotice, entry: NoticeDelivery, signature: Signature) -> str:
    """Into the running unit of work; answers the digest of what was signed for."""
    digest = hash_canonical(
        {
            "notice": notice.number,
            "sha256": notice.sha256,
            "way": entry.way,
            "delivered_on": entry.delivered_on.isoformat(),
            "servers": entry.servers,
            "receiver": entry.receiver,
        }
    )
    width, height = signature.size
    db.session.add(
        DeliverySignature(
            jurisdiction_id=notice.jurisdiction_id,
            delivery_id=entry.id,
            strokes=[list(one) for one in signature.strokes],
            width=width,
            height=height,
            digest=digest,
        )
    )
    return digest


def _note(
    actor: Actor,
    action: str,
    inspection_id: int,
    code: str,
    entry: NoticeDelivery,
    signed: str = "",
) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        action,
        f"insp:{inspection_id}/{code}",
        version=entry.version,
        way=entry.way,
        delivered_on=entry.delivered_on.isoformat(),
        reason=entry.reason,
        proof=entry.document_sha256,
        signed=signed,
    )
