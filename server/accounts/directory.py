"""Lookups of the county, its departments and its people, for every subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from domain.access import Role
from domain.errors import fault
from server.accounts.models import Department, Jurisdiction, Person, PersonRole
from server.db import db, scope_to


def list_departments() -> list[Department]:
    """The departments in sight of this session, the home department first."""
    query = select(Department).order_by(Department.is_home.desc(), Department.id)
    return list(db.session.scalars(query))


def find_department(name: str) -> Department | None:
    """The department of this name, code or alias (domain.md part 7, row 29)."""
    for department in list_departments():
        if name in (department.name, department.code) or any(
            name == alias.alias for alias in department.aliases
        ):
            return department
    return None


def get_department(department_id: int) -> Department:
    """By id; raises NoResultFound for a stranger's."""
    return db.session.get_one(Department, department_id)


def get_jurisdiction(jurisdiction_id: int) -> Jurisdiction:
    """By id."""
    return db.session.get_one(Jurisdiction, jurisdiction_id)


def list_counties() -> list[int]:
    """All of them, for what the installation does by itself."""
    return list(db.session.scalars(select(Jurisdiction.id).order_by(Jurisdiction.id)))


def write_settings(jurisdiction_id: int, values: Mapping[str, Any]) -> None:
    """The county's own settings, whole; inside a unit of work that holds ``lock_jurisdiction``."""
    db.session.get_one(Jurisdiction, jurisdiction_id).settings = dict(values)


def find_public_county(code: str = "") -> Jurisdiction:
    """Whose public page a visitor opens: the one named by its code, else the only one there is.
    Raises ``request.not_found``. The session sees that county from here on."""
    query = select(Jurisdiction).order_by(Jurisdiction.id).limit(2)
    found = list(db.session.scalars(query.where(Jurisdiction.code == code) if code else query))
    if len(found) != 1:
        raise fault("request.not_found")
    scope_to(found[0].id)
    return found[0]


def lock_jurisdiction(jurisdiction_id: int) -> None:
    """Whoever else locks this county waits until the commit; whoever writes a row that only refers
    to it does not, or the two could wait for each other. SQLite queues writers anyway."""
    query = select(Jurisdiction.id).where(Jurisdiction.id == jurisdiction_id)
    db.session.execute(query.with_for_update(key_share=True))


def lock_department(department_id: int) -> None:
    """The same for one department."""
    query = select(Department.id).where(Department.id == department_id)
    db.session.execute(query.with_for_update(key_share=True))


def get_person(person_id: int) -> Person:
    """By id."""
    return db.session.get_one(Person, person_id)


def map_people(person_ids: Collection[int]) -> dict[int, Person]:
    """By id, those there are."""
    query = select(Person).where(Person.id.in_(person_ids))
    return {one.id: one for one in db.session.scalars(query)}


def list_holders(department_id: int, roles: Collection[Role]) -> list[int]:
    """Ids of a department's active people who hold one of these roles."""
    held = PersonRole.role.in_([str(role) for role in roles])
    query = select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    query = query.where(Person.department_id == department_id, Person.is_active.is_(True), held)
    return list(db.session.scalars(query.distinct().order_by(Person.id)))


def list_person_names(ids: Collection[int]) -> dict[int, str]:
    """Name by id."""
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {one.id: one.name for one in db.session.execute(query)}


def map_person_departments(ids: Collection[int]) -> dict[int, int]:
    """Department by person."""
    query = select(Person.id, Person.department_id).where(Person.id.in_(ids))
    return {one.id: one.department_id for one in db.session.execute(query)}


def list_people() -> list[Person]:
    """Everybody with an account, by account name."""
    return list(db.session.scalars(select(Person).order_by(Person.account)))
