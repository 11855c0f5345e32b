"""Use cases: versions of a plan, their publication, their report 上报 (R013, R016, R017)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.canonical import canonical_json
from domain.errors import fault
from domain.plan_changes import TaskChange, diff_tasks
from domain.plan_printing import columns_of
from domain.plans import PlanKind, plain_text
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.planning.models import Plan, PlanVersion
from server.planning.reading import get_plan, home_target, lock_plan
from server.planning.values import values_of
from server.runtime import now, today

MAX_REPORT_NO = 80


def publish_plan(actor: Actor, plan_id: int) -> PlanVersion:
    """Makes the newest version public; of a plan without one, the first. From here on it changes by
    adjustments only. Raises ``plan.published_elsewhere``, ``plan.empty`` and
    ``plan.nothing_to_publish``."""
    require(actor, Action.PLAN_PUBLISH, home_target(actor.jurisdiction_id))
    with unit_of_work():
        plan = lock_plan(actor, plan_id)
        if plan.kind == PlanKind.COUNTY_JOINT:
            raise fault("plan.published_elsewhere")
        if not plan.standing_tasks:
            raise fault("plan.empty")
        version = find_newest(plan_id) or add_version(actor, plan)
        if version.published_at is not None:
            raise fault("plan.nothing_to_publish")
        plan.state = "published"
        version.published_at, version.published_by = now(), actor.person_id
        _note(actor, "plan.published", plan, version, sha256=version.content_sha256)
    return version


def report_version(
    actor: Actor, plan_id: int, number: int, reported_on: date, report_no: str
) -> PlanVersion:
    """On which day and under which number a version was sent to the county office. Said again it is
    corrected; both are in the audit log. Raises ``plan.report_in_future``."""
    require(actor, Action.PLAN_PUBLISH, home_target(actor.jurisdiction_id))
    if reported_on > today():
        raise fault("plan.report_in_future")
    with unit_of_work():
        plan = lock_plan(actor, plan_id)
        version = get_version(actor, plan_id, number)
        version.reported_on, version.report_no = reported_on, report_no
        version.reported_by = actor.person_id
        _note(actor, "plan.reported", plan, version, on=reported_on.isoformat(), no=report_no)
    return version


def add_version(actor: Actor, plan: Plan) -> PlanVersion:
    """The plan as it stands, as its next version; inside a unit of work that locked the plan."""
    content = _content(plan)
    version = PlanVersion(
        jurisdiction_id=actor.jurisdiction_id,
        plan_id=plan.id,
        number=_count(plan.id) + 1,
        content=content,
        content_sha256=hashlib.sha256(canonical_json(content).encode()).hexdigest(),
        made_by=actor.person_id,
        made_at=now(),
        report_no="",
    )
    db.session.add(version)
    db.session.flush()
    return version


def list_versions(plan_id: int, *, is_public: bool = False) -> list[PlanVersion]:
    """The newest first; ``is_public``: only what was published."""
    query = select(PlanVersion).where(PlanVersion.plan_id == plan_id)
    if is_public:
        query = query.where(PlanVersion.published_at.is_not(None))
    return list(db.session.scalars(query.order_by(PlanVersion.number.desc())))


def find_newest(plan_id: int) -> PlanVersion | None:
    """None for a plan that was never published."""
    return next(iter(list_versions(plan_id)), None)


def get_version(actor: Actor, plan_id: int, number: int) -> PlanVersion:
    """Raises ``plan.not_found`` and ``plan.version_not_found``."""
    get_plan(actor, plan_id)
    return _version(plan_id, number)


def get_public_version(plan_id: int, number: int | None = None) -> PlanVersion:
    """For visitors: a published version, the newest without a number. Raises
    ``plan.version_not_found`` for everything else, without telling why."""
    for version in list_versions(plan_id, is_public=True):
        if number in (None, version.number):
            return version
    raise fault("plan.version_not_found")


def list_public_plans() -> list[PlanVersion]:
    """The newest published version of each plan, the newest year first."""
    query = (
        select(PlanVersion)
        .join(Plan)
        .where(PlanVersion.published_at.is_not(None))
        .order_by(Plan.year.desc(), Plan.id, PlanVersion.number.desc())
    )
    newest: dict[int, PlanVersion] = {}
    for version in db.session.scalars(query):
        newest.setdefault(version.plan_id, version)
    return list(newest.values())


def diff_versions(old: PlanVersion | None, new: PlanVersion) -> tuple[TaskChange, ...]:
    """What became different; of the first version nothing."""
    return diff_tasks(old.content["tasks"], new.content["tasks"]) if old else ()


def _version(plan_id: int, number: int) -> PlanVersion:
    query = select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    version = db.session.scalar(query)
    if version is None:
        raise fault("plan.version_not_found")
    return version


def _count(plan_id: int) -> int:
    query = select(func.count()).select_from(PlanVersion).where(PlanVersion.plan_id == plan_id)
    return db.session.scalar(query) or 0


def _content(plan: Plan) -> dict[str, Any]:
    """Printed cells and values; the columns in the order of the source."""
    tasks = plan.standing_tasks
    known = columns_of(PlanKind(plan.kind))
    return {
        "title": plan.title,
        "document_no": plan.document_no,
        "kind": plan.kind,
        "year": plan.year,
        "phases": plan.phases,
        "columns": _present(known, [task.cells for task in tasks]),
        "tasks": [
            {
                "id": task.id,
                "task_no": task.task_no,
                "cells": {column: plain_text(str(text)) for column, text in task.cells.items()},
                "values": values_of(task),
            }
            for task in tasks
        ],
    }


def _present(known: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[str]:
    """The kind's columns; a row of an older import may name its own."""
    more = [column for cells in rows for column in cells if column not in known]
    return [*known, *dict.fromkeys(more)]


def _note(actor: Actor, event: str, plan: Plan, version: PlanVersion, **details: object) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"plan:{plan.id}",
        version=version.number,
        **details,
    )
