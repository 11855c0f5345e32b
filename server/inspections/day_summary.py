"""Use cases: the summary of a lead's day, signed, kept as it was, and what changed since (R065)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from domain.access import Action, Actor, Target, may
from domain.canonical import canonical_json, canonical_sha256
from domain.day import Hindrance, count_stages
from domain.day_summary import (
    MAX_REMARK,
    SheetChange,
    SummarySheet,
    build_summary,
    compare_summaries,
    digest_standing,
)
from domain.errors import fault
from domain.reasons import parse_reason
from domain.signatures import Signature, find_signature_fault
from server.accounts.service import (
    confirm_password,
    get_department,
    get_person,
    list_person_names,
    lock_jurisdiction,
)
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync.service import dump_instant
from server.guard import require
from server.inspections.day import DayView, SheetOfDay, view_day
from server.inspections.models import DaySummary
from server.inspections.signature_svg import signature_paths
from server.runtime import now, today


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """What would be signed now; ``seen`` goes back with the form."""

    content: Mapping[str, Any]
    seen: str


@dataclass(frozen=True, slots=True)
class SignedSummary:
    """One summary as it was signed. ``changes`` since, of the newest of its lead only; ``paths``
    of the drawn signature, empty for a typed one."""

    row: DaySummary
    signer: str
    department: str
    content: Mapping[str, Any]
    changes: tuple[SheetChange, ...]
    is_newest: bool

    @property
    def paths(self) -> tuple[str, ...]:
        return signature_paths(self.row.strokes)


def find_draft(actor: Actor, view: DayView) -> SummaryDraft | None:
    """What this person may sign of that day; None where there is nothing, or not theirs."""
    if view.day > today() or not may(actor, Action.DAY_SIGN, _target(actor)):
        return None
    content = _build(actor, view, actor.person_id, actor.department_id or 0)
    return SummaryDraft(content, digest_standing(content)) if content["sheets"] else None


def sign_day(
    actor: Actor,
    day: date,
    *,
    seen: str,
    remark: str,
    signature: Signature,
    password: str,
    address: str,
) -> DaySummary:
    """Freezes the day as it stands now. Raises ``day.not_yet``, ``day.nothing_to_sign``,
    ``day.changed_since`` when it is not what the page showed (``seen``), ``reason.too_long``,
    ``signature.*`` and ``account.password_wrong``."""
    require(actor, Action.DAY_SIGN, _target(actor))
    if day > today():
        raise fault("day.not_yet")
    remark = parse_reason(remark, MAX_REMARK)
    found = find_signature_fault(signature, get_person(actor.person_id).name, takes_typed=True)
    if found is not None:
        raise found.as_fault()
    confirm_password(actor.person_id, password, address=address)
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        draft = find_draft(actor, view_day(actor, day))
        if draft is None:
            raise fault("day.nothing_to_sign")
        if draft.seen != seen:
            raise fault("day.changed_since")
        number, at = _next_number(actor.person_id, day), now()
        content = {
            **draft.content,
            "number": number,
            "remark": remark,
            "signed_at": dump_instant(at),
        }
        is_drawn = any(signature.strokes)
        made = DaySummary(
            jurisdiction_id=actor.jurisdiction_id,
            department_id=actor.department_id,
            person_id=actor.person_id,
            day=day,
            number=number,
            content=canonical_json(content),
            digest=canonical_sha256(content),
            remark=remark,
            strokes=[list(one) for one in signature.strokes] if is_drawn else [],
            width=signature.size[0] if is_drawn else 0,
            height=signature.size[1] if is_drawn else 0,
            typed_name="" if is_drawn else signature.typed_name.strip(),
            signed_at=at,
        )
        work.add(made)
        work.flush()
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "day.signed",
            f"day:{day.isoformat()}/{draft.content['department']['code']}",
            number=number,
            sha256=made.digest,
        )
        return made


def list_summaries(actor: Actor, view: DayView) -> list[SignedSummary]:
    """Those of that day this person may read, the newest first."""
    query = select(DaySummary).where(DaySummary.day == view.day)
    rows = [
        row
        for row in db.session.scalars(query.order_by(DaySummary.id.desc()))
        if may(actor, Action.SHEET_READ, Target(row.jurisdiction_id, row.department_id))
    ]
    names = list_person_names({row.person_id for row in rows})
    newest: set[int] = set()
    found = []
    for row in rows:
        is_newest = row.person_id not in newest
        newest.add(row.person_id)
        content = json.loads(row.content)
        changes: list[SheetChange] = []
        if is_newest:
            present = _build(actor, view, row.person_id, row.department_id)
            changes = compare_summaries(content, present)
        found.append(
            SignedSummary(
                row, names[row.person_id], content["department"]["name"], content, tuple(changes),
                is_newest,
            )
        )  # fmt: skip
    return found


def get_summary(actor: Actor, summary_id: int) -> SignedSummary:
    """Raises ``day.summary_not_found``, also for another department's."""
    row = db.session.scalar(select(DaySummary).where(DaySummary.id == summary_id))
    if row is None or not may(
        actor, Action.SHEET_READ, Target(row.jurisdiction_id, row.department_id)
    ):
        raise fault("day.summary_not_found")
    signed = list_summaries(actor, view_day(actor, row.day))
    return next(one for one in signed if one.row.id == summary_id)


def _build(actor: Actor, view: DayView, lead_id: int, department_id: int) -> dict[str, Any]:
    """Of one department's sheets; the reader's rights have already narrowed the view."""
    sheets = [one for one in view.sheets if one.sheet.department_id == department_id]
    department, lead = get_department(department_id), get_person(lead_id)
    return build_summary(
        day=view.day.isoformat(),
        department={"code": department.code, "name": department.name},
        lead={"id": lead.id, "name": lead.name},
        stages=count_stages(one.facts for one in sheets),
        sheets=[_tell(one) for one in sheets],
    )


def _tell(one: SheetOfDay) -> SummarySheet:
    """A sheet at work is not open in the sense of lacking something: it is not done."""
    is_at_work = one.facts.state.takes_answers
    return SummarySheet(
        key=one.key,
        number=one.inspection.number,
        firm=one.inspection.firm.name,
        state="started" if one.is_begun else one.sheet.state,
        content=one.content,
        findings=tuple(
            {
                "item": item.item.code,
                "severity": item.item.severity,
                "text": item.item.text,
                "note": item.note,
            }
            for item in (one.view.items if one.facts.findings else ())
            if item.is_finding
        ),
        hindrances=tuple(
            why for why in one.hindrances if not (is_at_work and why is Hindrance.INCOMPLETE)
        ),
    )


def _next_number(person_id: int, day: date) -> int:
    query = select(func.max(DaySummary.number)).where(
        DaySummary.person_id == person_id, DaySummary.day == day
    )
    return (db.session.scalar(query) or 0) + 1


def _target(actor: Actor) -> Target:
    return Target(actor.jurisdiction_id, actor.department_id)
