"""The deadline board over 20,000 open visits: whole pages over HTTP, one at a time. The visits are
written directly, ended on the last forty days or not yet, in every state before the entry, two of
sixty officers on each; a tenth again as many are entered."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bench.firms import AT, add_county, analyse, batches_of
from bench.measures import spread
from bench.registers import Desk
from bench.results import add_tasks
from server.accounts.models import Department
from server.app import create_app
from server.config import load_config
from server.db import db, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.draws.models import Draw
from server.fieldsync.service import ensure_epoch
from server.inspections.models import Inspection, Sheet, TeamMember
from server.organisation.models import Team, TeamOfficer
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from server.runtime import today

OFFICERS, TEAMS, EACH = 60, 6, 20
STATES = ("open", "open", "submitted", "returned", "accepted")


def build_board(env: Mapping[str, str], visits: int) -> None:
    """``visits`` open ones and a tenth again as many that are entered, a firm each."""
    settings = {name: value for name, value in env.items() if name.startswith("SUICHA_")}
    app = create_app(load_config(settings))
    with app.app_context():
        try:
            seed_calendar()
            with unit_of_work():
                ensure_epoch()
                county = add_county()
                departments, draws = add_tasks(county)
                add_officers(county, departments[0])
            for rows in batches_of(county, visits + visits // 10):
                firms = [firm for firm, _ in rows]
                with unit_of_work() as work:
                    work.execute(insert(Firm), firms)
                    made = list(_visits(county, departments, draws, firms, visits))
                    work.execute(insert(Inspection), [one[0] for one in made])
                    work.execute(insert(Sheet), [one[1] for one in made])
                    work.execute(insert(TeamMember), [one for m in made for one in m[2]])
            analyse()
        finally:
            db.session.remove()
            db.engine.dispose()


def add_officers(county: int, home: Department) -> None:
    for number in range(1, OFFICERS + 1):
        db.session.add(
            Officer(
                id=number, jurisdiction_id=county, department_id=home.id, name=f"测量{number:02d}",
                cert_no=f"1405{number:06d}",
            )
        )  # fmt: skip
    db.session.flush()
    for number in range(1, TEAMS + 1):
        team = Team(id=number, jurisdiction_id=county, department_id=home.id, name=f"{number}队")
        db.session.add(team)
        db.session.flush()
        db.session.add_all(
            TeamOfficer(jurisdiction_id=county, team_id=number, officer_id=officer)
            for officer in range(number, OFFICERS + 1, TEAMS)
        )
    db.session.flush()


def _visits(
    county: int,
    departments: list[Department],
    draws: list[tuple[Draw, PlanTask]],
    firms: list[dict[str, Any]],
    open_ones: int,
) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
    chance, day = random.Random(firms[0]["id"]), today()
    for firm in firms:
        number, is_open = firm["id"], firm["id"] <= open_ones
        draw, task = chance.choice(draws)
        department = departments[chance.random() < 0.125]
        is_over = not is_open or chance.random() < 0.75
        ended = day - timedelta(days=chance.randrange(40)) if is_over else None
        state = (chance.choice(STATES) if ended else "open") if is_open else "entered"
        own = {"id": number, "jurisdiction_id": county}
        inspection = {
            **own, "number": f"B{number:07d}", "draw_id": draw.id, "task_id": task.id,
            "firm_id": number, "created_at": AT, "planned_on": ended or day,
        }  # fmt: skip
        sheet = {
            **own, "inspection_id": number, "department_id": department.id, "lists": [],
            "code": department.code, "ended_on": ended, "state": state,
            "entered_at": None if is_open else datetime.now(UTC) - timedelta(days=1),
        }  # fmt: skip
        team = [
            {
                "inspection_id": number, "officer_id": officer, "department_id": department.id,
                "position": place, "is_lead": place == 0,
            }
            for place, officer in enumerate(chance.sample(range(1, OFFICERS + 1), 2))
        ]  # fmt: skip
        yield inspection, sheet, team


def measure_board(
    port: int, visits: int, say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Milliseconds by page, of ``EACH`` after two that warm up; ``all`` is all of the list."""
    desk, figures, times = Desk(port), dict[str, dict[str, float]](), list[float]()
    for kind in PAGES:
        say(f"the board of {visits} open visits: {kind.replace('_', ' ')}")
        chance = random.Random(kind)
        paths = [path_of(kind, visits, chance) for _ in range(EACH + 2)]
        taken = [desk.open(path, PAGES[kind]) for path in paths][2:]
        figures[kind] = spread(taken)
        if PAGES[kind] == LIST:
            times += taken
    figures["all_lists"] = spread(times)
    desk.close()
    return figures


LIST = 'class="table-block"'
PAGES = {
    "first_page": LIST,
    "deep_page": LIST,
    "overdue": LIST,
    "within_5": LIST,
    "officer": LIST,
    "number": LIST,
    "by_officer": LIST,
    "by_team": LIST,
    "by_task": LIST,
    "pictures": "burn-chart",
    "screen": "wall-table",
    "start_page": 'class="cards"',
}


def path_of(kind: str, visits: int, chance: random.Random) -> str:
    """Other ones in each kind, the same in each run."""
    page = chance.randrange(2, max(3, visits // 50))
    match kind:
        case "deep_page":
            return f"/board?page={page}"
        case "overdue" | "within_5":
            return f"/board?state={kind}&page={page % 20 + 1}"
        case "officer":
            return f"/board?officer={chance.randint(1, OFFICERS)}"
        case "number":
            return f"/board?q=B{chance.randint(1, visits):07d}"
        case "by_officer" | "by_team" | "by_task":
            return f"/board/groups?by={kind.removeprefix('by_')}"
        case "pictures" | "screen":
            return f"/board/{kind}"
        case "start_page":
            return "/"
        case _:
            return "/board"
