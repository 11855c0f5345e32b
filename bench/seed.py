"""A county for the measurement: a long checklist, two inspectors, and as many inspections as asked.

It is written by the server's own code, in this process, before the server starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.access import Role
from server.accounts.models import Department, Jurisdiction
from server.accounts.service import add_person
from server.app import create_app
from server.config import load_config
from server.db import db, scope_to, unit_of_work
from server.draws.models import Draw, DrawState
from server.fieldsync.service import ensure_epoch
from server.inspections.creation import NewInspection, NewTeamMember, create_inspections
from server.planning.models import Plan, PlanTask
from server.registry.models import CheckEntry, Checklist, Firm, InspectionItem, Officer

SHEET = "tr"
LIST = "bench"
PASSWORD = "bench-password-1"
AT = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Seeded:
    """What the phones need to know."""

    accounts: list[tuple[str, str]]
    spaces: list[str]
    sheet: str
    items: list[str]


def seed(env: Mapping[str, str], *, inspections: int, items: int) -> Seeded:
    """``inspections`` visits of one checklist with ``items`` items, all assigned to everybody."""
    settings = {name: value for name, value in env.items() if name.startswith("SUICHA_")}
    app = create_app(load_config(settings))
    with app.app_context():
        try:
            with unit_of_work():
                ensure_epoch()
                made = _seed_county(inspections, items)
        finally:
            db.session.remove()
            db.engine.dispose()
    return made


def _seed_county(inspections: int, items: int) -> Seeded:
    county = Jurisdiction(code="140000", name="测量县")
    db.session.add(county)
    db.session.flush()
    scope_to(county.id)
    department = Department(jurisdiction_id=county.id, code=SHEET, name="交通运输局", is_home=True)
    db.session.add(department)
    db.session.flush()
    codes = _seed_checklist(county, items)
    officers = [_seed_officer(county, department, number) for number in (1, 2)]
    draw = _seed_draw(county, officers[0])
    firms = [_seed_firm(county, number) for number in range(inspections)]
    team = tuple(
        NewTeamMember(officer, department, is_lead=position == 0)
        for position, officer in enumerate(officers)
    )
    made = create_inspections(
        draw, [NewInspection(firm, (department,), team) for firm in firms], AT.date()
    )
    return Seeded(
        accounts=[(f"bench{number}", PASSWORD) for number in (1, 2)],
        spaces=[inspection.space for inspection in made],
        sheet=SHEET,
        items=codes,
    )


def _seed_checklist(county: Jurisdiction, items: int) -> list[str]:
    entry = InspectionItem(jurisdiction_id=county.id, code="BEN", name="测量事项")
    checklist = Checklist(
        jurisdiction_id=county.id,
        code=LIST,
        version=1,
        title="测量检查表",
        content_sha256="0" * 64,
        imported_at=AT,
    )
    db.session.add_all([entry, checklist])
    db.session.flush()
    codes = [f"BEN-{number:04d}" for number in range(1, items + 1)]
    db.session.add_all(
        CheckEntry(
            jurisdiction_id=county.id,
            checklist_id=checklist.id,
            inspection_item_id=entry.id,
            position=position,
            code=code,
            text="是否持有效证件上岗",
            basis=[{"law": "道路运输条例", "article": "第三十四条", "confidence": "A"}],
            methods=["on_site"],
            answer={"type": "judge"},
            photo_on_fail=True,
            severity="minor",
        )
        for position, code in enumerate(codes)
    )
    return codes


def _seed_officer(county: Jurisdiction, department: Department, number: int) -> Officer:
    person = add_person(
        county, department, f"bench{number}", f"测量员{number}", PASSWORD, [Role.INSPECTOR]
    )
    officer = Officer(
        jurisdiction_id=county.id,
        person_id=person.id,
        department_id=department.id,
        name=person.name,
        cert_no=f"0400000{number}",
    )
    db.session.add(officer)
    db.session.flush()
    return officer


def _seed_draw(county: Jurisdiction, drawer: Officer) -> Draw:
    plan = Plan(
        jurisdiction_id=county.id,
        kind="internal",
        year=AT.year,
        title="测量计划",
        file_name="bench.csv",
        file_sha256="0" * 64,
        imported_at=AT,
    )
    task = PlanTask(
        jurisdiction_id=county.id,
        plan=plan,
        row_no=1,
        task_no="BENCH",
        name="测量任务",
        ownership="initiating",
        checklist_codes=[LIST],
        cells={},
    )
    db.session.add_all([plan, task])
    db.session.flush()
    draw = Draw(
        jurisdiction_id=county.id,
        public_id="bench",
        task=task,
        state=DrawState.DRAWN,
        pool="{}",
        pool_sha256="0" * 64,
        frozen_by=drawer.person_id,
        frozen_at=AT,
        drawn_by=drawer.person_id,
        drawn_at=AT,
    )
    db.session.add(draw)
    db.session.flush()
    return draw


def _seed_firm(county: Jurisdiction, number: int) -> Firm:
    firm = Firm(
        jurisdiction_id=county.id,
        uscc=f"91140000{number:010d}",
        name=f"测量运输企业{number}",
        category="passenger",
    )
    db.session.add(firm)
    return firm
