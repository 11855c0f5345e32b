"""More visits of the same county, made directly, as ``builders`` makes the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from server.accounts.models import Department
from server.db import db, unit_of_work
from server.draws.models import Draw
from server.inspections.models import Inspection, Sheet, TeamMember
from server.registry.models import Firm
from tests.integration.builders import AT, ITEMS, Field, _publish


def add_visits(field: Field, count: int, day: date = date(2026, 3, 4)) -> list[Field]:
    """``field`` once per new visit: other firms, the same team of tr, a sheet of tr."""
    made = []
    with unit_of_work() as work:
        draw = work.query(Draw).order_by(Draw.id).first()
        departments = {one.code: one for one in work.query(Department)}
        assert draw is not None
        known = work.query(Inspection).count()
        for number in range(known + 1, known + count + 1):
            firm = Firm(
                jurisdiction_id=field.jurisdiction_id, uscc=f"91140522MB{number:07d}X",
                name=f"示例客运{number}有限公司", category="passenger", address="县城西街",
            )  # fmt: skip
            work.add(firm)
            work.flush()
            visit = Inspection(
                jurisdiction_id=field.jurisdiction_id, number=f"2026-{number:04d}",
                draw_id=draw.id, task_id=draw.task_id, firm_id=firm.id, planned_on=day,
                created_at=AT,
            )  # fmt: skip
            work.add(visit)
            work.flush()
            work.add_all(
                TeamMember(
                    inspection_id=visit.id, officer_id=field.officers[name],
                    department_id=departments["tr"].id, position=place, is_lead=place == 0,
                )
                for place, name in enumerate(("wang", "li"))
            )  # fmt: skip
            listed = {"list": "tr-list@1", "items": [code for code, _, _ in ITEMS["tr"]]}
            sheet = Sheet(
                jurisdiction_id=field.jurisdiction_id, inspection_id=visit.id,
                department_id=departments["tr"].id, code="tr", lists=[listed],
            )  # fmt: skip
            work.add(sheet)
            work.flush()
            work.refresh(visit)
            one = replace(field, inspection_id=visit.id, sheet_ids={"tr": sheet.id})
            _publish(one, visit, departments)
            made.append(one)
    db.session.expire_all()
    return made
