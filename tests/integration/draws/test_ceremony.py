"""The draw in its room: who was there, the dice, the lottery; on record before the draw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from domain.draw import verify_draw
from domain.errors import Fault
from server.accounts.models import Jurisdiction
from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.draws import ceremony
from server.draws import service as draws
from server.draws.frame import frame_of
from server.draws.models import Draw
from server.runtime import now
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context():
        yield build_world()


def meeting(**changed: object) -> ceremony.Meeting:
    told = {
        "place": "局三楼会议室",
        "began_at": now(),
        "witness_name": "甲",
        "witness_unit": "县督查室",
        "present": {"市场监督管理局": "乙、丙"},
        "scheme_no": "泽交发〔2026〕3 号",
    }
    return ceremony.Meeting(**{**told, **changed})  # type: ignore[arg-type]


def seated(world: World) -> int:
    """A frozen pool, the meeting on record, eight rolls asked for."""
    with unit_of_work() as work:
        work.get_one(Jurisdiction, world.county).settings = {"draw.dice_rolls": 8}
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    ceremony.note_meeting(world.clerk, frozen.id, meeting())
    return frozen.id


def refused(deed: object, *given: object, **more: object) -> str:
    with pytest.raises(Fault) as found:
        deed(*given, **more)  # type: ignore[operator]
    return found.value.code


def test_dice_read_out_in_the_room_are_the_seed(world: World) -> None:
    draw_id, clerk = seated(world), world.clerk
    ceremony.add_rolls(clerk, draw_id, "3", 0)
    ceremony.add_rolls(clerk, draw_id, "5 1 6 2 4 4", 1)
    ceremony.strike_roll(clerk, draw_id, 2, "骰子落地")
    ceremony.add_rolls(clerk, draw_id, "6 6", 7)
    assert refused(draws.run_ceremony, clerk, draw_id, PLANNED_ON) == "draw.seed_missing"
    ceremony.close_dice(clerk, draw_id)
    drawn = draws.run_ceremony(clerk, draw_id, PLANNED_ON)
    assert (drawn.state, drawn.seed) == ("drawn", "31624466")
    assert drawn.seed_source == "现场掷骰子 8 次，县督查室 甲 监督"
    assert verify_draw(drawn.record or {}) == []
    assert "rolls" not in str(drawn.record), "what was said in the room is not hashed"
    told = frame_of(drawn)["ceremony"]
    assert told["witness"] == {"name": "甲", "unit": "县督查室"}
    assert told["present"] == [{"department": "市场监督管理局", "names": "乙、丙"}]
    assert [one["value"] for one in told["rolls"]] == [3, 5, 1, 6, 2, 4, 4, 6, 6]
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {"draw.meeting", "draw.rolled", "draw.roll_struck", "draw.dice_closed"} <= actions


def test_number_of_rolls_is_fixed_with_the_freeze(world: World) -> None:
    draw_id = seated(world)
    with unit_of_work() as work:
        work.get_one(Jurisdiction, world.county).settings = {"draw.dice_rolls": 50}
    ceremony.add_rolls(world.clerk, draw_id, "35162441", 0)
    assert ceremony.close_dice(world.clerk, draw_id).ceremony["needed"] == 8


def test_once_rolled_the_pool_is_not_given_up_nor_another_seed_taken(world: World) -> None:
    draw_id, clerk = seated(world), world.clerk
    ceremony.add_rolls(clerk, draw_id, "6", 0)
    assert refused(draws.withdraw_pool, clerk, draw_id, "不好") == "draw.randomness_begun"
    other = refused(draws.run_draw, clerk, draw_id, SEED, SOURCE, PLANNED_ON)
    assert other == "draw.randomness_begun"
    named = refused(ceremony.declare_lottery, clerk, draw_id, "双色球", "2026031")
    assert named == "draw.randomness_begun"
    assert db.session.get_one(Draw, draw_id).state == "frozen"


def test_lottery_counts_only_when_it_was_named_before_its_result(
    world: World, clock: object
) -> None:
    draw_id, clerk = seated(world), world.clerk
    assert (
        refused(ceremony.enter_lottery, clerk, draw_id, "03 09 12 18", now()) == "draw.seed_missing"
    )
    named = ceremony.declare_lottery(clerk, draw_id, "双色球", "2026031")
    frozen_at = named.frozen_at
    for when, code in (
        (frozen_at - timedelta(hours=1), "draw.lottery_early"),
        (frozen_at, "draw.lottery_early"),
        (frozen_at + timedelta(days=1), "draw.lottery_future"),
    ):
        assert refused(ceremony.enter_lottery, clerk, draw_id, "03 09 12 18", when) == code
    clock.at += timedelta(hours=12)  # type: ignore[attr-defined]
    ceremony.enter_lottery(clerk, draw_id, "03 09 12 18", frozen_at + timedelta(hours=11))
    drawn = draws.run_ceremony(clerk, draw_id, PLANNED_ON)
    assert drawn.seed == "03091218"
    assert drawn.seed_source.startswith("双色球 第 2026031 期，2026-03-04 20:00 开奖")


def test_nothing_of_the_room_changes_after_the_draw_but_the_signature(world: World) -> None:
    draw_id, clerk = seated(world), world.clerk
    assert refused(ceremony.note_signature, clerk, draw_id, "卷一") == "draw.seed_missing"
    draws.run_draw(clerk, draw_id, SEED, SOURCE, PLANNED_ON)
    assert refused(ceremony.note_meeting, clerk, draw_id, meeting()) == "draw.already_drawn"
    assert refused(ceremony.add_rolls, clerk, draw_id, "1", 0) == "draw.already_drawn"
    signed = ceremony.note_signature(clerk, draw_id, "卷一第三页")
    assert ceremony.current_step(signed) == 6
    assert refused(ceremony.note_meeting, clerk, draw_id, meeting(place=" ")) == (
        "request.missing_field"
    )


def test_two_windows_enter_one_roll(app: Flask) -> None:
    with app.app_context():
        world = build_world()
        clerk, draw_id = world.clerk, seated(world)
        db.session.remove()
    codes: list[str] = []
    gate = Barrier(2)

    def click(value: str) -> None:
        with app.app_context():
            gate.wait()
            try:
                ceremony.add_rolls(clerk, draw_id, value, 0)
                codes.append("rolled")
            except Fault as fault:
                codes.append(fault.code)
            finally:
                db.session.remove()

    clicks = [Thread(target=click, args=(value,)) for value in "36"]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(codes) == ["draw.dice_moved", "rolled"]
    with app.app_context():
        assert len(db.session.get_one(Draw, draw_id).ceremony["rolls"]) == 1
