"""Too few officers: who, for which firms, why the others fell out, and what would help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from domain.errors import Fault
from server.db import unit_of_work
from server.draws import service as draws
from server.draws.shortages import explain_shortages
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from tests.integration.draws.test_draw_pages import sign_in
from tests.integration.draws.test_redraw import with_heads
from tests.integration.draws.world import World, build_world


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context():
        yield build_world()


def shortages(world: World) -> list[tuple[str, int, int, tuple[str, ...]]]:
    view = draws.pool_of(world.clerk, world.joint_task)
    found = explain_shortages(world.clerk, view)
    assert bool(found) == bool(view.obstacles), "what stops the freeze is explained"
    return [(one.department, len(one.firms), one.eligible, one.reasons) for one in found]


def test_enough_officers_leave_nothing_to_explain(world: World) -> None:
    assert shortages(world) == []


def test_expired_certificates_are_named(world: World) -> None:
    with unit_of_work() as work:
        for n in (1, 2):
            officer = work.get_one(Officer, world.officers[f"mr{n}"])
            officer.cert_expires_on = date(2026, 3, 3)
    assert shortages(world) == [("市场监督管理局", 0, 1, ("2 人执法证件已过期",))]


def test_recusal_area_and_label_are_told_apart_firm_by_firm(world: World) -> None:
    with unit_of_work() as work:
        work.get_one(Officer, world.officers["mr1"]).recused_firm_ids = world.firms[:2]
        work.get_one(Officer, world.officers["mr2"]).area = "东乡"
        work.get_one(Officer, world.officers["mr3"]).labels = []
        for firm_id in world.firms:
            work.get_one(Firm, firm_id).area = "东乡"
        work.get_one(Firm, world.firms[0]).area = "西乡"
        work.get_one(Firm, world.firms[5]).area = "西乡"
    label = "1 人没有业务标签“机动车维修”"
    assert shortages(world) == [
        ("市场监督管理局", 1, 0, (label, "1 人只负责其他区域", "1 人须回避")),
        ("市场监督管理局", 1, 1, (label, "1 人须回避")),
        ("市场监督管理局", 1, 1, (label, "1 人只负责其他区域")),
    ]


def test_body_of_the_plan_that_nobody_knows_is_named(world: World) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, world.joint_task).cooperators = ["县气象局"]
    assert shortages(world) == [("县气象局", 0, 0, ("计划列明的单位不在部门名单中",))]


def test_page_explains_and_nothing_is_frozen(sqlite_app: Flask, world: World) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with_heads(world)
    with unit_of_work() as work:
        for n in (1, 2):
            officer = work.get_one(Officer, world.officers[f"tr{n}"])
            officer.recused_firm_ids = world.firms
            work.get_one(Officer, world.officers[f"mr{n}"]).recused_firm_ids = [world.firms[3]]
    page = sign_in(sqlite_app, "office").get(f"/tasks/{world.joint_task}").text
    assert "执法检查人员不足，不能冻结" in page and "示例维修厂03" in page
    assert "2 人须回避" in page and "核对回避名单是否仍然有效" in page
    with pytest.raises(Fault):
        draws.freeze_pool(world.clerk, world.joint_task)
