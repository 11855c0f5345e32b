"""The home department's office draws; a partner's takes part and runs nothing (R050, R053)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask

from domain.access import Actor
from domain.errors import Fault
from server.draws import ceremony
from server.draws import change_service as changes
from server.draws import service as draws
from server.draws.official import OfficialFile, import_official
from server.inspections import service as inspections
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world

MEETING = ceremony.Meeting("会议室", datetime(2026, 3, 4, 1, 0, tzinfo=UTC), "甲", "督查室")
Deed = Callable[[Actor], object]


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context():
        yield build_world()


def denied(deed: Deed, actor: Actor) -> bool:
    try:
        deed(actor)
    except Fault as refused:
        return refused.code == "access.denied"
    return False


def test_nothing_of_a_draw_is_run_by_a_partners_office(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task).id
    drawn = draws.freeze_pool(world.clerk, world.internal_task).id
    draws.run_draw(world.clerk, drawn, SEED, SOURCE, PLANNED_ON)
    visit = inspections.list_of_draw(drawn)[0].id
    deeds: dict[str, Deed] = {
        "freeze": partial(draws.freeze_pool, task_id=world.joint_task),
        "no draw": partial(draws.record_no_draw, task_id=world.joint_task, reason="无对象"),
        "give up": partial(draws.withdraw_pool, draw_id=frozen, reason="有误"),
        "draw": lambda who: draws.run_draw(who, frozen, SEED, SOURCE, PLANNED_ON),
        "draw in the room": lambda who: draws.run_ceremony(who, frozen, PLANNED_ON),
        "meeting": lambda who: ceremony.note_meeting(who, frozen, MEETING),
        "rolls": lambda who: ceremony.add_rolls(who, frozen, "1 2 3", 0),
        "strike": lambda who: ceremony.strike_roll(who, frozen, 1, "掉地"),
        "close": lambda who: ceremony.close_dice(who, frozen),
        "lottery": lambda who: ceremony.declare_lottery(who, frozen, "双色球", "1"),
        "result": lambda who: ceremony.enter_lottery(who, frozen, SEED, MEETING.began_at),
        "sheet": lambda who: ceremony.note_signature(who, drawn, "档案室"),
        "official": lambda who: import_official(
            who, world.joint_task, OfficialFile("a.xlsx", b""), PLANNED_ON
        ),
        "redraw": lambda who: draws.request_redraw(who, drawn, "有误"),
        "withdrawal": lambda who: changes.request_withdrawal(
            who, visit, "deregistered", "已注销", True
        ),
        "planned day": lambda who: inspections.set_planned_on(who, visit, PLANNED_ON),
    }
    let_in = [name for name, deed in deeds.items() if not denied(deed, world.actor("mr_office"))]
    assert let_in == []
    refused = [name for name, deed in deeds.items() if denied(deed, world.clerk)]
    assert refused == [], "the home office is never refused for who it is"


def test_partners_office_asks_to_replace_its_own_officers_only(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task).id
    draws.run_draw(world.clerk, frozen, SEED, SOURCE, PLANNED_ON)
    visit = inspections.list_of_draw(frozen)[0]
    own = next(one for one in visit.team if one.department_id == world.other).officer_id
    other = next(one for one in visit.team if one.department_id == world.home).officer_id
    office = world.actor("mr_office")
    assert {one.department_id for one in changes.list_replaceable(office, visit)} == {world.other}

    def ask(officer: int, who: Actor) -> object:
        return changes.request_replacement(who, visit.id, officer, "sick_leave", "住院")

    assert denied(partial(ask, other), office)
    assert not denied(partial(ask, own), office)
    assert not denied(partial(ask, other), world.clerk)
