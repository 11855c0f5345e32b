"""Counties for a soak: crews of phones, each crew with several inspections of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from server.accounts.models import Department
from server.app import create_app
from server.config import Config
from server.db import db, scope_to, unit_of_work
from server.inspections.models import Inspection, Sheet, TeamMember
from server.registry.models import Firm
from tests.integration import builders
from tests.integration.builders import AT, Field, build_field, hash_as_the_product

ROLES = ("wang", "li", "lead", "zhao")


@dataclass(frozen=True)
class Crew:
    """A county with its people and the spaces they work in."""

    field: Field
    suffix: str
    spaces: tuple[str, ...]


def build_crews(database_url: str, home: Path, phones: int, visits: int) -> list[Crew]:
    """As many crews of four as the phones need, written straight into a migrated database."""
    (home / "blobs").mkdir(parents=True, exist_ok=True)
    app = create_app(
        Config(
            home=home,
            database_url=database_url,
            secret_key="soak-key-soak-key-soak-key-soak-key",
            blob_dir=home / "blobs",
            is_development=True,
        )
    )
    crews = []
    with app.app_context():
        for number in range(-(-phones // len(ROLES))):
            suffix = f"_{number}"
            field = build_field(f"14{number:04d}", suffix)
            spaces = [field.space, *(_add_visit(field, n, suffix) for n in range(1, visits))]
            crews.append(Crew(field, suffix, tuple(spaces)))
        scope_to(None)
        hash_as_the_product()
        db.engine.dispose()
    return crews


def _add_visit(field: Field, number: int, suffix: str) -> str:
    """One more inspection like the first, of another firm."""
    scope_to(None)
    with unit_of_work() as work:
        first = work.get_one(Inspection, field.inspection_id)
        departments = {
            one.code: one
            for one in work.scalars(
                select(Department).where(Department.jurisdiction_id == field.jurisdiction_id)
            )
        }
        firm = Firm(
            jurisdiction_id=field.jurisdiction_id, uscc=f"91140522MA0K{number:04d}YY",
            name=f"第{number}客运有限公司", category="passenger", tier="normal", address="县城",
        )  # fmt: skip
        work.add(firm)
        work.flush()
        visit = Inspection(
            jurisdiction_id=field.jurisdiction_id, number=f"2026-1{number:03d}{suffix}",
            draw_id=first.draw_id, task_id=first.task_id, firm_id=firm.id,
            planned_on=date(2026, 3, 4), created_at=AT,
        )  # fmt: skip
        work.add(visit)
        work.flush()
        for one in work.scalars(
            select(TeamMember).where(TeamMember.inspection_id == field.inspection_id)
        ).all():
            work.add(
                TeamMember(
                    inspection_id=visit.id, officer_id=one.officer_id, position=one.position,
                    department_id=one.department_id, is_lead=one.is_lead,
                )
            )  # fmt: skip
        for sheet in work.scalars(
            select(Sheet).where(Sheet.inspection_id == field.inspection_id)
        ).all():
            work.add(
                Sheet(
                    jurisdiction_id=field.jurisdiction_id, inspection_id=visit.id,
                    department_id=sheet.department_id, code=sheet.code, lists=sheet.lists,
                )
            )  # fmt: skip
        work.flush()
        work.refresh(visit)
        builders._publish(field, visit, departments)
        space: str = visit.space
    db.session.remove()
    return space
