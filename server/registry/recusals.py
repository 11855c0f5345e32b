"""Use cases: 回避 — an officer never inspects a firm, from one day with its reason to another with
its own; the draw reads ``Officer.recused_firm_ids``."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.changes import apply_change
from server.registry.entry_models import Recusal
from server.registry.firms import get_firm
from server.registry.keeping import require_keeper
from server.registry.models import Firm, Officer
from server.registry.officers import get_officer
from server.registry.owner import take_turns
from server.runtime import now


@dataclass(frozen=True, slots=True)
class RecusalView:
    """A firm the officer never inspects; ``record`` is None where only an import says so."""

    firm: Firm
    record: Recusal | None


def list_recusals(actor: Actor | None, officer: Officer) -> list[RecusalView]:
    """Those in force, by the firm's name."""
    records = {one.firm_id: one for one in _in_force(officer.id)}
    query = select(Firm).where(Firm.id.in_(officer.recused_firm_ids or []))
    firms = db.session.scalars(query.order_by(Firm.name))
    return [RecusalView(firm, records.get(firm.id)) for firm in firms]


def list_recused_officers(actor: Actor | None, firm: Firm) -> list[Officer]:
    """Who never inspects this firm."""
    officers = db.session.scalars(select(Officer).order_by(Officer.id))
    return [one for one in officers if firm.id in (one.recused_firm_ids or [])]


def add_recusal(actor: Actor, officer_id: int, firm_id: int, reason: str) -> None:
    """From the next draw on. Raises ``request.not_found``, ``firm.not_found``,
    ``recusal.exists``."""
    with unit_of_work() as work:
        take_turns(actor.jurisdiction_id)
        officer, firm = get_officer(actor, officer_id), get_firm(actor, firm_id)
        require_keeper(actor, Action.OFFICER_WRITE, officer.department_id)
        before = officer.recused_firm_ids or []
        if firm.id in before:
            raise fault("recusal.exists")
        work.add(
            Recusal(
                jurisdiction_id=actor.jurisdiction_id,
                officer_id=officer.id,
                firm_id=firm.id,
                reason=reason,
                began_by=actor.person_id,
                began_at=now(),
            )
        )
        values = {"recused_firm_ids": [*before, firm.id]}
        apply_change(actor, "officers", officer, values, "form", reason)
        _note(actor, "recusal.added", officer, firm, reason)


def end_recusal(actor: Actor, officer_id: int, firm_id: int, reason: str) -> None:
    """The officer can be matched with the firm again. Raises ``request.not_found``,
    ``firm.not_found``, ``recusal.not_found``."""
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        officer, firm = get_officer(actor, officer_id), get_firm(actor, firm_id)
        require_keeper(actor, Action.OFFICER_WRITE, officer.department_id)
        before = officer.recused_firm_ids or []
        if firm.id not in before:
            raise fault("recusal.not_found")
        for record in _in_force(officer.id):
            if record.firm_id == firm.id:
                record.ended_at, record.ended_by = now(), actor.person_id
                record.end_reason = reason
        values = {"recused_firm_ids": [one for one in before if one != firm.id]}
        apply_change(actor, "officers", officer, values, "form", reason)
        _note(actor, "recusal.ended", officer, firm, reason)


def _in_force(officer_id: int) -> list[Recusal]:
    query = select(Recusal).where(Recusal.officer_id == officer_id, Recusal.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(Recusal.id)))


def _note(actor: Actor, event: str, officer: Officer, firm: Firm, reason: str) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"officer:{officer.id}",
        name=officer.name,
        firm=firm.name,
        reason=reason,
    )
