"""Many published results, written directly: how a result is published is no matter here. Firms as
in ``bench.firms``, ten visits each, over seven years and thirty tasks."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from bench.firms import ACCOUNT, AT, BATCH, add_county, analyse, batches_of
from server.accounts.models import Department, Person
from server.app import create_app
from server.config import load_config
from server.db import db, unit_of_work
from server.disclosure.models import PublicResult
from server.draws.models import Draw, DrawState
from server.fieldsync.service import ensure_epoch
from server.inspections.models import Inspection, Sheet
from server.planning.models import Plan, PlanTask
from server.registry.derived import searchable
from server.registry.models import Firm

VISITS = 10  # of each firm: one of a task
TASKS = 30
FIRST_DAY, DAYS = date(2020, 1, 6), 7 * 365
CODES = (1, 1, 1, 1, 1, 1, 7, 5, 8, 4)


def build_results(env: Mapping[str, str], results: int) -> None:
    """Of one county; an eighth of it is a second department's."""
    settings = {name: value for name, value in env.items() if name.startswith("SUICHA_")}
    app = create_app(load_config(settings))
    with app.app_context():
        try:
            with unit_of_work():
                ensure_epoch()
                county = add_county()
                departments, draws = add_tasks(county)
            for rows in batches_of(county, results // VISITS):
                with unit_of_work() as work:
                    firms = [firm for firm, _ in rows]
                    work.execute(insert(Firm), firms)
                    made = list(_results(county, departments, draws, firms))
                    for table, place in ((Inspection, 0), (Sheet, 1), (PublicResult, 2)):
                        for at in range(0, len(made), BATCH):
                            work.execute(
                                insert(table), [one[place] for one in made[at : at + BATCH]]
                            )
            analyse()
        finally:
            db.session.remove()
            db.engine.dispose()


def add_tasks(county: int) -> tuple[list[Department], list[tuple[Draw, PlanTask]]]:
    """Two departments, the home one first, and the tasks with a draw each."""
    person = db.session.scalars(select(Person).where(Person.account == ACCOUNT)).one()
    second = Department(jurisdiction_id=county, code="mr", name="市场监督管理局", is_home=False)
    plan = Plan(
        jurisdiction_id=county, kind="internal", year=AT.year, title="测量计划",
        file_name="bench.csv", file_sha256="0" * 64, imported_at=AT,
    )  # fmt: skip
    db.session.add_all([second, plan])
    db.session.flush()
    found = []
    for number in range(1, TASKS + 1):
        task = PlanTask(
            jurisdiction_id=county, plan=plan, row_no=number, task_no=f"B{number:03d}",
            name=f"第{number}项道路运输企业检查", ownership="initiating", cells={},
        )  # fmt: skip
        draw = Draw(
            jurisdiction_id=county, public_id=f"bench-{number}", task=task, state=DrawState.DRAWN,
            pool="{}", pool_sha256="0" * 64, frozen_by=person.id, frozen_at=AT, drawn_by=person.id,
            drawn_at=AT,
        )  # fmt: skip
        db.session.add_all([task, draw])
        found.append((draw, task))
    db.session.flush()
    home = db.session.scalars(select(Department).where(Department.code == "tr")).one()
    return [home, second], found


def _results(
    county: int,
    departments: list[Department],
    draws: list[tuple[Draw, PlanTask]],
    firms: list[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    chance = random.Random(firms[0]["id"])
    for firm in firms:
        for visit, (draw, task) in enumerate(chance.sample(draws, VISITS)):
            number = (firm["id"] - 1) * VISITS + visit + 1
            department = departments[chance.random() < 0.125]
            day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
            code = chance.choice(CODES)
            own = {"id": number, "jurisdiction_id": county}
            inspection = {
                **own, "number": f"B{number:07d}", "draw_id": draw.id, "task_id": task.id,
                "firm_id": firm["id"], "ended_on": day, "created_at": AT,
            }  # fmt: skip
            sheet = {
                **own, "inspection_id": number, "department_id": department.id,
                "code": department.code, "lists": [], "ended_on": day,
            }  # fmt: skip
            yield inspection, sheet, {
                **own, "sheet_id": number, "sheet_code": department.code, "inspection_id": number,
                "number": inspection["number"], "firm_id": firm["id"], "firm_name": firm["name"],
                "uscc": firm["uscc"], "task_id": task.id, "plan_id": task.plan_id,
                "task_name": task.name, "department_id": department.id,
                "department_name": department.name, "ended_on": day,
                "first_published_on": day + timedelta(days=9),
                "published_on": day + timedelta(days=9), "version": 1, "result_code": code,
                "problems": int(code not in (1, 7)), "is_shown": True, "is_corrected": False,
                "awaits_version": False, "has_outcome": False,
                "search_text": searchable(f"{firm['name']}|{firm['uscc']}"), "private_names": [],
                "revision": 1,
            }  # fmt: skip
