"""A county with one joint inspection, ready for two phones; rows made directly, no draw run.

``build_field`` answers ids and accounts; the lists are two short checklists of our own, so that a
test can answer every item in a line.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import update

from domain.access import Actor, Role
from server.accounts.models import Department, Jurisdiction, Person, PersonRole
from server.accounts.service import hash_password
from server.db import db, scope_to, unit_of_work
from server.draws.models import Draw
from server.fieldsync.epochs import find_epoch
from server.fieldsync.service import RowWrite, ensure_epoch, open_space, write_rows
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import Plan, PlanTask
from server.registry.models import CheckEntry, Checklist, Firm, InspectionItem, Officer
from tests.once import REAL_HASHER

PASSWORD = "correct horse battery"
AT = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
ITEMS: dict[str, list[tuple[str, dict[str, Any], bool]]] = {
    "tr": [
        ("PAX-01", {"type": "judge"}, False),
        (
            "PAX-02",
            {"type": "number_pair", "labels": ["抽查数", "不符数"], "pass": "不符数==0"},
            False,
        ),
        ("PAX-03", {"type": "text"}, False),
    ],
    "mr": [("MR-01", {"type": "judge"}, False)],
}


@dataclass
class Field:
    """Ids by name. People: ``wang`` and ``li`` inspect for tr, ``zhao`` and ``qian`` for mr,
    ``lead`` reviews for tr, ``office``, ``auditor``, and ``stranger`` who is on no team."""

    jurisdiction_id: int = 0
    inspection_id: int = 0
    people: dict[str, int] = field(default_factory=dict)
    officers: dict[str, int] = field(default_factory=dict)
    sheet_ids: dict[str, int] = field(default_factory=dict)
    epoch: str = ""

    @property
    def space(self) -> str:
        return f"insp:{self.inspection_id}"

    def actor(self, name: str) -> Actor:
        """As the access rules see the person; needs an application context."""
        person = db.session.get_one(Person, self.people[name])
        return Actor(
            person_id=person.id,
            jurisdiction_id=person.jurisdiction_id,
            department_id=person.department_id,
            roles=frozenset(Role(one.role) for one in person.roles),
            officer_id=self.officers.get(name),
            is_home=person.department.is_home,
        )


def build_field(code: str = "140522", suffix: str = "") -> Field:
    """Writes the county; call inside an application context. Another ``code`` and ``suffix`` make
    a second county with the same people under accounts ``wang<suffix>`` …

    A database copied from one that has this county (``tests.databases``) is not written again."""
    scope_to(None)
    if not suffix and (ready := _find_ready()):
        return ready
    made = Field()
    with unit_of_work() as work:
        made.epoch = ensure_epoch()
        county = Jurisdiction(code=code, name=f"示例县{suffix}", settings={})
        work.add(county)
        work.flush()
        made.jurisdiction_id = county.id
        departments = {
            key: Department(jurisdiction_id=county.id, code=key, name=name, is_home=key == "tr")
            for key, name in (("tr", "交通运输局"), ("mr", "市场监督管理局"))
        }
        work.add_all(departments.values())
        work.flush()
        _add_people(made, county, departments, suffix)
        lists = {key: _add_list(county.id, key, departments[key].name) for key in ITEMS}
        inspection = _add_inspection(made, county.id, departments, lists, suffix)
        made.inspection_id = inspection.id
        made.sheet_ids = {sheet.code: sheet.id for sheet in inspection.sheets}
        _publish(made, inspection, departments)
    db.session.remove()
    return made


_ready: dict[str, Field] = {}


def keep_ready(made: Field) -> None:
    """This county's database is going to be copied; each has an epoch of its own."""
    _ready[made.epoch] = deepcopy(made)


def _find_ready() -> Field | None:
    epoch = find_epoch()
    db.session.remove()
    return deepcopy(_ready.get(epoch or ""))


@cache
def _hash() -> str:
    """Made once per run: hashing is slow on purpose."""
    return hash_password(PASSWORD)


@cache
def _real_hash() -> str:
    return REAL_HASHER.hash(PASSWORD)


def hash_as_the_product() -> None:
    """For a server in a process of its own, which would renew the tests' cheap hashes (``once``)
    one by one, each at somebody's first sign-in."""
    with unit_of_work() as work:
        work.execute(update(Person).values(password_hash=_real_hash()))
    db.session.remove()


def _add_people(
    made: Field, county: Jurisdiction, departments: dict[str, Department], suffix: str
) -> None:
    for name, shown, department, role in (
        ("wang", "王检查", "tr", Role.INSPECTOR),
        ("li", "李检查", "tr", Role.INSPECTOR),
        ("zhao", "赵检查", "mr", Role.INSPECTOR),
        ("qian", "钱检查", "mr", Role.INSPECTOR),
        ("stranger", "孙检查", "tr", Role.INSPECTOR),
        ("lead", "周组长", "tr", Role.TEAM_LEAD),
        ("office", "办公室", "tr", Role.OFFICE_STAFF),
        ("auditor", "督查员", "tr", Role.AUDITOR),
        ("head", "主要负责人", "tr", Role.UNIT_HEAD),
    ):
        person = Person(
            jurisdiction_id=county.id,
            department_id=departments[department].id,
            account=f"{name}{suffix}",
            name=shown,
            password_hash=_hash(),
            roles=[PersonRole(role=str(role))],
        )
        db.session.add(person)
        db.session.flush()
        made.people[name] = person.id
        if role is Role.INSPECTOR:
            officer = Officer(
                jurisdiction_id=county.id,
                person_id=person.id,
                department_id=departments[department].id,
                name=shown,
                cert_no=f"1405{person.id:06d}",
            )
            db.session.add(officer)
            db.session.flush()
            made.officers[name] = officer.id


def _add_list(jurisdiction_id: int, key: str, department: str) -> Checklist:
    item = InspectionItem(jurisdiction_id=jurisdiction_id, code=f"T-{key}", name="监督检查")
    checklist = Checklist(
        jurisdiction_id=jurisdiction_id,
        code=f"{key}-list",
        version=1,
        title="检查表",
        content_sha256="0" * 64,
        imported_at=AT,
    )
    db.session.add_all([item, checklist])
    db.session.flush()
    for position, (code, answer, photo_on_fail) in enumerate(ITEMS[key]):
        db.session.add(
            CheckEntry(
                jurisdiction_id=jurisdiction_id,
                checklist_id=checklist.id,
                inspection_item_id=item.id,
                position=position,
                code=code,
                text=f"检查项 {code}",
                basis=[{"law": "道路运输条例", "article": "第五十九条", "confidence": "A"}],
                methods=["on_site"],
                answer=answer,
                photo_on_fail=photo_on_fail,
                severity="minor",
                department_name=None if key == "tr" else department,
            )
        )
    db.session.flush()
    return checklist


def _add_inspection(
    made: Field,
    jurisdiction_id: int,
    departments: dict[str, Department],
    lists: dict[str, Checklist],
    suffix: str,
) -> Inspection:
    plan = Plan(
        jurisdiction_id=jurisdiction_id, kind="joint", year=2026, title="年度抽查计划",
        file_name="plan.csv", file_sha256=f"{jurisdiction_id:064d}", imported_at=AT,
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    task = PlanTask(
        jurisdiction_id=jurisdiction_id, plan_id=plan.id, row_no=1, task_no="联2026001",
        name="道路客运企业检查", ownership="initiating", cells={},
    )  # fmt: skip
    firm = Firm(
        jurisdiction_id=jurisdiction_id, uscc="91140522MA0K0001XX", name="示例客运有限公司",
        category="passenger", tier="normal", address="县城东街1号",
    )  # fmt: skip
    db.session.add_all([task, firm])
    db.session.flush()
    draw = Draw(
        jurisdiction_id=jurisdiction_id, public_id=f"draw-1{suffix}", task_id=task.id,
        state="drawn", pool="{}", pool_sha256="0" * 64, frozen_at=AT,
    )  # fmt: skip
    db.session.add(draw)
    db.session.flush()
    inspection = Inspection(
        jurisdiction_id=jurisdiction_id, number=f"2026-0001{suffix}", draw_id=draw.id,
        task_id=task.id, firm_id=firm.id, planned_on=date(2026, 3, 4), created_at=AT,
    )  # fmt: skip
    db.session.add(inspection)
    db.session.flush()
    for position, (name, key) in enumerate(
        (("wang", "tr"), ("li", "tr"), ("zhao", "mr"), ("qian", "mr"))
    ):
        db.session.add(
            TeamMember(
                inspection_id=inspection.id, officer_id=made.officers[name],
                department_id=departments[key].id, position=position, is_lead=position == 0,
            )
        )  # fmt: skip
    for key in ("tr", "mr"):
        listed = {"list": lists[key].reference, "items": [code for code, _, _ in ITEMS[key]]}
        db.session.add(
            Sheet(
                jurisdiction_id=jurisdiction_id, inspection_id=inspection.id,
                department_id=departments[key].id, code=key, lists=[listed],
            )
        )  # fmt: skip
    db.session.flush()
    db.session.refresh(inspection)
    return inspection


def _publish(made: Field, inspection: Inspection, departments: dict[str, Department]) -> None:
    """The rows phones pull first, as ``server.inspections`` writes them."""
    space = inspection.space
    open_space(made.jurisdiction_id, space)
    head = RowWrite(
        "inspection",
        f"inspection:{inspection.id}",
        {
            "number": inspection.number, "planned_on": "2026-03-04", "team": [],
            "sheets": ["tr", "mr"], "ended_on": None, "due_on": None, "is_provisional": False,
        },
    )  # fmt: skip
    sheets = [
        RowWrite(
            "sheet",
            f"sheet:{sheet.code}",
            {
                "department": {"code": sheet.code, "name": departments[sheet.code].name},
                "lists": sheet.lists, "state": "open", "return_reason": None, "ended_on": None,
                "submitted": None, "accepted": None, "entered": None, "results": {},
                "result": None,
            },
        )
        for sheet in inspection.sheets
    ]  # fmt: skip
    write_rows(
        jurisdiction_id=made.jurisdiction_id, space=space, kind="inspection.publish",
        person_id=made.people["office"], rows=[head, *sheets], at=AT,
    )  # fmt: skip
    for name in ("wang", "li", "zhao", "qian"):
        person = made.people[name]
        write_rows(
            jurisdiction_id=made.jurisdiction_id, space=f"user:{person}", kind="assignment.add",
            person_id=made.people["office"], at=AT,
            rows=[RowWrite("assignment", f"assignment:{inspection.id}", {"space": space})],
        )  # fmt: skip
