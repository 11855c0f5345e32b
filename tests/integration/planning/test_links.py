"""The source's own joint plans: three tasks written twice, and county row 23."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from domain.errors import Fault
from server.draws.service import freeze_pool
from server.draws.task_list import list_task_rows
from server.planning import linking
from server.planning.service import get_task, list_own_tasks, remove_task, visit_warnings
from tests.conftest import Beginning
from tests.integration.planning.office import (
    COUNTY,
    INTERNAL,
    JOINT,
    OFFICE,
    actor,
    again,
    browser,
    open_county,
    send,
    take_in,
    task_of,
)
from tests.integration.planning.test_adjustments import mark_drawn


@pytest.fixture
def beginning() -> Beginning:
    return OFFICE


@pytest.fixture
def desk(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield open_county(sqlite_app)


def test_three_tasks_are_proposed_with_their_differences_and_row_23_stands_alone(
    desk: int,
) -> None:
    take_in(INTERNAL, JOINT, COUNTY)
    board = linking.see_links(actor("office"), 2026)
    assert [(one.own.row_no, one.county.row_no) for one in board.proposed] == [
        (1, 11), (2, 13), (3, 12),
    ]  # fmt: skip
    hazmat = board.proposed[0].pair
    assert [one.field for one in hazmat.differences] == [
        "name", "object_scope", "item_text", "window_text",
    ]  # fmt: skip
    assert hazmat.common == (3, 10) and hazmat.same_parties
    assert all(one.pair.same_parties for one in board.proposed)
    assert [task.row_no for task in board.county_alone] == [23]
    assert board.county_alone[0].ownership == "cooperating" and board.own_alone == ()


def test_a_confirmed_pair_is_one_task_drawn_in_the_countys_row(
    sqlite_app: Flask, desk: int
) -> None:
    _, own_plan, county_plan = take_in(INTERNAL, JOINT, COUNTY)
    office = browser(sqlite_app, "office")
    assert len(list_own_tasks(actor("office"), 2026)) == 11
    own, county = task_of(own_plan, 1).id, task_of(county_plan, 11).id
    pair = {"own": own, "county": county}
    told = send(office, "/plans/links", pair | {"decision": "confirm"}).text
    assert "只计一项、只抽一次" in told
    assert len(list_own_tasks(actor("office"), 2026)) == 10
    rows = [one.task.id for one in list_task_rows(actor("office"), 2026)]
    assert county in rows and own not in rows and len(rows) == len(set(rows)) == 10
    assert "打开对应的任务" in office.get(f"/tasks/{own}").text
    with pytest.raises(Fault) as refused:
        freeze_pool(actor("office"), own)
    assert refused.value.code == "plan.county_rules"
    assert visit_warnings(get_task(actor("office"), county), date(2026, 10, 30)) == []
    (late,) = visit_warnings(get_task(actor("office"), county), date(2026, 11, 2))
    assert "3 月至 10 月" in late
    again(desk)
    assert "已撤销" in send(office, "/plans/links", pair | {"decision": "undo"}).text
    assert len(list_own_tasks(actor("office"), 2026)) == 11


def test_what_was_drawn_before_stays_the_task_and_two_draws_are_never_one(desk: int) -> None:
    own_plan, county_plan = take_in(JOINT, COUNTY)
    own, county = task_of(own_plan, 2).id, task_of(county_plan, 13).id
    mark_drawn(own, desk)
    linking.confirm_link(actor("office"), own, county)
    counted = [one.id for one in list_own_tasks(actor("office"), 2026)]
    assert own in counted and county not in counted
    again(desk)
    linking.undo_link(actor("office"), own, county)
    from server.db import db
    from server.draws.models import Draw

    db.session.scalars(db.select(Draw)).one().task_id = county
    db.session.commit()
    mark_drawn(own, desk, "CQ-2")
    with pytest.raises(Fault) as refused:
        linking.confirm_link(actor("office"), own, county)
    assert refused.value.code == "plan.link_drawn_twice"


def test_rejected_pairs_are_not_proposed_again_and_wrong_ones_refused(desk: int) -> None:
    internal, own_plan, county_plan = take_in(INTERNAL, JOINT, COUNTY)
    own, county = task_of(own_plan, 3).id, task_of(county_plan, 12).id
    linking.reject_link(actor("office"), own, county)
    board = linking.see_links(actor("office"), 2026)
    assert own in [one.id for one in board.own_alone]
    assert 12 in [one.row_no for one in board.county_alone]
    for wrong in (
        (task_of(internal, 1).id, county),
        (county, own),
        (own, task_of(county_plan, 1).id),
    ):
        with pytest.raises(Fault) as refused:
            linking.confirm_link(actor("office"), *wrong)
        assert refused.value.code == "plan.link_impossible"


def test_when_the_ruling_row_leaves_its_plan_the_other_counts_again(desk: int) -> None:
    own_plan, county_plan = take_in(JOINT, COUNTY)
    own, county = task_of(own_plan, 1).id, task_of(county_plan, 11).id
    linking.confirm_link(actor("office"), own, county)
    remove_task(actor("office"), county)
    counted = [one.id for one in list_own_tasks(actor("office"), 2026)]
    assert own in counted and county not in counted


def test_row_23_can_be_written_into_the_bureaus_own_plan(sqlite_app: Flask, desk: int) -> None:
    own_plan, county_plan = take_in(JOINT, COUNTY)
    office = browser(sqlite_app, "office")
    shown = office.get("/plans/links").text
    row = task_of(county_plan, 23).id
    path = f"/plans/{own_plan}/tasks/new?from={row}"
    assert path in shown
    form = office.get(path).text
    assert "对机动车检验检测机构的联合抽查" in form and 'value="县市场监管局"' in form
