"""How the plan is carried out, by the unit responsible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from domain.supervision import Stage
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.deadlines.supervision import count_units, list_supervised
from server.inspections.models import Sheet
from server.planning.models import PlanTask
from tests.apps import Clock
from tests.integration.builders import PASSWORD
from tests.integration.draws.changed import build_drawn
from tests.integration.draws.world import World


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        seed_calendar()
        made = build_drawn()
        with unit_of_work() as work:
            joint = work.get_one(PlanTask, made.joint_task)
            joint.responsible_unit, joint.completion_text, joint.end_month = "法制办", "全年", 10
            work.get_one(PlanTask, made.internal_task).lead_units = ["道路运输管理所"]
        yield made


def stage_of(world: World, task: int) -> Stage:
    db.session.expire_all()
    rows = {one.task.id: one for one in list_supervised(world.clerk, 2026)}
    return rows[task].progress.stage


def test_task_goes_from_planned_to_entered_as_its_sheets_do(world: World) -> None:
    assert stage_of(world, world.internal_task) is Stage.PLANNED
    assert stage_of(world, world.joint_task) is Stage.DRAWN
    with unit_of_work() as work:
        for sheet in work.query(Sheet):
            sheet.ended_on = date(2026, 3, 10)
    assert stage_of(world, world.joint_task) is Stage.VISITED
    with unit_of_work() as work:
        first, *others = work.query(Sheet).all()
        for sheet in others:
            sheet.state, sheet.entered_at = "entered", datetime(2026, 3, 12, tzinfo=UTC)
    assert stage_of(world, world.joint_task) is Stage.VISITED  # one department has not
    with unit_of_work() as work:
        last = work.get_one(Sheet, first.id)
        last.state, last.entered_at = "entered", datetime(2026, 3, 12, tzinfo=UTC)
    assert stage_of(world, world.joint_task) is Stage.ENTERED


def test_units_are_counted_and_what_is_late_or_overdue_stands_out(
    sqlite_app: Flask, world: World, clock: Clock
) -> None:
    with unit_of_work() as work:
        one = work.query(Sheet).first()
        one.ended_on = date(2026, 3, 10)
    clock.at = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    lines = {one.unit: one for one in count_units(list_supervised(world.clerk, 2026))}
    assert set(lines) == {"法制办", "道路运输管理所"}
    assert (lines["法制办"].late, lines["法制办"].overdue) == (1, 1)
    assert (lines["道路运输管理所"].late, lines["道路运输管理所"].stages["planned"]) == (0, 1)
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    page = client.get("/plans/supervision").text
    assert "局法制办" in page and "局法制办要充分发挥好牵头作用" in page
    task = "对机动车维修经营单位的监管2"
    wanted = client.get("/plans/supervision?state=attention").text
    assert task in wanted and "对机动车维修经营单位的监管1" not in wanted
    unit = client.get("/plans/supervision?unit=道路运输管理所").text
    assert "对机动车维修经营单位的监管1" in unit and task not in unit
    assert client.get("/plans/supervision?year=1990").status_code == 200


def test_office_of_the_leading_group_is_the_countys_to_say(sqlite_app: Flask, world: World) -> None:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    assert "局法制办" in client.get("/registry/organisation").text
    with unit_of_work() as work:
        work.get_one(Jurisdiction, world.county).settings = {"group.office": "县局综合股"}
    for path in ("/registry/organisation", "/plans/supervision"):
        assert "县局综合股" in client.get(path).text
