"""Use cases: the expert register 专家库 with agencies, and assistants of a visit (R002, R003)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from domain.access import Action, Actor
from domain.errors import fault
from domain.reasons import parse_reason
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.inspections import service as inspections
from server.organisation.models import Assistant, Expert
from server.registry import service as registry
from server.registry.initials import initials_of
from server.registry.paging import Page, like_pattern, page_of
from server.runtime import now, today

REGISTER = "experts"
KINDS = ("expert", "agency")
MAX_TASK_CHARACTERS = 200


def list_experts(
    q: str = "", kind: str = "", label: str = "", page: int = 1, *, with_closed: bool = False
) -> Page[Expert]:
    """By kind and name. ``q`` looks in name, initials, unit and number."""
    return page_of(_order(_filtered(q, kind, label, with_closed)), page)


def list_expert_ids(
    q: str = "", kind: str = "", label: str = "", *, with_closed: bool = False
) -> list[int]:
    """The same entries, all of them, as ids in the same order."""
    return [one.id for one in db.session.scalars(_order(_filtered(q, kind, label, with_closed)))]


def list_named_experts(_actor: Actor | None, ids: Collection[int]) -> set[int]:
    """Which of these were ever named for a visit."""
    return set(db.session.scalars(select(Assistant.expert_id).distinct())) & set(ids)


def _order(query: Select[Expert]) -> Select[Expert]:
    return query.order_by(Expert.kind.desc(), Expert.name, Expert.id)


def _filtered(q: str, kind: str, label: str, with_closed: bool) -> Select[Expert]:
    query = select(Expert)
    if not with_closed:
        query = query.where(Expert.is_active)
    if kind in KINDS:
        query = query.where(Expert.kind == kind)
    if q := q.strip():
        pattern = like_pattern(q)
        columns = (Expert.name, Expert.name_initials, Expert.unit, Expert.number)
        query = query.where(or_(*(one.ilike(pattern, escape="\\") for one in columns)))
    if label:
        ids = [one.id for one in db.session.scalars(query) if label in one.labels]
        query = query.where(Expert.id.in_(ids))
    return query


def get_expert(expert_id: int) -> Expert:
    """Raises ``request.not_found``, also for another county's."""
    expert = db.session.scalar(select(Expert).where(Expert.id == expert_id))
    if expert is None:
        raise fault("request.not_found")
    return expert


def add_expert(actor: Actor, values: Mapping[str, Any]) -> Expert:
    """With the beginning of a history. Raises ``expert.taken``."""
    require(actor, Action.EXPERT_WRITE)
    with unit_of_work():
        registry.take_turns(actor.jurisdiction_id)
        expert = Expert(
            jurisdiction_id=actor.jurisdiction_id, name_initials=initials_of(values["name"], 80)
        )
        _refuse_second(expert, values)
        registry.apply_change(actor, REGISTER, expert, values, "form")
        write_event(actor.jurisdiction_id, actor.person_id, "expert.saved", f"expert:{expert.id}")
    return expert


def edit_expert(
    actor: Actor, expert_id: int, values: Mapping[str, Any], seen: int
) -> Expert | registry.ChangedMeanwhile:
    """Changes what is different, with its history; ``seen`` is the newest change the form's person
    knows of. Raises ``expert.taken``, ``request.not_found``."""
    require(actor, Action.EXPERT_WRITE)
    with unit_of_work():
        registry.take_turns(actor.jurisdiction_id)
        expert = get_expert(expert_id)
        _refuse_second(expert, values)
        saved = registry.save_entry(actor, REGISTER, expert, values, seen)
        if isinstance(saved, registry.ChangedMeanwhile):
            return saved
        expert.name_initials = initials_of(values["name"], 80)
        write_event(actor.jurisdiction_id, actor.person_id, "expert.saved", f"expert:{expert.id}")
    return expert


def list_assistants(inspection_ids: Collection[int]) -> list[Assistant]:
    """Those named for these visits, who were taken back too, in the order in which they came."""
    query = select(Assistant).where(Assistant.inspection_id.in_(inspection_ids))
    return list(
        db.session.scalars(query.options(joinedload(Assistant.expert)).order_by(Assistant.id))
    )


def list_available(on: date) -> list[Expert]:
    """Who can be named for a visit on this day."""
    query = select(Expert).where(
        Expert.is_active, or_(Expert.valid_until.is_(None), Expert.valid_until >= on)
    )
    return list(db.session.scalars(query.order_by(Expert.kind.desc(), Expert.name)))


def name_assistant(actor: Actor, inspection_id: int, expert_id: int, task: str) -> Assistant:
    """An expert or agency helps at this visit; the two officers of each department stay two.
    Raises ``assistant.locked``, ``assistant.twice``, ``expert.expired``, ``inspection.withdrawn``,
    ``request.missing_field`` and ``reason.too_long``."""
    if not (task := parse_reason(task, MAX_TASK_CHARACTERS)):
        raise fault("request.missing_field", field="task")
    with unit_of_work() as work:
        _refuse_locked(actor, inspection_id)
        expert = get_expert(expert_id)
        if expert.valid_until is not None and expert.valid_until < today():
            raise fault("expert.expired", name=expert.name, day=expert.valid_until.isoformat())
        known = [one for one in list_assistants([inspection_id]) if one.removed_at is None]
        if any(one.expert_id == expert.id for one in known):
            raise fault("assistant.twice", name=expert.name)
        assistant = Assistant(
            jurisdiction_id=actor.jurisdiction_id,
            inspection_id=inspection_id,
            expert_id=expert.id,
            task=task,
            added_by=actor.person_id,
            added_at=now(),
            removed_reason="",
        )
        work.add(assistant)
        write_event(
            actor.jurisdiction_id, actor.person_id, "assistant.named",
            f"inspection:{inspection_id}", expert=expert.id, task=task,
        )  # fmt: skip
    return assistant


def take_back_assistant(actor: Actor, inspection_id: int, assistant_id: int, reason: str) -> None:
    """Who did not help after all; kept with the reason. Raises ``assistant.locked``,
    ``inspection.withdrawn``, ``request.missing_field`` and ``request.not_found``."""
    if not (reason := parse_reason(reason, MAX_TASK_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    with unit_of_work():
        _refuse_locked(actor, inspection_id)
        open_ones = [one for one in list_assistants([inspection_id]) if one.removed_at is None]
        found = next((one for one in open_ones if one.id == assistant_id), None)
        if found is None:
            raise fault("request.not_found")
        found.removed_at, found.removed_reason = now(), reason
        write_event(
            actor.jurisdiction_id, actor.person_id, "assistant.taken_back",
            f"inspection:{inspection_id}", expert=found.expert_id, reason=reason,
        )  # fmt: skip


def _refuse_locked(actor: Actor, inspection_id: int) -> None:
    inspection = inspections.get_inspection(actor, inspection_id)
    inspections.lock_visit(inspection)  # two who name the same expert at once name one
    if inspection.withdrawn_at is not None:
        raise fault("inspection.withdrawn")
    if all(sheet.entered_at is not None for sheet in inspection.sheets):
        raise fault("assistant.locked")


def _refuse_second(expert: Expert, values: Mapping[str, Any]) -> None:
    query = select(Expert).where(Expert.kind == values["kind"], Expert.number == values["number"])
    with db.session.no_autoflush:
        found = db.session.scalar(query)
    if found is not None and found.id != expert.id:
        raise fault("expert.taken", number=found.number, name=found.name)
