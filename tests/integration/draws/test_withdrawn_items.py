"""A withdrawn item of the list is not drawn anew; what was drawn goes on (R042)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from domain.errors import Fault
from server.db import db, unit_of_work
from server.draws.pool import pool_of
from server.draws.service import freeze_pool, run_draw
from server.inspections.models import Sheet
from server.registry.items.versions import set_status
from server.registry.models import CheckEntry, InspectionItem
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        yield build_world()


def withdraw(world: World) -> list[InspectionItem]:
    """Every item that the lists of the county have entries of."""
    items = list(db.session.query(InspectionItem).all())
    for item in items:
        set_status(world.clerk, item.id, "withdrawn", "省级取消")
    return items


def test_task_of_a_withdrawn_item_cannot_be_frozen_and_says_which(world: World) -> None:
    names = {item.name for item in withdraw(world)}
    obstacles = pool_of(world.clerk, world.internal_task).obstacles
    told = [one.details["item"] for one in obstacles if one.code == "item.withdrawn"]
    assert told and set(told) <= names
    with pytest.raises(Fault):
        freeze_pool(world.clerk, world.internal_task)


def test_item_withdrawn_between_freeze_and_draw_is_not_drawn_either(world: World) -> None:
    draw = freeze_pool(world.clerk, world.internal_task)
    withdraw(world)
    with pytest.raises(Fault) as refused:
        run_draw(world.clerk, draw.id, SEED, SOURCE, PLANNED_ON)
    assert refused.value.code in ("item.withdrawn", "checklist.not_found")
    assert db.session.query(Sheet).count() == 0


def test_entries_of_a_withdrawn_item_are_left_out_of_a_mixed_list(world: World) -> None:
    with unit_of_work() as work:
        entry = work.query(CheckEntry).filter_by(code="REP-01").one()
        gone = InspectionItem(
            jurisdiction_id=world.county, code="gone", name="已取消的事项", status="in_use"
        )
        work.add(gone)
        work.flush()
        work.add(
            CheckEntry(
                jurisdiction_id=world.county,
                checklist_id=entry.checklist_id,
                inspection_item_id=gone.id,
                position=99,
                code="GONE-01",
                text="x",
                basis=entry.basis,
                methods=entry.methods,
                answer={"type": "judge"},
                photo_on_fail=False,
                severity="minor",
            )
        )
        work.flush()
        gone_id, kept = gone.id, entry.code
    set_status(world.clerk, gone_id, "withdrawn", "省级取消")
    draw = freeze_pool(world.clerk, world.internal_task)
    run_draw(world.clerk, draw.id, SEED, SOURCE, PLANNED_ON)
    drawn = {
        code for one in db.session.query(Sheet) for part in one.lists for code in part["items"]
    }
    assert kept in drawn and "GONE-01" not in drawn
