"""Entered sheets with their findings, made directly: a year of visits in a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from server.accounts.models import Department
from server.db import db, unit_of_work
from server.draws.models import Draw
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import PlanTask
from server.registry.models import Firm
from tests.integration.builders import AT, Field

ITEMS = ("PAX-01", "PAX-02", "PAX-03")


def record(
    field: Field,
    day: date,
    found: Iterable[str] = (),
    *,
    firm: int | None = None,
    code: str = "tr",
    state: str = "entered",
    results: dict[str, int] | None = None,
    void: Iterable[str] = (),
    officers: tuple[str, ...] = ("wang", "li"),
    guests: tuple[str, ...] = (),
    trade: str = "passenger",
    tier: str | None = "normal",
) -> int:
    """One visit that ended on ``day`` with findings at these entries; answers the firm's id.
    ``guests`` are officers of another department who were there."""
    with unit_of_work() as work:
        number = (work.scalar(select(func.max(Inspection.id))) or 0) + 1
        department = work.scalars(select(Department).where(Department.code == code)).one()
        like = work.scalars(select(PlanTask).order_by(PlanTask.id)).first()
        assert like is not None
        task = work.scalar(select(PlanTask).where(PlanTask.category == trade))
        if task is None:
            task = PlanTask(
                jurisdiction_id=field.jurisdiction_id, plan_id=like.plan_id, row_no=number + 100,
                task_no=f"联2026{number:03}", name=f"{trade} 检查", ownership="initiating",
                cells={}, category=trade,
            )  # fmt: skip
            work.add(task)
        if firm is None:
            one = Firm(
                jurisdiction_id=field.jurisdiction_id, uscc=f"91140522MC{number:07d}X",
                name=f"示例{number}号有限公司", category=trade, tier=tier,
            )  # fmt: skip
            work.add(one)
            work.flush()
            firm = one.id
        work.flush()
        draw = Draw(
            jurisdiction_id=field.jurisdiction_id, public_id=f"made-{number}", task_id=task.id,
            state="drawn", pool="{}", pool_sha256="0" * 64, frozen_at=AT,
        )  # fmt: skip
        work.add(draw)
        work.flush()
        visit = Inspection(
            jurisdiction_id=field.jurisdiction_id, number=f"R{number:05}", draw_id=draw.id,
            task_id=task.id, firm_id=firm, planned_on=day, ended_on=day, created_at=AT,
        )  # fmt: skip
        work.add(visit)
        work.flush()
        work.add_all(
            TeamMember(
                inspection_id=visit.id, officer_id=field.officers[name],
                department_id=department.id, position=place, is_lead=place == 0,
            )
            for place, name in enumerate(officers)
        )  # fmt: skip
        elsewhere = work.scalars(select(Department).where(Department.code != code)).first()
        work.add_all(
            TeamMember(
                inspection_id=visit.id, officer_id=field.officers[name],
                department_id=elsewhere.id, position=9, is_lead=False,
            )
            for name in guests
            if elsewhere is not None
        )  # fmt: skip
        void = tuple(void)
        codes = dict.fromkeys((*found, *void), 8)
        sheet = Sheet(
            jurisdiction_id=field.jurisdiction_id, inspection_id=visit.id,
            department_id=department.id, code=code, lists=[], state=state, ended_on=day,
            results={**dict.fromkeys(ITEMS, 1), **codes, **(results or {})},
            result_code=8 if codes else 1, entered_at=AT,
        )  # fmt: skip
        work.add(sheet)
        work.flush()
        work.add_all(
            FollowUp(
                jurisdiction_id=field.jurisdiction_id, inspection_id=visit.id, sheet_id=sheet.id,
                department_id=department.id, item_code=item, item_text=f"检查项 {item}",
                severity="minor", result_code=8, opened_at=AT, decide_by=day,
                state="void" if item in void else "open", finding="车辆未年检",
            )
            for item in codes
        )  # fmt: skip
    db.session.expire_all()
    return firm
