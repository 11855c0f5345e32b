"""A small county with two departments, a register of firms and a joint and an internal task."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.access import Actor, Role
from domain.identifiers import organisation_check_character, uscc_check_character
from server.accounts.models import Department, DepartmentAlias, Jurisdiction, Person, PersonRole
from server.db import db, scope_to, unit_of_work
from server.fieldsync.epochs import current_epoch, ensure_epoch, find_epoch
from server.planning.models import Plan, PlanTask
from server.registry.models import CheckEntry, Checklist, Firm, InspectionItem, Officer
from tests.conftest import Beginning

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PLANNED_ON = date(2026, 3, 9)
SEED = "3 5 1 6 2 4 4 1"
SOURCE = "现场掷骰子，见证人甲"
CATEGORY = "repair"
TIERS = ("low", "normal", "normal", "normal", "elevated", "high", None)


def make_uscc(serial: int) -> str:
    """A valid made-up credit code."""
    body = f"MA0K{serial:04d}"
    first = "91140522" + body
    first += organisation_check_character(body)
    return first + uscc_check_character(first)


@dataclass
class World:
    """Row ids, because sessions end between requests."""

    county: int = 0
    home: int = 0
    other: int = 0
    office: Actor | None = None
    internal_task: int = 0
    joint_task: int = 0
    people: dict[str, int] = field(default_factory=dict)
    officers: dict[str, int] = field(default_factory=dict)
    firms: list[int] = field(default_factory=list)

    def actor(self, account: str) -> Actor:
        """As the access rules see this person."""
        person = db.session.get_one(Person, self.people[account])
        officer_id = self.officers.get(account)
        return Actor(
            person_id=person.id,
            jurisdiction_id=person.jurisdiction_id,
            department_id=person.department_id,
            roles=frozenset(Role(role.role) for role in person.roles),
            officer_id=officer_id,
            is_home=person.department.is_home,
        )

    @property
    def clerk(self) -> Actor:
        """The office clerk who runs draws."""
        return self.actor("office")


USUAL = (12, 5, 3)  # firms, officers of the home department, of the other one
_ready: dict[str, World] = {}  # each database copied from one that has it has its epoch


def _build_ready() -> None:
    _ready[current_epoch()] = deepcopy(build_world())


DRAWS = Beginning("draws", _build_ready)


def build_world(
    firms: int = USUAL[0], home_officers: int = USUAL[1], other_officers: int = USUAL[2]
) -> World:
    """Writes it all, unless the database begins with ``DRAWS``; call inside an application
    context."""
    ready = _ready.get(find_epoch() or "")
    if ready and (firms, home_officers, other_officers) == USUAL:
        scope_to(ready.county)
        return deepcopy(ready)
    world = World()
    with unit_of_work() as work:
        county = Jurisdiction(code="140522", name="示例县", settings={})
        work.add(county)
        work.flush()
        scope_to(county.id)
        ensure_epoch()
        home = Department(jurisdiction_id=county.id, code="tr", name="交通运输局", is_home=True)
        other = Department(
            jurisdiction_id=county.id,
            code="mr",
            name="市场监督管理局",
            aliases=[DepartmentAlias(jurisdiction_id=county.id, alias="县市场监管局")],
        )
        work.add_all([home, other])
        work.flush()
        world.county, world.home, world.other = county.id, home.id, other.id
        _add_people(world, home_officers, other_officers)
        _add_firms(world, firms)
        _add_lists(world)
        _add_tasks(world)
    return world


def _person(world: World, account: str, name: str, department: int, *roles: Role) -> Person:
    person = Person(
        jurisdiction_id=world.county,
        department_id=department,
        account=account,
        name=name,
        password_hash="-",
        roles=[PersonRole(role=str(role)) for role in roles],
    )
    db.session.add(person)
    db.session.flush()
    world.people[account] = person.id
    return person


def _add_people(world: World, home_officers: int, other_officers: int) -> None:
    _person(world, "office", "办公室员", world.home, Role.OFFICE_STAFF)
    _person(world, "lead", "组长员", world.home, Role.TEAM_LEAD)
    for prefix, department, count in (
        ("tr", world.home, home_officers),
        ("mr", world.other, other_officers),
    ):
        for n in range(1, count + 1):
            account = f"{prefix}{n}"
            person = _person(world, account, f"检查员{prefix}{n}", department, Role.INSPECTOR)
            officer = Officer(
                jurisdiction_id=world.county,
                person_id=person.id,
                department_id=department,
                name=person.name,
                cert_no=f"0414{prefix.upper()}{n:05d}",
                cert_expires_on=date(2028, 12, 31),
                labels=[CATEGORY],
                recused_firm_ids=[],
            )
            db.session.add(officer)
            db.session.flush()
            world.officers[account] = officer.id
    _person(world, "mr_office", "市场监管办公室", world.other, Role.OFFICE_STAFF)


def _add_firms(world: World, count: int) -> None:
    for n in range(count):
        firm = Firm(
            jurisdiction_id=world.county,
            uscc=make_uscc(n),
            name=f"示例维修厂{n:02d}",
            category=CATEGORY,
            tier=TIERS[n % len(TIERS)],
            address=f"示例路{n}号",
        )
        db.session.add(firm)
        db.session.flush()
        world.firms.append(firm.id)


def _add_lists(world: World) -> None:
    for code, title, tasks in (
        ("common", "通用项目", ["全部任务"]),
        (CATEGORY, "机动车维修", ["维修检查"]),
        ("market_reg", "登记事项", ["维修检查"]),
    ):
        item = InspectionItem(jurisdiction_id=world.county, code=code, name=title)
        db.session.add(item)
        db.session.flush()
        entries = [
            CheckEntry(
                jurisdiction_id=world.county,
                inspection_item_id=item.id,
                position=position,
                code=f"{code[:3].upper()}-{position:02d}",
                text=f"{title}第{position}项",
                basis=[{"law": "道路运输条例", "article": "第五十九条", "confidence": "A"}],
                methods=["on_site"],
                answer={"type": "judge"},
                photo_on_fail=position == 1,
                severity="major" if position == 1 else "minor",
                department_name="市场监督管理局" if code == "market_reg" else None,
            )
            for position in (1, 2, 3)
        ]
        db.session.add(
            Checklist(
                jurisdiction_id=world.county,
                code=code,
                version=1,
                title=title,
                plan_tasks=tasks,
                content_sha256=code.ljust(64, "0"),
                imported_at=AT,
                entries=entries,
            )
        )


def _add_tasks(world: World) -> None:
    plan = Plan(
        jurisdiction_id=world.county,
        kind="joint",
        year=2026,
        title="示例县2026年度联合抽查计划",
        file_name="plan.csv",
        file_sha256="0" * 64,
        imported_at=AT,
    )
    db.session.add(plan)
    db.session.flush()
    world.internal_task = _task(world, plan, 1, "内2026001", []).id
    world.joint_task = _task(world, plan, 2, "联2026001", ["县市场监管局"]).id


def _task(world: World, plan: Plan, row: int, number: str, cooperators: list[str]) -> PlanTask:
    task = PlanTask(
        jurisdiction_id=world.county,
        plan_id=plan.id,
        row_no=row,
        task_no=number,
        name=f"对机动车维修经营单位的监管{row}",
        ratio_text="30%",
        ratio_percent=Decimal(30),
        uses_risk=True,
        initiators=["交通运输局"],
        cooperators=cooperators,
        ownership="initiating",
        category=CATEGORY,
        checklist_codes=[CATEGORY, "market_reg"],
        cells={},
    )
    db.session.add(task)
    db.session.flush()
    return task
