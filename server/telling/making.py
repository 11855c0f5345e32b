"""Use cases: making the notice of a result; the firm's link comes with the first one."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.errors import fault
from domain.reasons import parse_reason
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.inspections import service as inspections
from server.results import service as results
from server.runtime import now
from server.telling.facts import build_facts
from server.telling.models import FirmCode, FirmLink, FirmVisit, ResultNotice
from server.telling.reading import find_link
from sync.canonical import hash_canonical

TOKEN_BYTES = 24
MAX_REASON_CHARACTERS = 500


def make_notice(actor: Actor, inspection_id: int, code: str, version: int) -> ResultNotice:
    """Of the version in force, which is the one the page showed. Raises ``telling.not_entered``,
    ``telling.version_changed``, ``access.denied`` for another department's."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.TELLING_RECORD, inspections.target_of(inspection, sheet))
    with unit_of_work() as work:
        inspections.lock_visit(inspection)
        found = results.find_version(sheet.id)
        if found is None:
            raise fault("telling.not_entered")
        if found.version != version:
            raise fault("telling.version_changed", version=found.version)
        serial = 1 + (
            work.scalar(
                select(func.max(ResultNotice.serial)).where(ResultNotice.sheet_id == sheet.id)
            )
            or 0
        )
        number = inspections.number_paper(inspection, sheet, inspections.NOTICE, serial)
        facts = build_facts(inspection, sheet, found, number)
        notice = ResultNotice(
            jurisdiction_id=actor.jurisdiction_id,
            inspection_id=inspection.id,
            sheet_id=sheet.id,
            version=found.version,
            serial=serial,
            number=number,
            facts=facts,
            sha256=hash_canonical(facts),
            made_by=actor.person_id,
            made_at=now(),
        )
        work.add(notice)
        _ensure_link(actor, inspection.id)
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "telling.notice_made",
            f"{inspection.space}/{sheet.code}",
            version=found.version,
            number=number,
            sha256=notice.sha256,
        )
        work.flush()
    return notice


def revoke_link(actor: Actor, inspection_id: int, code: str, reason: str) -> None:
    """Nobody opens it any more, nor goes on behind it; the next notice brings another. Raises
    ``telling.link_revoked``, ``telling.needs_reason``."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.TELLING_RECORD, inspections.target_of(inspection, sheet))
    reason = parse_reason(reason, MAX_REASON_CHARACTERS)
    if not reason:
        raise fault("telling.needs_reason")
    with unit_of_work() as work:
        inspections.lock_visit(inspection)
        link = find_link(inspection_id)
        if link is None:
            raise fault("telling.link_revoked")
        link.revoked_at, link.revoked_by, link.reason = now(), actor.person_id, reason
        for one in work.scalars(select(FirmCode).where(FirmCode.link_id == link.id)):
            one.revoked_at = one.revoked_at or now()
        for visit in work.scalars(select(FirmVisit).where(FirmVisit.link_id == link.id)):
            visit.ended_at = visit.ended_at or now()
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "telling.link_revoked",
            inspection.space,
            reason=reason,
        )


def _ensure_link(actor: Actor, inspection_id: int) -> None:
    if find_link(inspection_id) is None:
        db.session.add(
            FirmLink(
                jurisdiction_id=actor.jurisdiction_id,
                inspection_id=inspection_id,
                token=secrets.token_urlsafe(TOKEN_BYTES),
                made_by=actor.person_id,
                made_at=now(),
            )
        )
