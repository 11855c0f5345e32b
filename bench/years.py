"""Five years of visits, written directly: each entered and published but those of the last weeks,
one of ten with findings, two of sixty officers on each, and what happened to their terms."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, text, update

from bench.board import OFFICERS, add_officers
from bench.firms import ACCOUNT, AT, BATCH, add_county, analyse, batches_of
from server.accounts.models import Department, Person
from server.app import create_app
from server.config import load_config
from server.db import db, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.deadlines.models import TermEventRow
from server.draws.models import Draw, DrawState
from server.fieldsync.service import ensure_epoch
from server.followup.models import FollowUp, FollowUpStep
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import Plan, PlanTask
from server.publication.models import Publication
from server.registry.firms import CATEGORIES
from server.registry.models import Firm
from server.results.models import SheetVersion
from server.runtime import today

VISITS = 10  # of each firm
YEARS, TASKS = 5, 30  # tasks of each year, a draw each
OPEN_DAYS = 40  # what ended within these days is not entered yet, half of it
ITEMS = 14  # of a checklist
ACCEPTED = "accepted"
TABLES = (
    Inspection, Sheet, SheetVersion, TeamMember, FollowUp, FollowUpStep, Publication, TermEventRow,
)  # fmt: skip
Rows = dict[Any, list[dict[str, Any]]]
Home = tuple[int, list[Department], dict[int, list[tuple[Draw, PlanTask]]], int]


def build_years(env: Mapping[str, str], visits: int) -> None:
    """Of one county; an eighth of it is a second department's."""
    settings = {name: value for name, value in env.items() if name.startswith("SUICHA_")}
    app = create_app(load_config(settings))
    with app.app_context():
        try:
            seed_calendar()
            with unit_of_work():
                ensure_epoch()
                home = _add_home(add_county())
            ids = dict.fromkeys((FollowUp, FollowUpStep, Publication, TermEventRow), 0)
            for rows in batches_of(home[0], visits // VISITS):
                with unit_of_work() as work:
                    firms = [firm for firm, _ in rows]
                    work.execute(insert(Firm), firms)
                    made = _years_of(home, firms, ids)
                    for table in TABLES:
                        for at in range(0, len(made[table]), BATCH):
                            work.execute(insert(table), made[table][at : at + BATCH])
                    # of a sheet that is entered already no first version is taken
                    entered = update(Sheet).where(Sheet.state == ACCEPTED)
                    work.execute(entered.values(state="published"))
            _go_on_counting()
            analyse()
        finally:
            db.session.remove()
            db.engine.dispose()


def _go_on_counting() -> None:
    """From the ids that were given here; SQLite does by itself."""
    if db.engine.dialect.name != "postgresql":
        return
    with unit_of_work() as work:
        for table in (one.__tablename__ for one in TABLES if "id" in one.__table__.columns):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            work.execute(text(f"SELECT setval({sequence}, max(id)) FROM {table}"))


def _add_home(county: int) -> Home:
    person = db.session.scalars(select(Person).where(Person.account == ACCOUNT)).one()
    second = Department(jurisdiction_id=county, code="mr", name="市场监督管理局", is_home=False)
    db.session.add(second)
    db.session.flush()
    home = db.session.scalars(select(Department).where(Department.code == "tr")).one()
    add_officers(county, home)
    draws: dict[int, list[tuple[Draw, PlanTask]]] = {}
    for year in range(today().year - YEARS + 1, today().year + 1):
        plans = [
            Plan(
                jurisdiction_id=county, kind=kind, year=year, title=f"{year} 年测量计划（{kind}）",
                file_name="bench.csv", file_sha256=f"{year}{kind}".ljust(64, "0"), imported_at=AT,
            )
            for kind in ("internal", "joint")
        ]  # fmt: skip
        db.session.add_all(plans)
        for number in range(1, TASKS + 1):
            trade = list(CATEGORIES)[number % len(CATEGORIES)]
            task = PlanTask(
                jurisdiction_id=county, plan=plans[number % 3 == 0], row_no=number,
                task_no=f"B{year}{number:03d}", name=f"{year} 年第{number}项道路运输企业检查",
                ownership="initiating", cells={}, category=trade, times_per_year=2,
            )  # fmt: skip
            drawn_at = datetime(year, 1 + number % 11, 6, tzinfo=UTC)
            draw = Draw(
                jurisdiction_id=county, public_id=f"bench-{year}-{number}", task=task,
                state=DrawState.DRAWN, pool="{}", pool_sha256="0" * 64, frozen_by=person.id,
                frozen_at=drawn_at, drawn_by=person.id, drawn_at=drawn_at,
            )  # fmt: skip
            db.session.add_all([task, draw])
            draws.setdefault(year, []).append((draw, task))
    db.session.flush()
    return county, [home, second], draws, person.id


def _years_of(home: Home, firms: list[dict[str, Any]], ids: dict[Any, int]) -> Rows:
    chance, day = random.Random(firms[0]["id"]), today()
    made: Rows = {table: [] for table in TABLES}
    first = date(day.year - YEARS + 1, 1, 5)
    for firm in firms:
        for visit, task in enumerate(chance.sample(range(TASKS), VISITS)):
            number = (firm["id"] - 1) * VISITS + visit + 1
            ended = first + timedelta(days=chance.randrange((day - first).days))
            is_open = (day - ended).days < OPEN_DAYS and chance.random() < 0.5
            found = chance.sample(range(ITEMS), chance.choice((1, 1, 2)))
            _add_visit(
                made, ids, home, chance, firm["id"], number, ended, task,
                None if is_open else found if chance.random() < 0.1 else [],
            )  # fmt: skip
    return made


def _add_visit(
    made: Rows, ids: dict[Any, int], home: Home, chance: random.Random, firm: int, number: int,
    ended: date, nth: int, found: list[int] | None,
) -> None:  # fmt: skip
    """``nth`` task of its year. ``found``: the entries with a finding, None of a visit whose sheet
    is not entered."""
    county, departments, draws, person = home
    draw, task = draws[ended.year][nth]
    department = departments[chance.random() < 0.125]
    place = {"jurisdiction_id": county, "inspection_id": number, "department_id": department.id}
    at = datetime.combine(ended, time(7), UTC)
    codes = [f"{(task.category or '')[:3].upper()}-{one + 1:02d}" for one in range(ITEMS)]
    made[Inspection].append({
        "id": number, "jurisdiction_id": county, "number": f"B{number:07d}", "draw_id": draw.id,
        "task_id": task.id, "firm_id": firm, "created_at": at, "planned_on": ended,
        "ended_on": ended,
    })  # fmt: skip
    made[Sheet].append({
        **place, "id": number, "code": department.code, "lists": [], "ended_on": ended,
        "submitted_at": at, "state": "submitted" if found is None else ACCEPTED,
        "entered_at": None if found is None else at + timedelta(days=5),
        "result_code": None if found is None else 8 if found else 1,
        "results": {} if found is None
        else {code: 8 if one in found else 1 for one, code in enumerate(codes)},
    })  # fmt: skip
    made[TeamMember] += [
        {
            "inspection_id": number, "officer_id": officer, "position": position,
            "department_id": department.id, "is_lead": position == 0,
        }
        for position, officer in enumerate(chance.sample(range(1, OFFICERS + 1), 2))
    ]  # fmt: skip
    if found is None:
        return
    made[SheetVersion].append({
        "jurisdiction_id": county, "sheet_id": number, "version": 1, "op": f"bench-{number}",
        "content": "{}", "digest": "0" * 64, "result_code": 8 if found else 1,
        "entered_by": person, "entered_at": at + timedelta(days=5),
        "snapshot": {"items": _judged(codes, found)},
    })  # fmt: skip
    ids[Publication] += 1
    made[Publication].append({
        "id": ids[Publication], "jurisdiction_id": county, "sheet_id": number, "version": 1,
        "channel": "测量", "published_on": ended + timedelta(days=7), "recorded_by": person,
        "recorded_at": at + timedelta(days=7),
    })  # fmt: skip
    for one in found:
        _add_case(made, ids, place, codes[one], at, person)
    for term, days in (("entry", 5), ("publication", 7)):
        _add_events(made, ids, term, number, place, at, days)


def _judged(codes: list[str], found: list[int]) -> list[dict[str, Any]]:
    """As long as the entries of a real version are: 4 kB for fourteen."""
    return [
        {
            "code": code, "text": f"检查项 {code}：" + "台账、证件与现场情况一致" * 4,
            "basis": [{"law": "道路运输条例", "article": "第五十九条"}] * 2, "severity": "minor",
            "answer": {"value": "fail" if one in found else "pass"}, "photos": [],
            "result": 8 if one in found else 1, "result_text": "未发现问题",
        }
        for one, code in enumerate(codes)
    ]  # fmt: skip


def _add_case(
    made: Rows, ids: dict[Any, int], own: dict[str, Any], code: str, at: datetime, person: int
) -> None:
    ids[FollowUp] += 1
    ids[FollowUpStep] += 1
    number, opened = ids[FollowUp], at + timedelta(days=5)
    decided = opened + timedelta(days=2)
    made[FollowUp].append({
        **own, "id": number, "sheet_id": own["inspection_id"], "item_code": code,
        "item_text": f"检查项 {code}", "severity": "minor", "result_code": 8, "finding": "测量",
        "state": "done", "opened_at": opened, "decide_by": (opened + timedelta(days=10)).date(),
        "disposal": "rectify", "decided_by": person, "decided_at": decided,
        "done_on": (decided + timedelta(days=9)).date(),
    })  # fmt: skip
    made[FollowUpStep].append({
        "id": ids[FollowUpStep], "jurisdiction_id": own["jurisdiction_id"], "follow_up_id": number,
        "action": "open", "person_id": person, "at": opened,
    })  # fmt: skip
    _add_events(made, ids, "follow_up", number, own, opened, 2)


def _add_events(
    made: Rows, ids: dict[Any, int], term: str, subject: int, own: dict[str, Any], at: datetime,
    days: int,
) -> None:  # fmt: skip
    """Set and met, as most are."""
    met, due = at + timedelta(days=days), (at + timedelta(days=28)).date()
    for kind, turn, when, met_on in (("set", 1, at, None), ("met", 2, met, met.date())):
        ids[TermEventRow] += 1
        made[TermEventRow].append({
            **own, "id": ids[TermEventRow], "term": term, "subject_id": subject, "turn": turn,
            "kind": kind, "step": 0, "due_on": due, "met_on": met_on, "at": when,
            "recorded_at": when,
        })  # fmt: skip
