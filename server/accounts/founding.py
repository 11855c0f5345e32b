"""Use case: a county of one's own, its home department and who administers it (DESIGN §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.access import Role
from domain.errors import fault
from server.accounts.departments import check_name
from server.accounts.directory import list_departments
from server.accounts.models import Department, DepartmentAlias, Jurisdiction, Person
from server.accounts.passwords import make_password
from server.accounts.service import add_person
from server.audit.service import write_event
from server.db import db, scope_to, unit_of_work

HOME_CODE = "tr"
NO_CODE = "000000"


@dataclass(frozen=True, slots=True)
class Founded:
    """What is there now. ``password`` is the administrator's, known this once; None where the
    county was there before and nothing was changed."""

    county: str
    code: str
    department: str
    aliases: tuple[str, ...]
    administrators: tuple[str, ...]
    departments: int
    accounts: int
    password: str | None

    @property
    def is_new(self) -> bool:
        """Whether this call made it."""
        return self.password is not None


def found_county(
    name: str, department: str, account: str, person: str, code: str = NO_CODE
) -> Founded:
    """The installation's county, in scope afterwards, with its home department, the spellings plans
    use for that, and an administrator. Under the same name again nothing changes. Raises
    ``county.exists`` where there is another one, ``county.bad_code`` (six digits), and as
    ``add_person``."""
    name, department = check_name(name), check_name(department)
    person = check_name(person)
    if not re.fullmatch(r"\d{6}", code):
        raise fault("county.bad_code")
    with unit_of_work() as work:
        there = work.scalar(select(Jurisdiction).order_by(Jurisdiction.id).limit(1))
        if there is not None:
            if there.name != name or there.settings.get("demo"):
                raise fault("county.exists", name=there.name)
            scope_to(there.id)
            return _describe(there, None)
        county = Jurisdiction(code=code, name=name, settings={})
        work.add(county)
        work.flush()
        scope_to(county.id)
        home = Department(
            jurisdiction_id=county.id,
            code=HOME_CODE,
            name=department,
            is_home=True,
            aliases=[
                DepartmentAlias(jurisdiction_id=county.id, alias=alias)
                for alias in spellings(name, department)
            ],
        )
        work.add(home)
        work.flush()
        write_event(county.id, None, "county.founded", f"department:{home.id}", name=name)
        password = make_password()
        add_person(county, home, account, person, password, [Role.ADMIN])
        return _describe(county, password)


def spellings(county: str, department: str) -> list[str]:
    """How a county's plan tables write its own bureau: 交通运输局, 县交通运输局 and
    阳城县交通运输局 are one."""
    kind = county[-1]
    if kind not in "县市区旗":
        return []
    plain = department.removeprefix(county).removeprefix(kind)
    return [one for one in (plain, kind + plain, county + plain) if one != department]


def _describe(county: Jurisdiction, password: str | None) -> Founded:
    home = next(one for one in list_departments() if one.is_home)
    people = db.session.scalars(select(Person).order_by(Person.account)).all()
    return Founded(
        county=county.name,
        code=county.code,
        department=home.name,
        aliases=tuple(home.alias_names),
        administrators=tuple(
            one.account
            for one in people
            if one.is_active and any(held.role == Role.ADMIN for held in one.roles)
        ),
        departments=db.session.scalar(select(func.count()).select_from(Department)) or 0,
        accounts=len(people),
        password=password,
    )
