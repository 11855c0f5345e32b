"""Use cases: departments and the other spellings under which plans name them (part 7 row 29)."""

from __future__ import annotations

import re

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from server.accounts.directory import find_department, get_department, lock_jurisdiction
from server.accounts.models import Department, DepartmentAlias
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require

MAX_NAME_CHARACTERS = 80


def add_department(actor: Actor, code: str, name: str) -> Department:
    """A body that takes part in joint inspections. Raises ``department.bad_code`` (two to twelve
    small letters), ``department.taken`` when the name or code stands for one already."""
    require(actor, Action.ORGANISATION_WRITE)
    code, name = code.strip().lower(), check_name(name)
    if not re.fullmatch(r"[a-z]{2,12}", code):
        raise fault("department.bad_code")
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        _refuse_taken(name)
        if db.session.scalar(select(Department.id).where(Department.code == code)):
            raise fault("department.taken", name=code)
        department = Department(jurisdiction_id=actor.jurisdiction_id, code=code, name=name)
        work.add(department)
        work.flush()
        _note(actor, "department.added", department, code=code, name=name)
    return department


def rename_department(actor: Actor, department_id: int, name: str, seen: str) -> None:
    """Its name now; the old one goes on standing for it as an alias, since plans and records were
    written with it. ``seen`` is the name it had for whoever renames it: raises
    ``department.changed_meanwhile`` where somebody else has renamed it since, and
    ``department.taken``."""
    require(actor, Action.ORGANISATION_WRITE)
    name = check_name(name)
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        department = get_department(department_id)
        if department.name == name:
            return
        if department.name != seen:
            raise fault("department.changed_meanwhile", name=department.name)
        holder = find_department(name)
        if holder is not None and holder.id != department.id:
            raise fault("department.taken", name=name)
        old, department.name = department.name, name
        for one in [row for row in department.aliases if row.alias == name]:
            department.aliases.remove(one)
            work.delete(one)
        department.aliases.append(_alias(actor, old))
        _note(actor, "department.renamed", department, old=old, new=name)


def add_alias(actor: Actor, department_id: int, alias: str) -> None:
    """Another spelling. Raises ``department.taken``."""
    require(actor, Action.ORGANISATION_WRITE)
    alias = check_name(alias)
    with unit_of_work():
        lock_jurisdiction(actor.jurisdiction_id)
        _refuse_taken(alias)
        department = get_department(department_id)
        department.aliases.append(_alias(actor, alias))
        _note(actor, "department.alias_added", department, alias=alias)


def remove_alias(actor: Actor, department_id: int, alias: str) -> None:
    """Whether a plan still names it is for the caller to know."""
    require(actor, Action.ORGANISATION_WRITE)
    with unit_of_work() as work:
        department = get_department(department_id)
        for one in [row for row in department.aliases if row.alias == alias]:
            department.aliases.remove(one)
            work.delete(one)
            _note(actor, "department.alias_removed", department, alias=alias)


def _alias(actor: Actor, alias: str) -> DepartmentAlias:
    return DepartmentAlias(jurisdiction_id=actor.jurisdiction_id, alias=alias)


def check_name(text: str) -> str:
    """Its words with single blanks. Raises ``department.bad_name``."""
    name = " ".join(text.split())
    if not name or len(name) > MAX_NAME_CHARACTERS:
        raise fault("department.bad_name", max=MAX_NAME_CHARACTERS)
    return name


def _refuse_taken(name: str) -> None:
    if find_department(name) is not None:
        raise fault("department.taken", name=name)


def _note(actor: Actor, event: str, department: Department, **details: object) -> None:
    write_event(
        actor.jurisdiction_id, actor.person_id, event, f"department:{department.id}", **details
    )
