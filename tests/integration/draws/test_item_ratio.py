"""An item of the list with a higher ratio raises the plan's; what was frozen stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask

from domain.draw import verify_draw
from server.accounts.models import Jurisdiction, Person, PersonRole
from server.db import db, unit_of_work
from server.documents.draw_facts import read_draw_facts
from server.draws import service as draws
from server.draws.public_reading import view_public_draw
from server.draws.task_list import list_task_rows
from server.planning.coverage import view_year
from server.planning.models import PlanTask
from server.registry.models import InspectionItem
from tests.integration.builders import PASSWORD
from tests.integration.draws.changed import set_up
from tests.integration.draws.world import CATEGORY, PLANNED_ON, SEED, SOURCE, World


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield set_up()


def give(world: World, code: str, kind: str, percent: int | None) -> None:
    with unit_of_work() as work:
        item = work.query(InspectionItem).filter_by(code=code).one()
        item.kind, item.ratio_percent = kind, None if percent is None else Decimal(percent)
    db.session.expire_all()


def set_rule(world: World, rule: str) -> None:
    with unit_of_work() as work:
        work.get_one(Jurisdiction, world.county).settings = {"draw.item_ratio": rule}
    db.session.expire_all()


def test_key_item_raises_the_ratio_and_the_page_says_which(sqlite_app: Flask, world: World) -> None:
    before = draws.pool_of(world.clerk, world.joint_task)
    assert before.quota is not None and before.quota.required == 4  # 12 × 30 %
    give(world, CATEGORY, "key", 50)
    view = draws.pool_of(world.clerk, world.joint_task)
    assert view.quota is not None and (view.quota.required, view.quota.percent) == (6, 50)
    assert "计划比例为 30%" in view.reasons[0].text and "50%" in view.reasons[0].text
    assert "重点事项“机动车维修”" in view.reasons[0].text
    year = view_year(world.clerk, 2026)
    assert {one.firms_each for one in year.forecast.lines} == {view.quota.total}
    assert {one.required for one in list_task_rows(world.clerk, 2026)} == {view.quota.total}
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    shown = client.get(f"/tasks/{world.joint_task}").text
    assert "按较高的比例抽取" in shown and "抽取时按 50% 计算" in shown


def test_common_items_and_lower_ratios_raise_nothing(world: World) -> None:
    with unit_of_work() as work:
        task = work.get_one(PlanTask, world.joint_task)
        task.checklist_codes = ["common", *task.checklist_codes]
    give(world, "common", "key", 100)
    give(world, CATEGORY, "key", 30)
    view = draws.pool_of(world.clerk, world.joint_task)
    assert view.quota is not None and view.quota.percent == 30
    assert view.ratio is not None and view.ratio.item is None


def test_what_was_frozen_stays_when_list_and_setting_move_on(
    sqlite_app: Flask, world: World
) -> None:
    give(world, CATEGORY, "key", 50)
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    assert json.loads(frozen.pool)["rules"]["percent"] == "50"
    done = draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    number, told = done.id, done.public_id
    give(world, CATEGORY, "general", None)
    set_rule(world, "plan")
    assert draws.verify_stored(world.clerk, number) == []
    record = draws.export_draw(world.clerk, told)
    assert verify_draw(record) == []
    kept = draws.ratio_of_draw(draws.get_draw(world.clerk, number))
    assert kept is not None and kept.item is not None
    assert (kept.plan, kept.percent, kept.item.name) == (30, 50, "机动车维修")
    with sqlite_app.test_request_context():  # the record sheet says it, too
        facts = read_draw_facts(world.clerk, number, "https://suicha.example")
    assert "清单中重点事项“机动车维修”的比例为 50%" in facts.reasons[0]
    public = view_public_draw(told)
    assert public.frame["ceremony"]["ratio"]["percent"] == "50"
    assert public.summary is not None and public.summary.percent == "50"


def test_county_may_go_by_the_plan_alone_and_sees_the_effect_before_saving(
    sqlite_app: Flask, world: World
) -> None:
    give(world, CATEGORY, "key", 50)
    with unit_of_work() as work:
        clerk = work.get_one(Person, world.people["office"])
        clerk.roles.append(PersonRole(role="admin"))
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    raised = draws.pool_of(world.clerk, world.joint_task).quota
    form = {"items.key_percent": "10", "items.general_percent": "3", "version": "0"}
    form["draw.item_ratio"] = "plan"
    shown = client.post("/settings/items", data={**form, "preview": "1"}).text
    set_rule(world, "plan")
    plain = draws.pool_of(world.clerk, world.joint_task).quota
    assert raised is not None and plain is not None and plain.percent == 30
    assert f"{raised.total} → {plain.total}" in shown
    assert "合理确定一般检查事项、重点检查事项以及其抽查比例" in shown
    refused = client.post("/settings/items", data={**form, "draw.item_ratio": "lower"})
    assert refused.status_code == 422
    assert "清单中重点事项“机动车维修”" in client.get(f"/tasks/{world.joint_task}").text
