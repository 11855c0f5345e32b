"""Coverage and forecast of the source's own plans over a register."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from server.accounts.service import get_jurisdiction
from server.db import db
from server.draws.pool import pool_of
from server.draws.task_list import list_task_rows
from server.planning import linking
from server.planning.coverage import view_year
from tests.conftest import Beginning
from tests.integration.planning.office import (
    COUNTY,
    INTERNAL,
    JOINT,
    OFFICE,
    actor,
    browser,
    open_county,
    take_in,
    task_of,
)
from tests.integration.registry.county import DATA, import_firms


@pytest.fixture
def beginning() -> Beginning:
    return OFFICE


@pytest.fixture
def desk(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        made = open_county(sqlite_app)
        import_firms((DATA / "demo" / "firms.csv").read_bytes())
        yield made


def test_own_plans_leave_out_items_departments_and_trades(desk: int) -> None:
    take_in(INTERNAL, JOINT)
    view = view_year(actor("office"), 2026)
    assert {"station", "vehicle_test"} <= {one.code for one in view.items}
    assert "passenger" not in {one.code for one in view.items}
    assert [one.code for one in view.departments] == ["ps"]
    assert "vehicle_test" in view.coverage.trades or not view.firms.get("vehicle_test")
    alone = {one.code for one in view.items}
    take_in(COUNTY)  # its row 23 brings the testing stations
    more = view_year(actor("office"), 2026)
    assert alone - {one.code for one in more.items} == {"vehicle_test"}


def test_a_pair_counts_once_in_the_forecast_and_the_minima_are_settings(
    sqlite_app: Flask, desk: int
) -> None:
    _, own_plan, county_plan = take_in(INTERNAL, JOINT, COUNTY)
    doubled = view_year(actor("office"), 2026).forecast
    task_of(own_plan, 2).cooperators = ["公安局"]  # named in one of the two rows only
    db.session.commit()
    for own, county in ((1, 11), (2, 13), (3, 12)):
        pair = task_of(own_plan, own).id, task_of(county_plan, county).id
        linking.confirm_link(actor("office"), *pair)
    view = view_year(actor("office"), 2026)
    once = view.forecast
    assert view.departments == ()  # whoever is named in either row takes part
    assert (len(doubled.lines), len(once.lines)) == (10, 8)  # of two with one name one
    joint = [line for line in once.lines if line.task.is_joint]
    assert once.by_firms.part == sum(line.firms for line in joint)
    assert once.by_firms.whole == sum(line.firms for line in once.lines)
    assert not once.by_count.is_reached and once.to_join
    shown = browser(sqlite_app, "office").get("/plans/coverage").text
    assert "要达到联合占比，可以这样调整" in shown and "要求不低于 60%" in shown
    county = get_jurisdiction(desk)
    county.settings = {"kpi.joint_count_min": "10", "kpi.joint_firms_min": "5"}
    db.session.commit()
    assert view_year(actor("office"), 2026).forecast.to_join == ()


def test_forecast_and_task_list_count_what_the_draw_would_take(desk: int) -> None:
    take_in(INTERNAL)
    seen = actor("office")
    for settings in ({}, {"draw.multipliers": {"low": "1", "elevated": "whole"}}):
        get_jurisdiction(desk).settings = settings
        db.session.commit()
        lines = view_year(seen, 2026).forecast.lines
        quotas = {line.task.id: pool_of(seen, line.task.id).quota for line in lines}
        taken = {number: quota.total for number, quota in quotas.items() if quota}
        assert any(quota.total > quota.required for quota in quotas.values() if quota)
        assert {line.task.id: line.firms_each for line in lines} == taken
        assert {row.task.id: row.required for row in list_task_rows(seen, 2026)} == taken


def test_year_without_a_plan_says_what_to_do(sqlite_app: Flask, desk: int) -> None:
    assert "还没有生效的本局任务" in browser(sqlite_app, "office").get("/plans/coverage").text
