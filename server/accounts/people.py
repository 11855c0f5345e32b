"""Use cases of the administrator: opening, changing and closing accounts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from domain.access import Action, Actor, Role
from domain.errors import fault
from server.accounts.departments import check_name
from server.accounts.directory import get_department, get_jurisdiction, lock_jurisdiction
from server.accounts.models import Person, PersonRole, SignInSession
from server.accounts.passwords import hash_password, make_password
from server.accounts.service import add_person
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.runtime import now

ROLES = tuple(role for role in Role if role is not Role.PUBLIC)


def find_people(actor: Actor, q: str = "", department_id: int | None = None) -> list[Person]:
    """Accounts by name of the account; ``q`` looks in account and name."""
    require(actor, Action.ACCOUNT_ADMIN)
    found = db.session.scalars(select(Person).order_by(Person.account))
    words = q.strip().lower()
    return [
        one
        for one in found
        if words in f"{one.account} {one.name}".lower()
        and department_id in (None, one.department_id)
    ]


def open_account(
    actor: Actor, account: str, name: str, department_id: int, roles: Collection[Role]
) -> str:
    """Answers the password, which is known this once. Raises as ``add_person``."""
    require(actor, Action.ACCOUNT_ADMIN)
    password = make_password()
    with unit_of_work():
        person = add_person(
            get_jurisdiction(actor.jurisdiction_id),
            get_department(department_id),
            account,
            check_name(name),
            password,
            roles,
        )
        _note(actor, "account.opened", person, roles=sorted(roles))
    return password


def change_account(
    actor: Actor, person_id: int, name: str, department_id: int, roles: Collection[Role]
) -> None:
    """Held from the person's next request on. Raises ``account.unknown``, and ``account.own`` where
    somebody would stop being an administrator by their own hand."""
    with unit_of_work():
        person = _hold(actor, person_id)
        if person.id == actor.person_id and Role.ADMIN not in roles:
            raise fault("account.own")
        person.name = check_name(name)
        person.department_id = get_department(department_id).id
        kept = [one for one in person.roles if one.role in roles]
        held = {one.role for one in kept}
        person.roles = kept + [PersonRole(role=str(one)) for one in sorted({*roles} - held)]
        _note(actor, "account.changed", person, roles=sorted(roles), department=department_id)


def renew_password(actor: Actor, person_id: int) -> tuple[Person, str]:
    """A new password, known this once; browsers that were signed in are signed out. Raises
    ``account.unknown``."""
    password = make_password()
    with unit_of_work():
        person = _hold(actor, person_id)
        person.password_hash = hash_password(password)
        _sign_out(person)
        _note(actor, "password.renewed", person)
    return person, password


def close_account(actor: Actor, person_id: int, *, is_active: bool) -> Person:
    """Closed, or open again. What a phone of the person still holds may arrive. Raises
    ``account.unknown``, ``account.own``."""
    with unit_of_work():
        person = _hold(actor, person_id)
        if person.id == actor.person_id:
            raise fault("account.own")
        if person.is_active != is_active:
            person.is_active = is_active
            _note(actor, "account.reopened" if is_active else "account.closed", person)
    return person


def _hold(actor: Actor, person_id: int) -> Person:
    require(actor, Action.ACCOUNT_ADMIN)
    lock_jurisdiction(actor.jurisdiction_id)
    person = db.session.get(Person, person_id)
    if person is None or person.jurisdiction_id != actor.jurisdiction_id:
        raise fault("account.unknown")
    return person


def _sign_out(person: Person) -> None:
    """Of browsers: a phone keeps its session, or a visit under way could not be delivered."""
    db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.person_id == person.id,
            SignInSession.device_id.is_(None),
            SignInSession.revoked_at.is_(None),
        )
        .values(revoked_at=now())
    )


def _note(actor: Actor, event: str, person: Person, **details: object) -> None:
    write_event(actor.jurisdiction_id, actor.person_id, event, f"person:{person.id}", **details)
