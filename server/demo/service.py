"""Use cases: loading the demo county, and telling who can sign in to it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from domain.errors import fault
from server.accounts.models import Department, DepartmentAlias, Jurisdiction, Person
from server.accounts.passwords import make_password
from server.accounts.service import add_person, list_people, set_password
from server.accounts.sessions import actor_of
from server.db import db, scope_to, unit_of_work
from server.demo.bodies import add_bodies
from server.demo.clues import add_clues
from server.demo.county import (
    CODE,
    DATA,
    DEMO,
    DEPARTMENTS,
    NAME,
    PLANS,
    read_people,
    read_phrases,
)
from server.demo.items import load_items
from server.demo.joint import hand_over_a_part
from server.demo.plans import live_with_plans
from server.demo.registers import fill_registers
from server.demo.reports import add_reports
from server.demo.results import correct_a_result, days_ago, finish_a_task
from server.demo.terms import let_terms_run, remind, take_the_notice
from server.exchange.service import import_file
from server.phrases.service import add_phrases
from server.planning.service import import_plan, list_own_tasks
from server.registry.service import import_checklists
from server.runtime import runtime, today

FIRST_TASK = "passenger"
ROLLS = "2 5 1 6 3 4 4 1 6 6 2 3 5 1 4 2 6 3 1 5"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who can sign in to the demo."""

    account: str
    name: str
    department: str
    roles: tuple[str, ...]
    password: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "account": self.account,
            "password": self.password,
            "roles": list(self.roles),
            "name": self.name,
            "department": self.department,
        }


def is_empty() -> bool:
    """Whether no county has been set up yet."""
    return db.session.scalar(select(Jurisdiction.id).limit(1)) is None


def find_demo() -> Jurisdiction | None:
    """The demo county, if this installation has one."""
    found = db.session.scalar(select(Jurisdiction).where(Jurisdiction.code == CODE))
    return found if found is not None and found.settings.get("demo") else None


def load_demo(*, with_plans: bool = True, with_results: bool = False) -> bool:
    """Makes the demo county in one transaction; False when it is there already. Without its plans
    nothing is drawn either: for whoever wants to walk the road from its beginning. With results it
    has a task behind it as well, six weeks back, with terms that run.

    Raises ``request.conflict`` in an installation that has a county of its own: demo accounts have
    a password that is printed, and do not belong there.
    """
    if find_demo() is not None:
        return False
    if not is_empty():
        raise fault("request.conflict")
    with _uncollected(), unit_of_work(), ExitStack() as past:
        clock = past.enter_context(days_ago()) if with_plans and with_results else None
        _found_county()
        if not with_plans:
            return True
        office, head = _actor("bangong"), _actor("zhuyao")
        for name in PLANS:
            import_plan(None, name, (DATA / "plans" / name).read_bytes(), year=today().year)
        live_with_plans(office, head, demo_password())
        if clock is not None:
            lead, password = _actor("zuzhang"), demo_password()
            take_the_notice(office)
            first, _second, *left = finish_a_task(clock, office, lead)
            let_terms_run(clock, left, lead, head, password)
            correct_a_result(clock, office, head, first, password)
            hand_over_a_part(clock, office, lead)
            past.close()
            remind(office, left)
        _draw_first_task()
        add_clues(office)
        add_reports(office)
    return True


@contextmanager
def _uncollected() -> Iterator[None]:
    """One transaction keeps alive what it made: looking through it for garbage again and again is
    a second of the set-up."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _found_county() -> None:
    """People, registers, lists; in the running unit of work."""
    with unit_of_work() as work:
        county = Jurisdiction(code=CODE, name=NAME, settings={"demo": True})
        work.add(county)
        work.flush()
        scope_to(county.id)
        _add_people(county, _add_departments(county), demo_password())
        import_checklists((DATA / "checklists.yaml").read_bytes())
        for kind in ("firms", "tags", "officers"):  # officers carry labels of the library only
            import_file(kind, f"{kind}.csv", (DEMO / f"{kind}.csv").read_bytes())
        load_items(_actor("bangong"))
        fill_registers(_actor("bangong"))
        add_phrases(_actor("bangong"), read_phrases())
        add_bodies(_actor("bangong"))


def _add_departments(county: Jurisdiction) -> dict[str, Department]:
    departments = {}
    for entry in DEPARTMENTS:
        department = Department(
            jurisdiction_id=county.id,
            code=entry.code,
            name=entry.name,
            is_home=entry is DEPARTMENTS[0],
            aliases=[
                DepartmentAlias(jurisdiction_id=county.id, alias=alias) for alias in entry.aliases
            ],
        )
        db.session.add(department)
        db.session.flush()
        departments[entry.code] = department
    return departments


def _add_people(county: Jurisdiction, departments: dict[str, Department], password: str) -> None:
    for person in read_people():
        add_person(
            county,
            departments[person.department],
            person.account,
            person.name,
            password,
            person.roles,
        )


def _draw_first_task() -> None:
    """A drawn task, so that phones have something to fetch right after set-up."""
    from server.demo.meeting import meeting
    from server.draws import ceremony
    from server.draws.service import freeze_pool, run_ceremony

    actor = _actor("bangong")
    task = next(task for task in list_own_tasks(actor) if task.category == FIRST_TASK)
    draw = freeze_pool(actor, task.id)
    ceremony.note_meeting(actor, draw.id, meeting())
    ceremony.add_rolls(actor, draw.id, f"3 {ROLLS[2:]}", 0)
    ceremony.strike_roll(actor, draw.id, 1, "骰子掉到地上")
    ceremony.add_rolls(actor, draw.id, ROLLS[0], 20)
    ceremony.close_dice(actor, draw.id)
    run_ceremony(actor, draw.id, today())


def _actor(account: str) -> Actor:
    return actor_of(db.session.scalars(select(Person).where(Person.account == account)).one())


def demo_password() -> str:
    """This installation's own demo password, made once, readable by the owner only."""
    path = runtime().config.home / "secrets" / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{make_password()}\n")
    return path.read_text(encoding="utf-8").strip()


def list_demo_accounts() -> list[DemoAccount]:
    """The demo's accounts with their password; empty where there is no demo county.

    When the file with the password was lost, a new one is made and set for all of them.
    """
    county = find_demo()
    if county is None:
        return []
    scope_to(county.id)
    is_lost = not (runtime().config.home / "secrets" / "demo_password").exists()
    password = demo_password()
    known = {person.account: person for person in list_people()}
    accounts = []
    for entry in read_people():
        if (person := known.get(entry.account)) is None:
            continue
        if is_lost:
            set_password(entry.account, password)
        accounts.append(
            DemoAccount(
                account=person.account,
                name=person.name,
                department=person.department.name,
                roles=tuple(role.role for role in person.roles),
                password=password,
            )
        )
    return accounts
