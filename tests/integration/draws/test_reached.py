"""The shares the county has reached follow from the draws and visits that stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from domain.plan_coverage import Share
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.draws import service as draws
from server.draws.models import Draw
from server.inspections.models import Inspection
from server.planning.models import PlanTask
from server.registry.models import Firm
from server.runtime import now
from tests.integration.builders import PASSWORD
from tests.integration.draws.own_plan import YEAR, build_own_plan, draw
from tests.integration.draws.test_official import KNOWN, bring_in, handed_in
from tests.integration.draws.world import World


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_own_plan()
        with unit_of_work() as work:
            firms = [work.get_one(Firm, one) for one in made.firms]
            firms[0].more_categories = ["freight"]  # of two trades
            work.get_one(Jurisdiction, made.county).settings = {"kpi.joint_firms_min": "60"}
        db.session.expire_all()
        yield made


def numbers(share: Share) -> tuple[int, int]:
    return share.part, share.whole


def test_superseded_draws_and_withdrawn_visits_do_not_count(world: World) -> None:
    internal, joint = draw(world, world.internal_task), draw(world, world.joint_task)
    size = {one.id: len((one.record or {})["firms"]) for one in (internal, joint)}
    found = draws.view_reached(world.clerk, YEAR)
    assert numbers(found.reached.by_count) == (1, 2)
    assert numbers(found.reached.by_firms) == (size[joint.id], sum(size.values()))
    keys = {
        one["id"] for made in (internal, joint) for one in (made.record or {})["firms"]
    }  # the same firm drawn twice counts once, and so does the register's firm of two trades
    assert numbers(found.reached.drawn) == (len(keys), len(world.firms))
    assert numbers(found.reached.by_classes) == (2, 2) and found.reached.by_classes.is_reached
    assert found.reached.by_firms.minimum == 60
    with unit_of_work() as work:
        work.query(Inspection).filter_by(draw_id=joint.id).first().withdrawn_at = now()
    fewer = draws.view_reached(world.clerk, YEAR).reached
    assert numbers(fewer.by_firms) == (size[joint.id] - 1, sum(size.values()) - 1)
    with unit_of_work() as work:
        work.get_one(Draw, internal.id).state = "superseded"
    alone = draws.view_reached(world.clerk, YEAR)
    assert numbers(alone.reached.by_count) == (1, 1)
    assert [one.draw.id for one in alone.lines] == [joint.id]
    assert draws.view_reached(world.clerk, YEAR - 1).lines == ()
    assert draws.view_reached(world.clerk, 2**31 - 1).lines == ()


def test_official_draws_count_with_classes_where_the_task_asks_and_the_firms_are_classed(
    world: World,
) -> None:
    bring_in(world, handed_in(*KNOWN))
    found = draws.view_reached(world.clerk, YEAR).reached
    assert (numbers(found.by_count), numbers(found.by_firms)) == ((1, 1), (2, 2))
    assert numbers(found.by_classes) == (1, 1)
    with unit_of_work() as work:
        work.get_one(PlanTask, world.joint_task).uses_risk = False
    assert numbers(draws.view_reached(world.clerk, YEAR).reached.by_classes) == (0, 1)


def test_a_pool_without_any_class_has_used_none(world: World) -> None:
    with unit_of_work() as work:
        for one in world.firms:
            work.get_one(Firm, one).tier = None
    draw(world, world.internal_task)
    found = draws.view_reached(world.clerk, YEAR)
    assert numbers(found.reached.by_classes) == (0, 1) and found.lines[0].fits("no_classes")


def test_each_number_leads_to_the_list_behind_it(sqlite_app: Flask, world: World) -> None:
    joint, internal = draw(world, world.joint_task), draw(world, world.internal_task)
    names = joint.public_id, internal.public_id
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    shown = client.get(f"/plans/coverage?year={YEAR}").text
    assert "运用信用风险分类占比" in shown and "在实现随机抽查占比不低于3%" in shown
    assert f"/draws/reached/firms?year={YEAR}" in shown
    listed = client.get(f"/draws/reached?year={YEAR}&kind=joint").text
    assert names[0] in listed and names[1] not in listed
    assert "示例维修厂" in client.get(f"/draws/reached/firms?year={YEAR}").text
    again = draws.view_reached(world.clerk, YEAR).again
    pages = [
        client.get(f"/draws/reached/firms?year={YEAR}{only}").text for only in ("", "&again=1")
    ]
    times = [re.findall(r'data-label="抽到次数">\s*(?:<[^>]*>)*\s*(\d+)', page) for page in pages]
    assert times[1] == [one for one in times[0] if int(one) > 1] and len(times[1]) == again > 0
    assert f"/draws/reached/firms?year={YEAR}&amp;again=1" in client.get("/indicators").text
    assert client.get("/draws/reached?year=99999999").status_code == 200
