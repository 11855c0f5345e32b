"""The indicators of a county follow from its draws, its plan and its sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from flask import Flask

from domain.indicators import Indicator, Measure
from server.db import db, unit_of_work
from server.inspections.models import Sheet
from server.planning.models import PlanTask
from server.publication.models import Publication
from server.registry.models import Firm, Officer
from server.results.models import SheetVersion
from server.runtime import now
from server.statistics.indicators import view_indicators
from tests.conftest import Clock
from tests.integration.builders import PASSWORD
from tests.integration.draws.own_plan import YEAR, build_own_plan, draw
from tests.integration.draws.world import CATEGORY, PLANNED_ON, World


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_own_plan(times=3)


def ends(world: World) -> dict[Measure, Indicator]:
    found = view_indicators(world.clerk, YEAR).indicators
    return {one.measure: one for one in found}


# Twelve garages, one credit class; four freight firms without one. The plan: internal garages
# three times and joint garages once, a quarter of 12 each time, so 3; internal freight once, half
# of 4, but three at least, so 3. By state: (now, at the year's end, to do, what made joint closes
# the gap, whether that is enough).
Told = tuple[tuple[int, int], tuple[int, int] | None, int, list[str], bool]
NOTHING_DRAWN: Mapping[Measure, Told] = {
    Measure.JOINT_COUNT: ((0, 0), (1, 5), 2, ["garages"], True),  # 60 % of 5 are 3
    Measure.JOINT_FIRMS: ((0, 0), (3, 15), 5, ["garages"], True),  # 3 of 9 + 3 + 3; half are 7.5
    Measure.CLASSES: ((0, 0), (4, 5), 1, [], True),  # all but freight, 100 % are 5
    Measure.DRAWN: ((0, 16), (15, 16), 0, [], True),  # 12 of 12 garages, 3 of 4; 3 % of 16 are 1
    Measure.ENTRY: ((0, 0), None, 0, [], True),
    Measure.PUBLICATION: ((0, 0), None, 0, [], True),
}
# Each drawn once: 3 + 3 + 3 firms; garages still to be drawn twice. Four of the twelve parts have
# ended, two are entered, one is published.
EACH_ONCE: Mapping[Measure, Told] = {
    Measure.JOINT_COUNT: ((1, 3), (1, 5), 2, ["garages"], True),
    Measure.JOINT_FIRMS: ((3, 9), (3, 15), 5, ["garages"], True),
    Measure.CLASSES: ((2, 3), (4, 5), 1, [], True),
    Measure.ENTRY: ((2, 4), None, 2, [], True),
    Measure.PUBLICATION: ((1, 2), None, 1, [], True),
}
# The garages are dropped from the plan: what was drawn stays, nothing is left to be joined.
DROPPED: Mapping[Measure, Told] = {
    Measure.JOINT_COUNT: ((1, 3), (1, 3), 1, [], False),  # 60 % of 3 are 1.8, so 2
    Measure.JOINT_FIRMS: ((3, 9), (3, 9), 2, [], False),
    Measure.CLASSES: ((2, 3), (2, 3), 1, [], True),
}
# The joint task is dropped before it is drawn: 0 of 3 + 1; 60 % are 2.4, half of 12 are 6.
NO_JOINT: Mapping[Measure, Told] = {
    Measure.JOINT_COUNT: ((0, 0), (0, 4), 3, ["garages"], True),
    Measure.JOINT_FIRMS: ((0, 0), (0, 12), 6, ["garages"], True),
    Measure.CLASSES: ((0, 0), (3, 4), 1, [], True),
    Measure.DRAWN: ((0, 16), (12, 16), 0, [], True),  # 9 of 12 garages, 3 of 4
}
# When it is over, a year ends with what was drawn in it, whatever its plan had still to bring.
OVER: Mapping[Measure, Told] = {
    Measure.JOINT_COUNT: ((1, 3), (1, 3), 1, [], False),
    Measure.JOINT_FIRMS: ((3, 9), (3, 9), 2, [], False),
    Measure.CLASSES: ((2, 3), (2, 3), 1, [], True),
    Measure.ENTRY: ((2, 4), None, 2, [], True),
}
FREIGHT = "freight"


def by_hand(world: World, wanted: Mapping[Measure, Told], year: int = YEAR) -> None:
    db.session.expire_all()
    found = {one.measure: one for one in view_indicators(world.clerk, year).indicators}
    names = {world.internal_task: "garages"}
    told: dict[Measure, Told] = {}
    for key in wanted:
        one, end = found[key], found[key].year_end
        told[key] = (
            (one.now.part, one.now.whole), (end.part, end.whole) if end else None, one.to_do,
            [names.get(task.id, task.name) for task in one.to_join], one.is_enough,
        )  # fmt: skip
    assert told == wanted


@pytest.fixture
def garages(world: World) -> dict[str, int]:
    """The county of the tables above; answers its tasks."""
    with unit_of_work() as work:
        for one in work.query(Firm):
            one.tier = "normal"
        for place in range(4):
            work.add(
                Firm(
                    jurisdiction_id=world.county, uscc=f"91140522MB0K0{place:03d}XX",
                    name=f"示例货运{place}", category=FREIGHT,
                )
            )  # fmt: skip
        like = work.get_one(PlanTask, world.internal_task)
        joint = work.get_one(PlanTask, world.joint_task)
        like.ratio_percent = joint.ratio_percent = Decimal(25)
        freight = PlanTask(
            jurisdiction_id=world.county, plan_id=like.plan_id, row_no=9, task_no="内2026009",
            name="货运检查", ratio_text="50%", ratio_percent=Decimal(50), uses_risk=True,
            initiators=like.initiators, cooperators=[], ownership=like.ownership,
            category=FREIGHT, checklist_codes=[CATEGORY], cells={},
        )  # fmt: skip
        work.add(freight)
        for officer in work.query(Officer):
            officer.labels = [CATEGORY, FREIGHT]
        work.flush()
        return {"garages": like.id, "joint": joint.id, "freight": freight.id}


def drop(task_id: int) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, task_id).dropped_at = now()


def finish(world: World) -> None:
    """Four parts end, two of them are entered, one is published."""
    with unit_of_work() as work:
        sheets = work.query(Sheet).order_by(Sheet.id).limit(4).all()
        for sheet in sheets:
            sheet.ended_on = PLANNED_ON
        for sheet in sheets[:2]:
            work.add(
                SheetVersion(
                    jurisdiction_id=world.county, sheet_id=sheet.id, version=1, op=f"o{sheet.id}",
                    content="{}", digest="0" * 64, result_code=1, snapshot={}, entered_at=now(),
                    entered_by=world.people["office"],
                )
            )  # fmt: skip
        work.add(
            Publication(
                jurisdiction_id=world.county, sheet_id=sheets[0].id, version=1, channel="公示",
                published_on=PLANNED_ON, recorded_by=world.people["office"], recorded_at=now(),
            )
        )  # fmt: skip


def test_every_indicator_is_what_was_counted_by_hand(
    world: World, garages: dict[str, int], clock: Clock, sqlite_app: Flask
) -> None:
    by_hand(world, NOTHING_DRAWN)
    drawn = [draw(world, garages[name]) for name in ("garages", "joint", "freight")]
    finish(world)
    by_hand(world, EACH_ONCE)
    view = view_indicators(world.clerk, YEAR)
    assert [(one.name, one.draws, one.firms) for one in view.left] == [
        ("对机动车维修经营单位的监管1", 2, 6)
    ]
    different = {one["id"] for made in drawn for one in (made.record or {})["firms"]}
    twice = 9 - len(different)
    assert (view.burden.visits, view.burden.again) == (9, twice)
    share = {one.measure: one for one in view.indicators}[Measure.DRAWN]
    # of the garages 6 - twice are drawn, and two more draws take three others each where there are
    assert (share.now.part, share.now.whole) == (9 - twice, 16)
    assert share.year_end and share.year_end.part == 9 - twice + min(12 - (6 - twice), 6)
    drop(garages["garages"])
    by_hand(world, DROPPED)
    with unit_of_work() as work:
        work.get_one(PlanTask, garages["garages"]).dropped_at = None
    clock.at = clock.at.replace(year=YEAR + 1)
    by_hand(world, OVER)
    assert view_indicators(world.clerk, YEAR).left == ()
    nothing = {key: ((0, 0), None, 0, [], True) for key in (Measure.ENTRY, Measure.PUBLICATION)}
    by_hand(world, nothing, YEAR + 1)
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    shown = client.get(f"/indicators?year={YEAR}").text
    assert "全年还差 1 次" in shown and "年底还差" not in shown and "怎样联合" not in shown


def test_a_plan_without_joint_tasks_reaches_no_joint_share(
    world: World, garages: dict[str, int]
) -> None:
    drop(garages["joint"])
    by_hand(world, NO_JOINT)


def shares(one: Indicator) -> tuple[tuple[int, int], tuple[int, int]]:
    assert one.year_end is not None
    return (one.now.part, one.now.whole), (one.year_end.part, one.year_end.whole)


def test_a_draw_moves_from_the_forecast_to_what_was_reached(
    sqlite_app: Flask, world: World
) -> None:
    """One joint draw and three internal ones are planned: one of four, whichever is made first."""
    assert shares(ends(world)[Measure.JOINT_COUNT]) == ((0, 0), (1, 4))
    draw(world, world.internal_task)
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
