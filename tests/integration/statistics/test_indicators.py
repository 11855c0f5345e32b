"""The indicators of a county follow from its draws, its plan and its sheets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from domain.indicators import Indicator, Measure
from server.db import db, unit_of_work
from server.draws import service as draws
from server.inspections.models import Sheet
from server.planning.models import Plan, PlanTask
from server.runtime import now
from server.statistics.indicators import view_indicators
from tests.integration.builders import PASSWORD
from tests.integration.draws.changed import set_up
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World

YEAR = PLANNED_ON.year


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = set_up()
        with unit_of_work() as work:
            own = Plan(
                jurisdiction_id=made.county, kind="internal", year=YEAR, title="内部计划",
                file_name="", file_sha256="1" * 64, imported_at=now(),
            )  # fmt: skip
            work.add(own)
            work.flush()
            task = work.get_one(PlanTask, made.internal_task)
            task.plan_id, task.times_per_year = own.id, 3
        db.session.expire_all()
        yield made


def ends(world: World) -> dict[Measure, Indicator]:
    found = view_indicators(world.clerk, YEAR).indicators
    return {one.measure: one for one in found}


def shares(one: Indicator) -> tuple[tuple[int, int], tuple[int, int]]:
    assert one.year_end is not None
    return (one.now.part, one.now.whole), (one.year_end.part, one.year_end.whole)


def test_a_draw_moves_from_the_forecast_to_what_was_reached(
    sqlite_app: Flask, world: World
) -> None:
    """One joint draw and three internal ones are planned: one of four, whichever is made first."""
    assert shares(ends(world)[Measure.JOINT_COUNT]) == ((0, 0), (1, 4))
    draw = draws.freeze_pool(world.clerk, world.internal_task)
    draws.run_draw(world.clerk, draw.id, SEED, SOURCE, PLANNED_ON)
    view = view_indicators(world.clerk, YEAR)
    assert {one.id: one.draws for one in view.left} == {
        world.internal_task: 2, world.joint_task: 1
    }  # fmt: skip
    count = ends(world)[Measure.JOINT_COUNT]
    assert shares(count) == ((0, 1), (1, 4))
    # 60 % of 4 are 2.4, so three joint ones: the internal task still has two draws
    assert (count.to_do, [one.id for one in count.to_join]) == (2, [world.internal_task])
    assert (view.burden.visits, view.burden.before) == (view.rates.drawn, 0)
    sheets = db.session.query(Sheet).order_by(Sheet.id).all()
    with unit_of_work():
        for sheet in sheets[:2]:
            sheet.ended_on = PLANNED_ON
    entry = ends(world)[Measure.ENTRY]
    assert (entry.now.part, entry.now.whole, entry.to_do) == (0, 2, 2)
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    shown = client.get(f"/indicators?year={YEAR}").text
    assert "还差 2 份" in shown and "年底还差 2 次由部门内部改为部门联合" in shown
    assert f'href="/tasks/{world.internal_task}"' in shown and "比例不低于 60%" in shown
    assert client.get("/indicators?year=99999999").status_code == 200
