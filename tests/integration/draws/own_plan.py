"""The small county of ``changed`` whose internal task stands in a plan of the bureau's own."""

from __future__ import annotations

from server.db import db, unit_of_work
from server.draws import service as draws
from server.draws.models import Draw
from server.planning.models import Plan, PlanTask
from server.runtime import now
from tests.integration.draws.changed import set_up
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, World

YEAR = PLANNED_ON.year


def build_own_plan(times: int = 1) -> World:
    """The internal task is to be drawn so often in a year; the joint one once."""
    made = set_up()
    with unit_of_work() as work:
        own = Plan(
            jurisdiction_id=made.county, kind="internal", year=YEAR, title="内部计划",
            file_name="", file_sha256="1" * 64, imported_at=now(),
        )  # fmt: skip
        work.add(own)
        work.flush()
        task = work.get_one(PlanTask, made.internal_task)
        task.plan_id, task.times_per_year = own.id, times
    db.session.expire_all()
    return made


def draw(world: World, task_id: int) -> Draw:
    """Made with the world's seed."""
    frozen = draws.freeze_pool(world.clerk, task_id)
    return draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
