"""A joint draw of three departments with names a form has to stand: rare characters, markup."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from server.accounts.models import Department, Person
from server.accounts.passwords import hash_password
from server.db import unit_of_work
from server.draws.service import freeze_pool, run_draw
from server.planning.models import PlanTask
from server.registry.models import CheckEntry, Checklist, Firm, InspectionItem, Officer
from tests.integration.draws.world import AT, PLANNED_ON, SEED, SOURCE, World, build_world

FIRMS = 12
RARE = "㙟䶮𠮷"
MARKED = f"{RARE}<b>&汽修厂"
LONG = "泽源县顺达汽车维修服务有限公司凤城镇第一分公司"
BASIS = {"law": "固体废物污染环境防治法", "article": "第七十七条", "confidence": "A"}
PASSWORD = "correct horse battery"


def freeze_county() -> tuple[World, int]:
    """The county and its frozen draw; call inside an application context."""
    world = build_world(firms=FIRMS, home_officers=6, other_officers=4)
    with unit_of_work() as work:
        third = Department(jurisdiction_id=world.county, code="ee", name="生态环境分局")
        work.add(third)
        work.flush()
        for n in range(4):
            work.add(
                Officer(
                    jurisdiction_id=world.county,
                    department_id=third.id,
                    name=f"欧阳{RARE}" if n == 0 else f"环保员{n}",
                    cert_no=f"0414EE{n:05d}",
                    cert_expires_on=date(2028, 12, 31),
                    labels=["repair"],
                    recused_firm_ids=[],
                )
            )
        item = InspectionItem(jurisdiction_id=world.county, code="ee", name="污染防治", kind="key")
        work.add(item)
        work.flush()
        work.add(_list(world, item))
        task = work.get_one(PlanTask, world.joint_task)
        task.ratio_percent, task.ratio_text = Decimal(100), "100% 1次/年"
        task.cooperators = ["县市场监管局", "生态环境分局"]
        task.checklist_codes = ["repair", "market_reg", "ee"]
        task.window_text, task.object_scope = "3月-10月", "全县机动车维修经营单位"
        work.get_one(Firm, world.firms[0]).name = MARKED
        work.get_one(Firm, world.firms[1]).name = LONG
        for account in ("office", "tr1"):
            work.get_one(Person, world.people[account]).password_hash = hash_password(PASSWORD)
    return world, freeze_pool(world.clerk, world.joint_task).id


def draw_county() -> tuple[World, int]:
    """The same, drawn."""
    world, draw_id = freeze_county()
    run_draw(world.clerk, draw_id, SEED, SOURCE, PLANNED_ON)
    return world, draw_id


def _list(world: World, item: InspectionItem) -> Checklist:
    return Checklist(
        jurisdiction_id=world.county,
        code="ee",
        version=1,
        title="污染防治",
        plan_tasks=[],
        content_sha256="e" * 64,
        imported_at=AT,
        entries=[
            CheckEntry(
                jurisdiction_id=world.county,
                inspection_item_id=item.id,
                position=position,
                code=f"EE-{position:02d}",
                text=f"危险废物贮存场所设置识别标志，第{position}项",
                basis=[
                    {"law": "固体废物污染环境防治法", "article": "第七十七条", "confidence": "A"}
                ],
                methods=["on_site", "document"],
                answer={"type": "judge"},
                photo_on_fail=False,
                severity="minor",
                department_name="生态环境分局",
            )
            for position in (1, 2)
        ],
    )
