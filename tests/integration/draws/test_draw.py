"""A draw is committed to before its seed, follows from it alone, and happens once."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from domain.draw import build_record, read_pool, verify_draw
from domain.errors import Fault
from server.db import db, unit_of_work
from server.draws import service as draws
from server.draws.models import Draw
from server.draws.results import list_drawn
from server.fieldsync.models import Entity
from server.inspections import publishing
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        yield build_world()


def draw(world: World, task_id: int, seed: str = SEED) -> Draw:
    frozen = draws.freeze_pool(world.clerk, task_id)
    return draws.run_draw(world.clerk, frozen.id, seed, SOURCE, PLANNED_ON)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_pool_says_how_many_and_why(world: World) -> None:
    view = draws.pool_of(world.clerk, world.joint_task)
    assert view.quota is not None
    assert view.quota.required == 4  # 12 × 30 % = 3.6, rounded up
    assert view.quota.total >= view.quota.required
    assert "12" in view.reasons[0].text and "30%" in view.reasons[0].text
    assert [one.department.code for one in view.departments] == ["tr", "mr"]
    assert view.obstacles == ()


def test_internal_task_needs_the_home_department_only(world: World) -> None:
    view = draws.pool_of(world.clerk, world.internal_task)
    assert [one.department.code for one in view.departments] == ["tr"]


def test_pool_is_stored_with_its_digest_before_any_seed(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    assert frozen.state == "frozen"
    assert frozen.seed is None and frozen.record is None
    assert len(frozen.pool_sha256) == 64


def test_second_freeze_answers_the_open_pool(world: World) -> None:
    first = draws.freeze_pool(world.clerk, world.joint_task).id
    assert draws.freeze_pool(world.clerk, world.joint_task).id == first
    assert count(Draw) == 1


def test_database_refuses_a_second_open_pool(world: World) -> None:
    first = draws.freeze_pool(world.clerk, world.joint_task)
    with pytest.raises(IntegrityError), unit_of_work() as work:
        work.add(
            Draw(
                jurisdiction_id=world.county,
                public_id="second",
                task_id=world.joint_task,
                state="frozen",
                pool=first.pool,
                pool_sha256=first.pool_sha256,
                frozen_at=first.frozen_at,
            )
        )


def test_area_and_load_of_the_year_stand_in_the_frozen_pool(world: World) -> None:
    with unit_of_work() as work:
        firm = work.get_one(Firm, world.firms[0])
        firm.area = "北部"
        work.get_one(Officer, world.officers["tr1"]).area = "城区"
    first = draw(world, world.internal_task).record or {}
    sent = Counter(key for one in first["assignments"] for key in one["officers"])
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    pool = read_pool(json.loads(frozen.pool))
    assert {one.id: one.load for one in pool.officers if one.load} == dict(sent)
    areas = {one.id: one.area for one in pool.firms}
    assert [areas.pop(firm.uscc), *set(areas.values())] == ["北部", None]
    assert all(
        f"officer-{world.officers['tr1']}" not in one["officers"]
        for one in first["assignments"]
        if one["firm"] == firm.uscc
    )


def test_area_without_officers_is_one_obstacle_that_counts_its_firms(world: World) -> None:
    with unit_of_work() as work:
        for one in work.scalars(select(Firm)):
            one.area = "北部"
        for officer in work.scalars(select(Officer)):
            officer.area = "城区"
    told = [one.details for one in draws.pool_of(world.clerk, world.joint_task).obstacles]
    assert [(one["department"], one["eligible"]) for one in told] == [
        ("交通运输局", 0),
        ("市场监督管理局", 0),
    ]
    assert told[0]["firm"] == "北部的 示例维修厂00 等 12 户"


def test_register_changed_after_the_freeze_changes_nothing(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    pool = frozen.pool
    with unit_of_work() as work:
        for firm in work.scalars(select(Firm)):
            firm.tier = "high"
    drawn = draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    assert drawn.pool == pool
    assert verify_draw(drawn.record or {}) == []


def test_firm_with_a_new_code_since_the_freeze_is_still_the_one_drawn(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    with unit_of_work():
        for firm in db.session.scalars(select(Firm)):
            firm.former_usccs, firm.uscc = [firm.uscc], f"N{firm.uscc[1:]}"
    drawn = draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    rows = list_drawn(world.clerk, drawn)
    assert rows and all(row.inspection and row.firm.uscc.startswith("N") for row in rows)


def test_same_seed_gives_the_same_draw(world: World) -> None:
    drawn = draw(world, world.joint_task)
    record = drawn.record or {}
    assert build_record(read_pool(record["pool"]), "35162441", drawn.public_id) == record


def test_other_seed_gives_another_draw(world: World) -> None:
    drawn = draw(world, world.joint_task)
    record = drawn.record or {}
    other = build_record(read_pool(record["pool"]), "66666666", drawn.public_id)
    assert other["firms"] != record["firms"]
    assert other["assignments"] != record["assignments"]


def test_every_inspection_has_two_officers_per_department_and_one_lead(world: World) -> None:
    drawn = draw(world, world.joint_task)
    made = list(db.session.scalars(select(Inspection).where(Inspection.draw_id == drawn.id)))
    assert len(made) == len((drawn.record or {})["firms"]) >= 4
    for inspection in made:
        by_department = Counter(member.department_id for member in inspection.team)
        leads = Counter(member.department_id for member in inspection.team if member.is_lead)
        assert by_department == {world.home: 2, world.other: 2}
        assert leads == {world.home: 1, world.other: 1}
        assert inspection.planned_on == PLANNED_ON


def test_numbers_follow_the_task(world: World) -> None:
    draw(world, world.joint_task)
    numbers = sorted(db.session.scalars(select(Inspection.number)))
    assert numbers[:2] == ["联2026001-01", "联2026001-02"]


def test_each_department_has_a_sheet_with_its_own_items(world: World) -> None:
    draw(world, world.joint_task)
    inspection = db.session.scalars(select(Inspection)).first()
    assert inspection is not None
    lists = {sheet.code: [one["list"] for one in sheet.lists] for sheet in inspection.sheets}
    assert "repair@1" in lists["tr"]
    assert lists["mr"] and "repair@1" not in lists["mr"]


def test_teams_phones_see_head_sheets_and_assignment(world: World) -> None:
    draw(world, world.joint_task)
    inspection = db.session.scalars(select(Inspection)).first()
    assert inspection is not None
    rows = {
        row.id: row.fields
        for row in db.session.scalars(select(Entity).where(Entity.space == inspection.space))
    }
    told = {f"inspection:{inspection.id}", "sheet:tr", "sheet:mr", "past:tr", "past:mr"}
    assert set(rows) == told
    head = rows[f"inspection:{inspection.id}"]
    assert head["planned_on"] == PLANNED_ON.isoformat()
    assert [one["department"] for one in head["team"]] == ["tr", "tr", "mr", "mr"]
    for member in head["team"]:
        query = select(Entity).where(
            Entity.space == f"user:{member['person_id']}",
            Entity.id == f"assignment:{inspection.id}",
        )
        assert db.session.scalar(query).fields == {"space": inspection.space}


def test_recused_officer_is_never_matched_to_the_firm(world: World) -> None:
    with unit_of_work() as work:
        officer = work.get_one(Officer, world.officers["tr1"])
        officer.recused_firm_ids = world.firms[::2]
    drawn = draw(world, world.joint_task)
    query = (
        select(Inspection.firm_id)
        .join(TeamMember)
        .where(TeamMember.officer_id == world.officers["tr1"], Inspection.draw_id == drawn.id)
    )
    assert not set(db.session.scalars(query)) & set(world.firms[::2])


def test_nobody_can_draw_twice(world: World) -> None:
    drawn = draw(world, world.joint_task)
    record, made = drawn.record, count(Inspection)
    with pytest.raises(Fault) as refused:
        draws.run_draw(world.clerk, drawn.id, "9 9 9 9 9 9 9 9", SOURCE, PLANNED_ON)
    assert refused.value.code == "draw.already_drawn"
    assert db.session.get_one(Draw, drawn.id).record == record
    assert count(Inspection) == made


def test_short_seed_is_refused(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    with pytest.raises(Fault) as refused:
        draws.run_draw(world.clerk, frozen.id, " 1 2 3 ", SOURCE, PLANNED_ON)
    assert refused.value.code == "draw.seed_required"


def test_too_few_officers_name_department_and_lack_and_leave_nothing(world: World) -> None:
    with unit_of_work() as work:
        for n in (2, 3):
            work.get_one(Officer, world.officers[f"mr{n}"]).is_active = False
    with pytest.raises(Fault) as refused:
        draws.freeze_pool(world.clerk, world.joint_task)
    assert refused.value.code == "draw.too_few_officers"
    assert refused.value.details["department"] == "市场监督管理局"
    assert refused.value.details["missing"] == 1
    assert count(Draw) == 0


def test_recusals_that_leave_one_officer_stop_the_freeze(world: World) -> None:
    with unit_of_work() as work:
        for n in (1, 2):
            work.get_one(Officer, world.officers[f"mr{n}"]).recused_firm_ids = [world.firms[0]]
    with pytest.raises(Fault) as refused:
        draws.freeze_pool(world.clerk, world.joint_task)
    assert refused.value.details["firm"] == "示例维修厂00"
    assert count(Draw) == 0


@pytest.mark.both
def test_draw_that_fails_half_way_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    write_spaces, stood = publishing.fieldsync.write_spaces, []

    def fail_at_the_second(**spaces: Any) -> None:
        if stood:
            raise RuntimeError("power cut")
        write_spaces(**spaces)
        stood.append(count(Entity))

    monkeypatch.setattr(publishing.fieldsync, "write_spaces", fail_at_the_second)
    with pytest.raises(RuntimeError):
        draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    assert stood != [0]
    db.session.expire_all()
    stored = db.session.get_one(Draw, frozen.id)
    assert (stored.state, stored.seed, stored.record) == ("frozen", None, None)
    assert [count(table) for table in (Inspection, TeamMember, Sheet, Entity)] == [0, 0, 0, 0]


@pytest.mark.both
def test_list_of_draws_leaves_pools_and_records_where_they_are(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    record = draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON).record
    assert record is not None
    db.session.expunge_all()
    (listed,) = draws.list_draws(world.clerk)
    assert draws.count_drawn_firms(world.clerk) == {listed.id: len(record["firms"])}
    assert {"pool", "record"} <= inspect(listed).unloaded
    assert listed.record == record


def test_changed_pool_is_refused(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    with unit_of_work() as work:
        stored = work.get_one(Draw, frozen.id)
        stored.pool = stored.pool.replace('"tier":"high"', '"tier":"low"', 1)
    with pytest.raises(Fault) as refused:
        draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
    assert refused.value.code == "draw.pool_changed"


def test_empty_register_gives_no_draw_but_a_reason(world: World) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, world.internal_task).category = "station"
    with pytest.raises(Fault) as refused:
        draws.freeze_pool(world.clerk, world.internal_task)
    assert refused.value.code == "draw.pool_empty"
    noted = draws.record_no_draw(world.clerk, world.internal_task, "本县无此类单位")
    assert (noted.state, noted.reason) == ("empty", "本县无此类单位")
    with pytest.raises(Fault) as again:
        draws.run_draw(world.clerk, noted.id, SEED, SOURCE, PLANNED_ON)
    assert again.value.code == "draw.already_drawn"


def test_withdrawn_pool_stays_on_record_and_frees_the_task(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    draws.withdraw_pool(world.clerk, frozen.id, "名录更新")
    assert draws.freeze_pool(world.clerk, world.joint_task).id != frozen.id
    states = [one.state for one in draws.list_draws(world.clerk, world.joint_task)]
    assert sorted(states) == ["frozen", "withdrawn"]
    for late in (
        partial(draws.run_draw, world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON),
        partial(draws.withdraw_pool, world.clerk, frozen.id, "又更新"),
    ):
        with pytest.raises(Fault) as refused:  # from a page that was open before
            late()
        assert refused.value.code == "draw.pool_withdrawn"


def test_another_countys_draw_is_not_found(world: World) -> None:
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    stranger = replace(world.clerk, jurisdiction_id=world.county + 1)
    with pytest.raises(Fault) as refused:
        draws.get_draw(stranger, frozen.id)
    assert refused.value.code == "draw.not_found"


@pytest.mark.both
def test_exported_record_verifies(world: World) -> None:
    drawn = draw(world, world.joint_task)
    assert draws.verify(draws.export_draw(world.clerk, drawn.public_id)) == []
    assert draws.verify_stored(world.clerk, drawn.id) == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


def changed(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "x"
    return ("0" if value[0] != "0" else "1") + value[1:]


def test_record_with_any_changed_value_does_not_verify(world: World) -> None:
    drawn = draw(world, world.internal_task)
    record = draws.export_draw(world.clerk, drawn.public_id)
    for path in leaves(record):
        copied = copy.deepcopy(record)
        place = copied
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = changed(place[path[-1]])
        assert draws.verify(copied) != [], path


def test_inspection_without_a_draw_is_refused_by_the_database(world: World, clock: Any) -> None:
    with pytest.raises(IntegrityError), unit_of_work() as work:
        work.add(
            Inspection(
                jurisdiction_id=world.county,
                number="临2026001-01",
                draw_id=None,
                task_id=world.internal_task,
                firm_id=world.firms[0],
                created_at=clock(),
            )
        )


def test_task_is_drawn_as_often_as_its_plan_says(world: World) -> None:
    draw(world, world.joint_task)
    with pytest.raises(Fault) as refused:
        draws.freeze_pool(world.clerk, world.joint_task)
    assert refused.value.code == "draw.already_drawn"
    with unit_of_work() as work:
        work.get_one(PlanTask, world.joint_task).times_per_year = 2
    second = draw(world, world.joint_task, "6 5 4 3 2 1 1 1")
    assert draws.verify_stored(world.clerk, second.id) == []
    numbers = list(db.session.scalars(select(Inspection.number)))
    assert len(numbers) == len(set(numbers))


def test_two_clicks_at_once_draw_once(app: Flask) -> None:
    with app.app_context():
        world = build_world()
        clerk = world.clerk
        draw_id = draws.freeze_pool(clerk, world.joint_task).id
        db.session.remove()
    codes: list[str] = []
    gate = Barrier(2)

    def click(seed: str) -> None:
        with app.app_context():
            gate.wait()
            try:
                draws.run_draw(clerk, draw_id, seed, SOURCE, PLANNED_ON)
                codes.append("drawn")
            except Fault as refused:
                codes.append(refused.code)
            finally:
                db.session.remove()

    clicks = [Thread(target=click, args=(seed,)) for seed in ("1 2 3 4 5 6 1 2", "6 5 4 3 2 1 6 5")]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(codes) == ["draw.already_drawn", "drawn"]
    with app.app_context():
        record = db.session.get_one(Draw, draw_id).record or {}
        assert count(Inspection) == len(record["firms"])


def test_task_of_other_departments_is_not_ours_to_draw(world: World) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, world.joint_task).ownership = "other"
    with pytest.raises(Fault):
        draws.freeze_pool(world.clerk, world.joint_task)
    with pytest.raises(Fault) as refused:
        draws.record_no_draw(world.clerk, world.joint_task, "无")
    assert refused.value.code == "request.conflict"
    assert count(Draw) == 0
